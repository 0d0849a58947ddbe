"""Ordered rules: what they ask, and what they find in a text."""

import pytest

from portal.routing.rules import (
    Conditions,
    Facts,
    Kind,
    Rule,
    first_hit,
    met_words,
    prepare,
    read_conditions,
    trim,
)

BILL = Facts(
    kind=Kind.INSIGHT,
    text="She waits for her Crédit  Note, and a REFUND; nobody refunded her.",
    reason_path="/3/17/",
    author_path="/1/4/",
    channel="phone",
    lens="customer",
    control="ours",
    demand_type="failure",
    severity=3,
    segment="New Customer",
    moment="first bill",
    friction=("policy", "transfer"),
)


def rule(number: int = 1, **asked: object) -> Rule:
    """A rule that asks this."""
    return prepare(Rule(number, f"Rule {number}", 7, "Billing", Conditions(**asked)))


@pytest.mark.parametrize(
    ("asked", "fits"),
    [
        ({"kind": "insight"}, True),
        ({"kind": "idea"}, False),
        ({"reason_ids": (3,)}, True),
        ({"reason_ids": (17, 9)}, True),
        ({"reason_ids": (1,)}, False),
        ({"department_ids": (1,)}, True),
        ({"department_ids": (5,)}, False),
        ({"channels": ("chat", "phone")}, True),
        ({"channels": ("chat",)}, False),
        ({"lenses": ("business",)}, False),
        ({"controls": ("ours",)}, True),
        ({"demand_types": ("value",)}, False),
        ({"severity": 3}, True),
        ({"severity": 4}, False),
        ({"friction": ("policy",)}, True),
        ({"friction": ("menu maze",)}, False),
        ({"segments": ("new customer",)}, True),
        ({"segments": ("customer",)}, False),
        ({"moments": ("First Bill",)}, True),
        ({"moments": ("moving home",)}, False),
        ({"channels": ("phone",), "severity": 4}, False),
        ({}, True),
    ],
)
def test_every_field_that_asks_something_must_fit(asked: dict[str, object], fits: bool) -> None:
    assert (met_words(rule(**asked), BILL) is not None) is fits


@pytest.mark.parametrize(
    ("words", "mode", "met"),
    [
        (("refund", "meter"), "any", ("refund",)),
        (("refund", "meter"), "all", None),
        (("refund", "credit note"), "all", ("refund", "credit note")),
        (("CREDIT NÓTE",), "any", ("CREDIT NÓTE",)),
        (("note credit",), "any", None),
        (("fund",), "any", None),
        (("refunds",), "any", None),
    ],
)
def test_words_are_met_whole_without_case_and_accents(
    words: tuple[str, ...], mode: str, met: tuple[str, ...] | None
) -> None:
    assert met_words(rule(words=words, words_mode=mode), BILL) == met


def test_what_an_item_does_not_say_never_fits() -> None:
    hidden = Facts(kind=Kind.IDEA, text="a refund")
    for asked in (
        {"department_ids": (1,)},
        {"reason_ids": (3,)},
        {"channels": ("phone",)},
        {"severity": 1},
        {"segments": ("tenant",)},
    ):
        assert met_words(rule(**asked), hidden) is None


def test_the_first_rule_that_fits_decides() -> None:
    rules = [rule(1, words=("meter",)), rule(2, words=("refund",)), rule(3)]
    hit = first_hit(rules, BILL)
    assert hit is not None
    assert (hit.rule.id, hit.words) == (2, ("refund",))
    assert first_hit(rules[:1], BILL) is None


def test_conditions_come_back_from_their_stored_form() -> None:
    asked = Conditions(reason_ids=(3, 4), severity=2, words=("refund",), words_mode="all")
    stored = {**asked.as_dict(), "of_a_later_version": 1}
    assert read_conditions({**stored, "reason_ids": [3, 4], "words": ["refund"]}) == asked


def test_only_a_rule_that_asks_nothing_is_open() -> None:
    assert Conditions().is_open
    assert Conditions(words_mode="all").is_open
    assert not Conditions(severity=1).is_open


def test_a_retired_reason_and_a_closed_department_are_passed_over() -> None:
    asked = Conditions(reason_ids=(3, 4), department_ids=(1, 2))
    trimmed = trim(asked, open_ids={1}, retired_ids={4})
    assert trimmed == Conditions(reason_ids=(3,), department_ids=(1,))


def test_a_rule_never_grows_open_because_what_it_named_is_gone() -> None:
    assert trim(Conditions(reason_ids=(4,)), open_ids={1}, retired_ids={4}) is None
    assert trim(Conditions(department_ids=(2,)), open_ids={1}, retired_ids=()) is None
