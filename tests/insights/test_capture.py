"""Checking, normalising and masking before anything is stored."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.errors import RuleBroken
from portal.insights.capture import MAX_TEXT, NewInsight, findings, make_ready
from portal.insights.models import Friction
from portal.masking import describe
from portal.now import now

CARD = "4111 1111 1111 1111"


def test_every_text_is_masked_and_counted() -> None:
    ready = make_ready(
        NewInsight(
            text=f"She read me {CARD}.",
            expected=f"To pay with {CARD}",
            segment=f"vip {CARD}",
            moment="write to anna@customer.example",
        )
    )
    texts = (ready.new.text, ready.new.expected, ready.new.segment, ready.new.moment)
    assert not any("4111" in (text or "") or "anna" in (text or "") for text in texts)
    assert ready.masked == {"card": 3, "email": 1}
    assert describe(findings(ready.masked)).startswith("We masked 3 card numbers")


def test_a_reference_that_is_a_card_number_is_kept_as_its_hash() -> None:
    first, again, other = (
        make_ready(NewInsight(text="x", external_id=external_id)).new.external_id
        for external_id in (CARD, CARD, "4012 8888 8888 1881")
    )
    assert first == again != other
    assert first is not None
    assert first.startswith("sha256-")


def test_an_ordinary_reference_is_kept() -> None:
    assert make_ready(NewInsight(text="x", external_id=" call 17 ")).new.external_id == "call 17"


@pytest.mark.parametrize(
    ("new", "field"),
    [
        (NewInsight(text=" \n\t "), "text"),
        (NewInsight(text="x" * (MAX_TEXT + 1)), "text"),
        (NewInsight(text="x", expected="x" * 2_001), "expected"),
        (NewInsight(text="x", segment="x" * 61), "segment"),
        (NewInsight(text="x", moment="x" * 61), "moment"),
        (NewInsight(text="x", external_id="x" * 121), "external_id"),
        (NewInsight(text="x", severity=5), "severity"),
        (NewInsight(text="x", severity=0), "severity"),
        (NewInsight(text="x", minutes=-1), "minutes"),
        (NewInsight(text="x", minutes=1_441), "minutes"),
        (NewInsight(text="x", occurred_at=now() + timedelta(days=1)), "occurred_at"),
        (NewInsight(text="x", occurred_at=datetime(1999, 12, 31, tzinfo=UTC)), "occurred_at"),
    ],
)
def test_a_broken_rule_names_its_field(new: NewInsight, field: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        make_ready(new)
    assert caught.value.field == field


def test_a_character_that_no_keyboard_writes_is_refused() -> None:
    with pytest.raises(RuleBroken, match="cannot be kept"):
        make_ready(NewInsight(text="a\x00b"))


def test_friction_is_kept_once_each_in_the_order_given() -> None:
    given = [Friction.TRANSFER, Friction.POLICY, Friction.TRANSFER]
    ready = make_ready(NewInsight(text="x", friction=given))
    assert ready.new.friction == (Friction.TRANSFER, Friction.POLICY)
