"""Every route says who may open it, and one that does not stops the start."""

import pytest
from flask import Flask

from portal.actor import Capability
from portal.web.access import PUBLIC, refuse_undeclared
from tests.support.client import Client

OPEN_TO_STRANGERS = {
    "operations.csp_report",
    "operations.healthz",
    "operations.readyz",
    "people.link",
    "people.make_administrator",
    "people.sign_in",
    "people.sign_out",
    "people.use_link",
    "static",
}


@pytest.mark.threat(19)
def test_every_route_names_its_capability(app: Flask) -> None:
    access = {name: getattr(view, "access", None) for name, view in app.view_functions.items()}
    assert all(need == PUBLIC or isinstance(need, Capability) for need in access.values())
    assert {name for name, need in access.items() if need == PUBLIC} == OPEN_TO_STRANGERS


@pytest.mark.threat(19)
def test_a_route_without_a_capability_stops_the_start() -> None:
    app = Flask("careless", static_folder=None)
    app.add_url_rule("/undeclared", "undeclared", lambda: "")
    with pytest.raises(RuntimeError, match="/undeclared"):
        refuse_undeclared(app)


def test_a_stranger_is_sent_to_sign_in_from_every_page(app: Flask, client: Client) -> None:
    pages = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or set())
        and not rule.arguments
        and rule.endpoint not in OPEN_TO_STRANGERS
    ]
    assert pages
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 303, address
        assert answer.location.startswith("/sign-in?next="), address
