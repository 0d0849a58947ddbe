"""The gate: headers on every answer, clean input, refusals that keep what was typed."""

import pytest

from portal.database import writing
from portal.people.models import Person
from portal.web.answers import own_path
from portal.web.headers import CSP
from tests.factories.people import make_person
from tests.support.client import Client


@pytest.fixture
def reader(client: Client) -> Person:
    """Somebody signed in."""
    with writing():
        person = make_person()
    client.sign_in(person)
    return person


@pytest.mark.threat(28)
@pytest.mark.parametrize(
    "address", ["/", "/sign-in", "/people", "/nowhere", "/static/css/base.css", "/healthz"]
)
def test_every_answer_carries_the_headers(client: Client, reader: Person, address: str) -> None:
    headers = client.get(address).headers
    assert headers["Content-Security-Policy"] == CSP
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    if not address.startswith("/static"):
        assert headers["Cache-Control"] == "no-store"
        assert {"Cookie", "HX-Request"} <= set(headers["Vary"].replace(" ", "").split(","))


@pytest.mark.threat(87)
@pytest.mark.parametrize(
    "address",
    ["/people?x=%00", "/%ff", "/people?" + "a" * 3000, "/people?%01=1"],
)
def test_hostile_addresses_get_a_readable_refusal(
    client: Client, reader: Person, address: str
) -> None:
    answer = client.get(address)
    assert 400 <= answer.status_code < 500
    assert answer.text.count("<h1") == 1


def test_a_hostile_field_is_named(client: Client, reader: Person) -> None:
    answer = client.post("/sign-out", {"why": "a\x00b"})
    assert answer.status_code == 400
    assert "The field why" in answer.text


@pytest.mark.threat(31)
def test_an_expired_session_answers_htmx_with_401_and_a_fragment(client: Client) -> None:
    answer = client.get("/people", HX_Request="true")
    assert answer.status_code == 401
    assert "<html" not in answer.text
    assert 'id="error"' in answer.text


@pytest.mark.threat(31)
def test_what_was_typed_comes_back_masked_after_the_session_ended(
    client: Client, reader: Person
) -> None:
    token = client.token()
    client.http.delete_cookie("sid", domain="127.0.0.1")
    data = {"csrf_token": token, "problem": "Card 4111 1111 1111 1111 was <charged> twice"}
    answer = client.http.post(
        "/people",
        data=data,
        headers={"Origin": "http://127.0.0.1:8000"},
        base_url="http://127.0.0.1:8000",
    )
    assert answer.status_code in {401, 405}
    assert "&lt;charged&gt; twice" in answer.text
    assert "4111 1111" not in answer.text


@pytest.mark.threat(32)
@pytest.mark.parametrize(
    "address",
    [
        "/\\evil.com",
        "///evil.com",
        "//evil.com",
        "\\\\evil.com",
        "/\t/evil.com",
        "javascript:x",
        "https://evil.com",
        "",
        None,
        "evil",
        "/ok\n",
        "/%0d",
    ],
)
def test_only_a_path_of_ours_is_followed(address: str | None) -> None:
    assert own_path(address) in {"/", "/%0d"}


def test_an_unknown_page_says_so_with_one_heading(client: Client, reader: Person) -> None:
    answer = client.get("/ideas/I-999999")
    assert answer.status_code == 404
    assert answer.text.count("<h1") == 1
    assert "nothing here that you can see" in answer.text
