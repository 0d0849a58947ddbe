"""The list of ideas at the size of years."""

import time
from typing import Any

import pytest
from sqlalchemy import event

from portal.database import Database, reading, session, writing
from portal.ideas.lifecycle import State
from portal.ideas.lists import GROUPS, Filters, Group, Sort, keyset, list_ideas
from portal.paging import Keyset
from tests.factories.ideas import make_idea, make_many_ideas
from tests.factories.people import actor_of, make_department, make_person


def plan(prepared: Keyset, database: Database, values: dict[str, object]) -> str:
    """How SQLite would read the first page."""
    said: list[str] = []

    def explain(_conn: object, cursor: Any, statement: str, values: Any, *_rest: object) -> None:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement}", values)
        said.extend(str(row[-1]) for row in cursor.fetchall())

    event.listen(database.reader, "before_cursor_execute", explain)
    try:
        prepared.page(session(), values)
    finally:
        event.remove(database.reader, "before_cursor_execute", explain)
    return "\n".join(said)


@pytest.mark.parametrize("group", [Group.ALL, *GROUPS])
@pytest.mark.parametrize("sort", Sort)
def test_a_page_walks_an_index_and_sorts_nothing(
    database: Database, group: Group, sort: Sort
) -> None:
    if not database.is_sqlite:
        return
    values = {"department_id": 1, "reason_id": 1, "state": State.TRIAGE}
    with reading():
        for shape in ({}, {"by_department": True}, {"by_reason": True}, {"by_state": True}):
            if sort is Sort.SUPPORT and shape:
                continue
            said = plan(keyset(group, sort, **shape), database, values)
            assert "USING INDEX ix_ideas_" in said, said
            assert "TEMP B-TREE" not in said, said
            assert "SCAN ideas\n" not in f"{said}\n", said


def test_every_group_holds_states_of_its_own() -> None:
    grouped = [state for states in GROUPS.values() for state in states]
    assert len(grouped) == len(set(grouped))
    assert State.DRAFT not in grouped


def test_drafts_are_listed_to_their_writer_alone(database: Database) -> None:
    with writing():
        author, other = make_person(), make_person("Lena Brandt")
        draft = make_idea(author, state=State.DRAFT)
    with reading():
        drafts = Filters(group=Group.DRAFTS)
        assert [row.id for row in list_ideas(actor_of(author), drafts).items] == [draft.id]
        assert list_ideas(actor_of(other), drafts).items == ()
        assert list_ideas(actor_of(author), Filters(is_mine=True)).items == ()


@pytest.mark.slow
def test_a_page_of_twenty_thousand_ideas_comes_at_once(database: Database) -> None:
    with writing():
        author = make_person()
        make_many_ideas(20_000, author, [make_department(f"Department {n}") for n in range(8)])
    with reading():
        actor = actor_of(author)
        for filters in (Filters(), Filters(group=Group.PROVEN), Filters(sort=Sort.SUPPORT)):
            list_ideas(actor, filters)
            started = time.perf_counter()
            found = list_ideas(actor, filters)
            assert len(found.items) == 25
            assert time.perf_counter() - started < 0.1
