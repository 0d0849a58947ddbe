"""Every route says what it is, and one that does not stops the start."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from portal.actor import Capability
from portal.web.access import (
    SAFE,
    Csrf,
    list_routes,
    public,
    refuse_undeclared,
    requires,
)
from portal.web.rates import LIMITS, Rate
from tests.support.client import Client

OPEN_TO_STRANGERS = {
    "anonymous.about_person",
    "anonymous.follow_up",
    "anonymous.idea",
    "anonymous.insight",
    "anonymous.masked",
    "anonymous.say",
    "notifications.end_digests",
    "notifications.no_digests",
    "operations.csp_report",
    "operations.healthz",
    "operations.readyz",
    "people.code",
    "people.link",
    "people.make_administrator",
    "people.sign_in",
    "people.sign_out",
    "people.use_link",
    "static",
}
WITHOUT_TOKEN = {"operations.csp_report", "notifications.end_digests"}
"""What no page of ours sends: browsers' reports, and a mail program's one click."""
NOT_COUNTED = {
    "anonymous.follow_up",
    "anonymous.idea",
    "anonymous.insight",
    "anonymous.masked",
    "anonymous.say",
    "people.code",
    "people.make_administrator",
    "people.prove",
    "people.sign_in",
    "people.sign_out",
    "people.use_link",
}
"""What has a brake of its own, takes away more than it makes, or only answers."""
KEEPS_NOTHING = {
    "anonymous.follow_up",
    "anonymous.masked",
    "ideas.similar",
    "pages.masked",
    "routing.suggestions",
}
"""What only shows, by POST because what it is asked with stands in no address."""


@pytest.mark.threat(19)
def test_every_route_says_what_it_is(app: Flask) -> None:
    routes = list_routes(app)
    assert len(routes) == len(list(app.url_map.iter_rules()))
    assert {each.endpoint for each in routes if each.says.is_public} == OPEN_TO_STRANGERS
    assert {each.endpoint for each in routes if each.csrf is Csrf.NONE} == WITHOUT_TOKEN
    for route in routes:
        assert route.methods <= {*SAFE, "POST"}, route.rule
        assert (route.csrf is Csrf.SAFE) == route.is_safe, route.rule


@pytest.mark.threat(55)
def test_every_route_that_changes_something_is_counted(app: Flask) -> None:
    unsafe = [each for each in list_routes(app) if not each.is_safe]
    free = {each.endpoint for each in unsafe if each.rate not in LIMITS}
    assert free == NOT_COUNTED | WITHOUT_TOKEN


@pytest.mark.threat(68)
def test_every_route_that_changes_something_names_what_the_audit_log_keeps(app: Flask) -> None:
    unsafe = [each for each in list_routes(app) if not each.is_safe]
    assert {each.endpoint for each in unsafe if not each.audit} == {
        "operations.csp_report"
    } | KEEPS_NOTHING


@pytest.mark.threat(50)
def test_what_makes_things_or_moves_points_takes_a_forms_key(app: Flask) -> None:
    assert {each.endpoint for each in list_routes(app) if each.says.takes_key} == {
        "ideas.comment",
        "ideas.new",
        "insights.new",
        "rewards.redeem",
    }


CARELESS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "nothing": (lambda view: view, "neither @requires nor @public"),
    "no audit tag": (requires(Capability.READ, rate=Rate.CHANGE), "no audit tag"),
    "no rate class": (requires(Capability.READ, audit="idea.sold"), "no rate class"),
    "neither": (requires(Capability.READ), "no audit tag, no rate class"),
    "neither, for strangers": (public, "no audit tag, no rate class"),
    "only reads": (requires(Capability.READ, audit="idea.sold", rate=Rate.READ), "only reads"),
    "a sentence": (requires(Capability.READ, audit="It is sold", rate=Rate.CHANGE), "thing.done"),
}


@pytest.mark.threat(19)
@pytest.mark.parametrize("what", CARELESS)
def test_a_route_that_says_too_little_stops_the_start(what: str) -> None:
    declare, missing = CARELESS[what]
    app = Flask("careless", static_folder=None)
    app.add_url_rule("/sell/<int:number>", "sell", declare(lambda number: ""), methods=["POST"])
    with pytest.raises(RuntimeError, match="/sell/<int:number>") as refusal:
        refuse_undeclared(app)
    assert missing in str(refusal.value)


def test_a_stranger_is_sent_to_sign_in_from_every_page(app: Flask, client: Client) -> None:
    pages = [
        route.rule
        for route in list_routes(app)
        if "GET" in route.methods and "<" not in route.rule and not route.says.is_public
    ]
    assert pages
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 303, address
        assert answer.location.startswith("/sign-in?next="), address
