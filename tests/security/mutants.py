"""The portal with one check dropped, many times over; the matrix has to notice every one."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from flask import Flask
from sqlalchemy import select

from portal.actor import Capability
from portal.attachments import queries as files
from portal.attachments.models import Attachment
from portal.ideas import lists
from portal.ideas import queries as ideas
from portal.ideas.models import Idea
from portal.ideas.policies import is_own
from portal.paging import Keyset
from portal.people import queries as people
from portal.people import store
from portal.policy import REGISTRY, Policy
from portal.rewards.models import RedemptionState
from portal.web.access import list_routes
from tests.security.table import Row, ask, goes_wrong
from tests.security.walk import Walker

OPEN_TO_ALL = {None, Capability.READ, Capability.SUBMIT}
"""What everybody who is signed in may do."""


@dataclass(frozen=True)
class Mutant:
    """A dropped check; ``asked`` tells the rows that it may change."""

    name: str
    dropped: Callable[[], AbstractContextManager[Any]]
    asked: Callable[[Row], bool]


def survives(mutant: Mutant, walker: Walker, rows: list[Row]) -> bool:
    """Whether no cell of the table differs, and nothing hidden shows, without the check."""
    concerned = [row for row in rows if mutant.asked(row)]
    assert concerned, mutant.name
    with mutant.dropped():
        return not any(goes_wrong(answer, walker) for answer in ask(walker, concerned))


def list_mutants(app: Flask) -> list[Mutant]:
    """All of them, in an order that stays."""
    return [
        *_doors_without_capability(app),
        *_policies_that_say_yes(),
        *_policies_without_a_part(),
        *_services_that_do_not_ask(),
        *_queries_without_a_filter(),
    ]


def _doors_without_capability(app: Flask) -> Iterator[Mutant]:
    """A route that lets strangers in, or everybody who is signed in."""
    adapter = app.url_map.bind("127.0.0.1")
    for route in sorted(list_routes(app), key=lambda one: one.endpoint):
        view, says = app.view_functions[route.endpoint], route.says
        if says.is_public:
            continue

        def is_its(row: Row, endpoint: str = route.endpoint) -> bool:
            if row.method == "MAY":
                return False
            path = row.asked.partition("?")[0].format_map(Plausible())
            return bool(adapter.match(path, method=row.method)[0] == endpoint)

        wider = [None] if says.capability in OPEN_TO_ALL else [None, Capability.READ]
        for capability in wider:
            mutated = replace(says, capability=capability)
            yield Mutant(
                f"{route.endpoint} for {capability or 'strangers'}",
                lambda view=view, mutated=mutated: patch.object(view, "declaration", mutated),
                is_its,
            )


class Plausible(dict[str, str]):
    """Something of the right shape for every word of an address."""

    def __missing__(self, word: str) -> str:
        if word.endswith(("_id", "_file", "_view", "_sitting")):
            return "1"
        letters = {"insight": "N", "metric": "M", "item": "item", "link": "link"}
        orders = dict.fromkeys(("requested", "approved", "fulfilled", "dear", "own"), "R")
        letter = (letters | orders).get(word, "I")
        return f"{letter}-1" if len(letter) == 1 else letter


def _asks(name: str) -> Callable[[Row], bool]:
    return lambda row: row.policy == name


def _ruled(name: str, rule: Callable[..., bool]) -> Callable[[], AbstractContextManager[Any]]:
    return lambda: patch.object(policy_of(name), "rule", rule)


def policy_of(name: str) -> Policy[...]:
    """The policy that the table calls ``Kind.action``."""
    return next(
        made for (kind, action), made in REGISTRY.items() if name == f"{kind.__name__}.{action}"
    )


def _policies_that_say_yes() -> Iterator[Mutant]:
    for kind, action in REGISTRY:
        name = f"{kind.__name__}.{action}"
        yield Mutant(f"{name} is always yes", _ruled(name, lambda *_a, **_f: True), _asks(name))


def _anywhere(capability: Capability) -> Callable[..., bool]:
    return lambda actor, *_things, **_facts: actor.can(capability)


def _without(name: str, **facts: Any) -> Callable[..., bool]:
    """The rule as it is, but told nothing of some facts."""
    rule = policy_of(name).rule
    return lambda actor, thing, **given: rule(actor, thing, **(given | facts))


def _untied(**nothing: Any) -> Callable[..., bool]:
    rule = policy_of("Ties.sign").rule
    return lambda actor, ties: rule(actor, replace(ties, **nothing))


def _parts() -> dict[str, tuple[str, Callable[..., bool]]]:
    """What is dropped: the policy it is a part of, and the policy without it."""
    empty: frozenset[int] = frozenset()
    read_note = policy_of("Idea.note").rule
    return {
        "a draft is its writer's": ("Idea.edit", lambda _actor, idea: idea.submitted_at is None),
        "only a draft is rewritten": ("Idea.edit", is_own),
        "nobody supports their own": ("Idea.support", _anywhere(Capability.SUBMIT)),
        "authors do not decide": ("Idea.decide", _without("Idea.decide", author_ids=empty)),
        "authors do not hand on": ("Idea.transfer", _without("Idea.transfer", author_ids=empty)),
        "deciding is the department's": ("Idea.decide", _anywhere(Capability.TRIAGE)),
        "handing on is the department's": ("Idea.transfer", _anywhere(Capability.TRIAGE)),
        "promising is the department's": ("Idea.promise", _anywhere(Capability.DELIVER)),
        "closing is the department's": ("Idea.close", _anywhere(Capability.TRIAGE)),
        "claiming is the department's": ("Idea.claim", _anywhere(Capability.DELIVER)),
        "the one named reports": ("Idea.report", _without("Idea.report", person_id=0)),
        "weeks are the department's": ("Metric.record", _anywhere(Capability.MEASURE)),
        "metrics are the department's": ("Department.measure", _anywhere(Capability.MEASURE)),
        "analysing is the department's": ("Idea.analyse", _anywhere(Capability.DELIVER)),
        "signing is for outsiders": ("Ties.sign", _untied(home_path=None)),
        "no role for oneself": ("Person.grant", _anywhere(Capability.ADMINISTER)),
        "nobody closes their own": ("Person.close", _anywhere(Capability.ADMINISTER)),
        "no yes to a superior": (
            "Redemption.approve",
            _without("Redemption.approve", superiors=empty),
        ),
        "no yes to oneself": ("Redemption.approve", _anywhere(Capability.FULFIL)),
        "two people for what is dear": ("Redemption.fulfil", _anywhere(Capability.FULFIL)),
        "taking back ends with the yes": (
            "Redemption.refund",
            lambda actor, order: actor.id == order.person_id or actor.can(Capability.FULFIL),
        ),
        "orders are handed over once approved": (
            "Redemption.receive",
            lambda actor, order: (
                actor.can(Capability.FULFIL) and order.state is RedemptionState.FULFILLED
            ),
        ),
        "authors read no notes": (
            "Idea.note",
            lambda actor, idea, **facts: (
                policy_of("Idea.decide").rule(actor, idea, frozenset())
                or read_note(actor, idea, **(facts | {"author_ids": empty}))
            ),
        ),
        "supporters read no notes": ("Idea.note", _without("Idea.note", supporter_ids=empty)),
        "a note names reviewers": (
            "Idea.note",
            lambda actor, idea, author_ids, supporter_ids, mentioned_ids: (
                actor.id in mentioned_ids - author_ids - supporter_ids
            ),
        ),
        "authors ask nobody for parts": (
            "Idea.ask_for_part",
            _without("Idea.ask_for_part", author_ids=empty),
        ),
        "authors settle no part": (
            "Contribution.settle",
            _without("Contribution.settle", author_ids=empty),
        ),
        "a part is the department's": ("Contribution.settle", _anywhere(Capability.TRIAGE)),
        "asking for parts is the department's": (
            "Idea.ask_for_part",
            _anywhere(Capability.TRIAGE),
        ),
        "a department says itself how it reviews": ("ReviewRule.set", _anywhere(Capability.TRIAGE)),
        "nobody corrects their own": ("Account.correct", _anywhere(Capability.FULFIL)),
    }


def _policies_without_a_part() -> Iterator[Mutant]:
    for part, (name, rule) in _parts().items():
        yield Mutant(f"{name} without: {part}", _ruled(name, rule), _asks(name))


ASKED_AT = {
    "Idea.withdraw": "/ideas/{triage}/withdraw",
    "Idea.support": "/ideas/{triage}/support",
    "Idea.answer": "/ideas/{asked}/answer",
    "Idea.promise": "/ideas/{accepted}/commit",
    "Idea.report": "/ideas/{begun}/progress",
    "Idea.close": "/ideas/{live}/close",
    "Implementation.confirm": "/ideas/{live}/confirm",
    "Idea.claim": "/impact/{measured}/claim",
    "Idea.analyse": "/impact/{measured}/analyse",
    "Metric.record": "/metrics/{metric}/points",
    "Attachment.remove": "/ideas/{triage}/files/{triage_file}/remove",
    "Redemption.approve": "/rewards/redemptions/{own}/approve",
    "Redemption.fulfil": "/rewards/redemptions/{dear}/fulfil",
    "Redemption.receive": "/rewards/redemptions/{fulfilled}/receive",
    "Redemption.refund": "/rewards/redemptions/{approved}/refund",
}
"""A door behind which a service, and nobody before it, asks the policy."""


def _services_that_do_not_ask() -> Iterator[Mutant]:
    for name, door in ASKED_AT.items():
        yield Mutant(
            f"nobody asks {name}",
            lambda name=name: patch.object(policy_of(name), "require", lambda *_a, **_f: None),
            lambda row, door=door: (row.method, row.asked) == ("POST", door),
        )


def _queries_without_a_filter() -> Iterator[Mutant]:
    by_number = select(Idea).where(Idea.number == ideas._VISIBLE.whereclause.clauses[0].right)
    yield Mutant(
        "drafts are there for everybody",
        lambda: patch.object(ideas, "_VISIBLE", by_number),
        lambda row: "{draft}" in row.asked,
    )
    everything = Keyset(lists._ROWS, (Idea.created_at.desc(), Idea.id.desc()))
    for address in ("/ideas", "/ideas?state=drafts"):
        yield Mutant(
            f"{address} lists everything",
            lambda: patch.object(lists, "keyset", lambda *_shape, **_more: everything),
            lambda row, address=address: row.asked == address,
        )
    any_file = select(Attachment).where(Attachment.id == files._ONE.whereclause.clauses[-1].right)
    yield Mutant(
        "a file is found below any idea",
        lambda: patch.object(files, "_ONE", any_file),
        lambda row: row.asked == "/ideas/{triage}/files/{draft_file}",
    )
    yield Mutant(
        "a session never ends",
        lambda: patch.object(store, "is_alive", lambda *_times, **_more: True),
        lambda row: row.asked == "/me",
    )
    yield Mutant(
        "a closed account goes on",
        lambda: patch.object(people, "_BY_SESSION", _also_closed()),
        lambda row: row.asked == "/me",
    )


def _also_closed() -> Any:
    """The statement behind a session, without the condition on the account."""
    statement = people._BY_SESSION._clone()
    kept = [each for each in statement._where_criteria if "is_active" not in str(each)]
    assert len(kept) == len(statement._where_criteria) - 1
    statement._where_criteria = tuple(kept)
    return statement
