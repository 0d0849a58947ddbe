"""Why customers call."""

from portal.demo.facets import FACETS
from portal.demo.people import OWNERS
from portal.demo.reasons import BY_KEY, GROUPS, LEAVES, REASONS


def test_forty_reasons_in_eight_groups() -> None:
    assert (len(GROUPS), len(LEAVES)) == (8, 40)
    assert len({reason.key for reason in REASONS}) == len({r.label for r in REASONS}) == 48


def test_every_reason_is_owned_by_the_department_of_its_group() -> None:
    assert {reason.owner for reason in REASONS} == set(OWNERS)
    assert all(BY_KEY[str(reason.parent)].owner == reason.owner for reason in LEAVES)


def test_costs_are_dated_and_rise() -> None:
    for reason in LEAVES:
        before, after = reason.costs
        assert before.valid_from < after.valid_from
        assert 0 < before.avoidable_minor < after.avoidable_minor < after.full_minor


def test_tendencies_are_shares_of_a_hundred() -> None:
    assert all(sum(reason.tendency) == 100 for reason in LEAVES)
    assert all(reason.weekly_contacts > 0 for reason in LEAVES)


def test_every_reason_has_the_phrases_its_ideas_are_made_of() -> None:
    assert set(FACETS) == {reason.key for reason in LEAVES}
