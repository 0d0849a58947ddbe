"""The door: which hosts the portal answers to, which proxies it believes, https alone."""

from dataclasses import replace

import pytest
from flask import Flask, request

from portal.app import create_app
from portal.config import Config
from portal.database import Database
from portal.web.access import public
from portal.web.headers import HSTS, hostname
from tests.support.client import ORIGIN, Client

NOT_THERE = (
    *("/metrics", "/openapi.json", "/docs", "/debug", "/console", "/.git/config", "/.env"),
    *("/server-status", "/admin", "/static/", "/static/../wsgi.py", "/static/%2e%2e/wsgi.py"),
)


@pytest.mark.threat(35)
@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "127.0.0.1.evil.example", "evil.example:8000", "127.0.0.1@evil.example"),
        *("127.0.0.1:8000@evil.example", "127.0.0.1/evil", "127.0.0.1#", "127.0.0.1 evil", "[::1"),
        *("localhost:x", "localhost:99999", "0x7f.1", "2130706433", "127.1", "①②⑦.⓪.⓪.①", "::1"),
        *("localhost\tevil", "localhost,evil.example", "localhost?", "..", "*", "localhost."),
    ],
)
def test_a_host_that_is_not_ours_is_refused_before_anything_is_read(
    app: Flask, client: Client, host: str
) -> None:
    sent = {"Host": host.encode().decode("latin-1")}
    for path in ("/sign-in", "/people", "/static/css/base.css", "/nowhere"):
        answer = client.http.get(path, headers=sent, base_url=ORIGIN)
        assert answer.status_code == 400, path
        assert "evil" not in answer.text


@pytest.mark.threat(35)
def test_health_is_told_under_any_name(client: Client) -> None:
    for path in ("/healthz", "/readyz"):
        assert client.http.get(path, headers={"Host": "10.0.0.7:8000"}).status_code == 200


@pytest.mark.threat(35)
def test_no_header_moves_a_link_elsewhere(client: Client) -> None:
    plain = client.http.get("/people", base_url=ORIGIN)
    for name in ("X-Forwarded-Host", "X-Host", "Forwarded", "X-Original-URL", "X-Rewrite-URL"):
        answer = client.http.get(
            "/people", headers={name: "host=evil.example, evil.example"}, base_url=ORIGIN
        )
        assert answer.location == plain.location == "/sign-in?next=/people"
        assert "evil.example" not in answer.text


def test_a_name_is_read_without_its_port() -> None:
    assert hostname("Ideas.Example.com:8443") == "ideas.example.com"
    assert hostname("[::1]:8000") == "::1"


def _peer(app: Flask, **headers: str) -> tuple[str | None, bool]:
    """What the app believes about who asks and how, for one request."""
    seen: list[tuple[str | None, bool]] = []

    def look() -> str:
        seen.append((request.remote_addr, request.is_secure))
        return ""

    app.view_functions["operations.healthz"] = public(look)
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    app.test_client().get("/healthz", base_url=ORIGIN, headers=given)
    return seen[0]


@pytest.mark.threat(36)
def test_proxy_headers_are_read_from_as_many_proxies_as_are_trusted(
    config: Config, database: Database
) -> None:
    spoof = {"X_Forwarded_For": "1.1.1.1, 2.2.2.2", "X_Forwarded_Proto": "https"}
    untrusting = create_app(config, database)
    assert _peer(untrusting, **spoof) == ("127.0.0.1", False)
    one = create_app(replace(config, trusted_proxies=1), database)
    assert _peer(one, **spoof) == ("2.2.2.2", True)
    two = create_app(replace(config, trusted_proxies=2), database)
    assert _peer(two, **spoof)[0] == "1.1.1.1"


@pytest.mark.threat(28, 35)
def test_over_https_only_the_public_name_is_served_and_browsers_are_told_to_stay(
    config: Config, database: Database
) -> None:
    public = replace(
        config, public_url="https://ideas.example.com", trusted_hosts=("ideas.internal",)
    )
    browser = create_app(public, database).test_client()
    for host, status in {
        "ideas.example.com": 200,
        "IDEAS.example.com:443": 200,
        "ideas.internal": 200,
        "localhost": 400,
        "example.com": 400,
    }.items():
        answer = browser.get("/sign-in", headers={"Host": host})
        assert answer.status_code == status, host
        assert answer.headers["Strict-Transport-Security"] == HSTS


@pytest.mark.threat(94)
def test_health_says_one_word_and_nothing_else_is_open(app: Flask, client: Client) -> None:
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ready\n"
    for path in NOT_THERE:
        answer = client.get(path)
        assert answer.status_code in {303, 404}, path
        assert "Traceback" not in answer.text
