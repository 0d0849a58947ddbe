"""Where ``next=`` may lead: to a path of ours, whatever is put there."""

from itertools import product
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from portal.database import writing
from portal.web.answers import own_path
from tests.factories.people import make_person
from tests.support.client import ORIGIN, Client

SLASHES = (
    *("//", "///", "////", "/\\", "\\/", "\\\\", "/\t/", "/\n/", "/\r/", "/ /", "\t//", " //"),
    *("/\\/", "/\\\\", "\\", "/\x00/", "/\x0b/", "/\x1f/", "/\x7f/", "/\x85/", "/\xa0/"),
    *("/\u2028/", "/\u200b/", "/\u202e/", "/\ufeff/", "/\u3000/", "/.//", "/..//"),
)
HOSTS = ("evil.example", "evil.example/x", "user@evil.example", "[::1]", "127.0.0.1@evil.example")
SCHEMES = (
    *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,x"),
    *("vbscript:x", "file:///etc/passwd", "http:evil.example", "https:evil.example", "blob:x"),
    *("http://evil.example", "https://evil.example", "HTTP://EVIL.example", "ftp://evil.example"),
    *("http:///evil.example", "http:\\\\evil.example", "//evil.example", "mailto:a@b", ":", "?"),
    *("#", "evil", "evil.example", "..", ".", "~", "%2f%2fevil.example", "&sol;&sol;evil.example"),
    *("/\\evil.com", "///evil.com", "\\\\evil.com", "/\t/evil.com", "\x01//evil.com", "｡｡", ""),
    *("https://127.0.0.1:8000@evil.example", "http://127.0.0.1:8000.evil.example", "／／evil", "@"),
)
VECTORS = sorted({*SCHEMES, *map("".join, product(SLASHES, HOSTS)), *(f" {s}" for s in SCHEMES)})
SIGNS = st.sampled_from([*"/\\:@?#.%[]", *"\t\r\n \x00\x7f\x85\u2028\u202e", *"eh1:", "evil.test"])


def leads_elsewhere(path: str) -> bool:
    """As browsers read it: backslashes are slashes, tabs and line ends are not there (WHATWG)."""
    read = path.strip("".join(map(chr, range(33))))
    read = "".join(sign for sign in read if sign not in "\t\r\n").replace("\\", "/")
    return urlsplit(urljoin(f"{ORIGIN}/here", read)).netloc != "127.0.0.1:8000"


@pytest.mark.threat(32)
def test_no_vector_leads_elsewhere() -> None:
    assert len(VECTORS) >= 200
    followed = {vector: own_path(vector) for vector in VECTORS if own_path(vector) != "/"}
    assert {v: p for v, p in followed.items() if leads_elsewhere(p) or not p.isprintable()} == {}
    assert followed.keys() <= {"/.//" + host for host in HOSTS} | {"/..//" + h for h in HOSTS}


@pytest.mark.threat(32)
@given(st.lists(SIGNS, max_size=12).map("".join))
@settings(deadline=None, max_examples=200)
def test_nothing_that_can_be_typed_leads_elsewhere(typed: str) -> None:
    for given_path in (typed, f"/{typed}"):
        followed = own_path(given_path)
        assert not leads_elsewhere(followed)
        assert followed in {given_path, "/"}


@pytest.mark.threat(32)
@pytest.mark.parametrize("path", ["/", "/ideas?mine=y&state=a#x", "/ideas/I-7", "/ä?q=%2F%2Fx"])
def test_a_path_of_ours_is_followed(path: str) -> None:
    assert own_path(path) == path


@pytest.mark.threat(32)
def test_no_answer_sends_anybody_elsewhere(app: Flask, client: Client) -> None:
    with writing():
        person = make_person()
    client.sign_in(person)
    for vector in VECTORS[::3]:
        _check(client.http.get("/sign-in", query_string={"next": vector}, base_url=ORIGIN), vector)
    for vector in VECTORS[::30]:
        answer = client.post("/sign-out", {"next": vector}, HX_Request="true", HX_Current_URL="//x")
        _check(answer, vector)


def _check(answer: TestResponse, vector: str) -> None:
    for name in ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url"):
        assert not leads_elsewhere(answer.headers.get(name, "/")), f"{name} after {vector!r}"
