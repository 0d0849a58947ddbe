"""Who gets an item, and why."""

import pytest

from portal.demand.owners import by_reason
from portal.routing.matching import (
    because_handed_on,
    because_orphan,
    because_returned,
    choose_handler,
    common_superior,
    explain,
)

HEAD, DEPUTY, SUPERIOR = 1, 2, 3


@pytest.mark.parametrize(
    ("authors", "expected"),
    [
        ((), HEAD),
        ((9,), HEAD),
        ((HEAD,), DEPUTY),
        ((HEAD, DEPUTY), SUPERIOR),
        ((HEAD, DEPUTY, SUPERIOR), None),
    ],
)
def test_nobody_decides_on_an_idea_they_had_a_part_in(
    authors: tuple[int, ...], expected: int | None
) -> None:
    assert choose_handler([(HEAD, DEPUTY), (SUPERIOR, None)], authors) == expected


def test_a_department_without_a_head_is_answered_for_by_its_deputy() -> None:
    assert choose_handler([(None, DEPUTY), (SUPERIOR, None)], ()) == DEPUTY


@pytest.mark.parametrize(
    ("path", "other", "expected"),
    [
        ("/1/4/", "/1/5/", 1),
        ("/1/4/7/", "/1/4/8/", 4),
        ("/1/4/", "/1/4/8/", 4),
        ("/1/4/", "/1/40/", 1),
        ("/1/", "/2/", None),
    ],
)
def test_the_common_superior_is_the_lowest_department_above_both(
    path: str, other: str, expected: int | None
) -> None:
    assert common_superior(path, other) == common_superior(other, path) == expected


def test_every_way_to_a_desk_is_explained_in_a_sentence() -> None:
    orphan = {"rule": "orphan", "reason": None, "department": "Board"}
    reason = by_reason("Bill unclear", "Billing")
    assert "Billing because the contact reason" in explain(reason)
    assert because_orphan(reason, "Lena Brandt") == reason
    assert explain(because_orphan(orphan, "Lena Brandt")) == (
        "Nobody owns this yet, so it is with Lena Brandt."
    )
    assert explain(because_returned("Metering", "Billing")) == (
        "Back to Billing because Metering returned it."
    )
    assert explain(because_handed_on("Billing", "Metering", "Metering")) == (
        "To Metering because Billing handed it on."
    )
    assert explain(because_handed_on("Billing", "Board", "Metering")) == (
        "To Board, which stands above Billing and Metering: it was handed on twice."
    )
    assert explain({}) == ""
