"""Adding, pricing and giving away contact reasons."""

from datetime import date

import pytest

from portal.actor import PROGRAM
from portal.database import Database, writing
from portal.demand import queries, services
from portal.demand.owners import explain
from portal.errors import NotAllowed, NotFound, RuleBroken
from tests.factories.demand import make_reason
from tests.factories.people import (
    actor_of,
    make_department,
    make_headed_department,
    make_person,
)


def test_reasons_are_listed_as_a_tree_with_siblings_by_name(database: Database) -> None:
    with writing():
        bills = make_reason("Bills")
        make_reason("Visits")
        late = make_reason("Late", parent=bills)
        make_reason("Estimated", parent=bills)
        make_reason("Very late", parent=late)
    assert [(row.depth, row.label) for row in queries.list_reasons()] == [
        (0, "Bills"),
        (1, "Bills › Estimated"),
        (1, "Bills › Late"),
        (2, "Bills › Late › Very late"),
        (0, "Visits"),
    ]


def test_the_reasons_below_one_are_found_from_the_rows(database: Database) -> None:
    with writing():
        bills = make_reason("Bills")
        late = make_reason("Late", parent=bills)
        deep = make_reason("Very late", parent=late)
        visits = make_reason("Visits")
    rows = queries.list_reasons()
    assert queries.list_below(rows, bills.id) == [bills.id, late.id, deep.id]
    assert queries.list_below(rows, visits.id) == [visits.id]


def test_a_reason_is_found_by_key_and_by_name_however_written(database: Database) -> None:
    with writing():
        reason = make_reason("Bill unclear", key="bill-unclear")
    for label in ("bill-unclear", "BILL-UNCLEAR", "bill  Unclear", "Bill unclear"):
        found = queries.find_reason(label)
        assert found is not None
        assert found.id == reason.id
    assert queries.find_reason("nothing") is None


def test_a_name_that_several_reasons_bear_needs_a_key(database: Database) -> None:
    with writing():
        make_reason("Other", key="other-bill")
        make_reason("Other", key="other-visit")
    with pytest.raises(RuleBroken, match="use the key"):
        queries.find_reason("other")
    assert queries.find_reason("other-visit") is not None


def test_a_key_is_taken_once_however_written(database: Database) -> None:
    with writing():
        make_reason(key="late-bill")
    with pytest.raises(RuleBroken, match="taken") as caught, writing():
        make_reason(key="Late-Bill")
    assert caught.value.field == "key"


def test_a_cost_holds_from_its_day_on(database: Database) -> None:
    with writing():
        reason = make_reason(avoidable_minor=500, valid_from=date(2026, 1, 1))
        services.set_cost(
            PROGRAM, reason, valid_from=date(2026, 4, 1), avoidable_minor=520, full_minor=900
        )
    assert queries.get_cost(reason.id, date(2025, 12, 31)) == (0, 0)
    assert queries.get_cost(reason.id, date(2026, 3, 31)) == (500, 500)
    assert queries.get_cost(reason.id, date(2026, 4, 1)) == (520, 900)
    assert queries.list_costs(date(2026, 5, 1)) == {reason.id: (520, 900)}


def test_the_cost_of_the_same_day_is_corrected_not_doubled(database: Database) -> None:
    with writing():
        reason = make_reason(avoidable_minor=500, valid_from=date(2026, 1, 1))
        services.set_cost(
            PROGRAM, reason, valid_from=date(2026, 1, 1), avoidable_minor=510, full_minor=0
        )
    assert [cost.avoidable_minor for cost in queries.list_cost_history(reason.id)] == [510]


def test_a_full_cost_below_the_avoidable_one_is_refused(database: Database) -> None:
    with pytest.raises(RuleBroken, match="cannot be less"), writing():
        make_reason(avoidable_minor=500, full_minor=400)


def test_the_owner_of_a_reason_is_its_department_and_head(database: Database) -> None:
    with writing():
        billing, head, _deputy = make_headed_department("Billing")
        reason = make_reason("Bill unclear", owner=billing)
    owner = queries.find_owner(reason.id)
    assert (owner.department_id, owner.accountable_id) == (billing.id, head.id)
    assert explain(owner.because) == (
        "To Billing because the contact reason “Bill unclear” is theirs."
    )


def test_what_nobody_owns_goes_to_the_orphans_desk(database: Database) -> None:
    with writing():
        desk, head, _deputy = make_headed_department("Service quality", takes_orphans=True)
    owner = queries.find_owner(None)
    assert (owner.department_id, owner.accountable_id) == (desk.id, head.id)
    assert explain(owner.because).startswith("To Service quality because it names no")


def test_without_an_orphans_desk_the_fault_says_who_mends_it(database: Database) -> None:
    with pytest.raises(NotFound, match="An administrator names one"):
        queries.find_owner(None)


def test_a_reason_changes_hands_and_retires(database: Database) -> None:
    with writing():
        reason = make_reason("Bill unclear")
        other = make_department("Metering")
        services.update_reason(PROGRAM, reason, name="Bill opaque", owner=other, is_active=False)
    assert queries.list_reasons() == []
    row = queries.list_reasons(retired=True)[0]
    assert (row.name, row.owner_department_id) == ("Bill opaque", other.id)


def test_only_an_administrator_changes_reasons(database: Database) -> None:
    with writing():
        agent = make_person()
        department = make_department()
    with pytest.raises(NotAllowed), writing():
        services.add_reason(actor_of(agent), "x", name="X", owner=department)
