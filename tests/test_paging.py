"""Keyset paging: every row once, in order, forward and back."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, select
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateTable

from portal.columns import UtcDateTime
from portal.database import Database
from portal.paging import BadCursor, Keyset, decode_cursor, encode_cursor

START = datetime(2026, 1, 1, tzinfo=UTC)
ROWS = Table(
    "rows",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("rank", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
LISTS = {
    "newest": Keyset(select(ROWS), [ROWS.c.at.desc(), ROWS.c.id.desc()]),
    "oldest": Keyset(select(ROWS), [ROWS.c.at.asc(), ROWS.c.id.asc()]),
    "mixed": Keyset(select(ROWS), [ROWS.c.rank.desc(), ROWS.c.id.asc()]),
}
KEYS = {
    "newest": lambda row: (-row["at"].timestamp(), -row["id"]),
    "oldest": lambda row: (row["at"].timestamp(), row["id"]),
    "mixed": lambda row: (-row["rank"], row["id"]),
}


@given(
    ranks=st.lists(st.integers(0, 4), max_size=30),
    limit=st.integers(1, 7),
    name=st.sampled_from(sorted(LISTS)),
)
@settings(max_examples=60, deadline=None)
def test_walking_the_pages_gives_every_row_once_in_order(
    ranks: list[int], limit: int, name: str
) -> None:
    engine = create_engine("sqlite://")
    ROWS.metadata.create_all(engine)
    rows = [
        {"id": number, "rank": rank, "at": START + timedelta(hours=rank)}
        for number, rank in enumerate(ranks, start=1)
    ]
    expected = [row["id"] for row in sorted(rows, key=KEYS[name])]
    with Session(engine) as session:
        if rows:
            session.execute(ROWS.insert(), rows)
        forward, last = [], None
        page = LISTS[name].page(session, limit=limit)
        while True:
            forward += [row.id for row in page.items]
            last = page
            if page.older is None:
                break
            page = LISTS[name].page(session, cursor=page.older, limit=limit)
        assert forward == expected
        backward = [row.id for row in last.items]
        while last.newer is not None:
            last = LISTS[name].page(session, cursor=last.newer, limit=limit)
            backward = [row.id for row in last.items] + backward
        assert backward == expected
    engine.dispose()


def forged(text: str) -> str:
    """A cursor with any content."""
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def test_a_cursor_keeps_numbers_texts_and_moments() -> None:
    values = [3, "ä", START, START.date()]
    assert decode_cursor(encode_cursor(values), 4) == (False, values)


@pytest.mark.threat(89)
@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "%%%",
        "\ud800",
        "bm9uc2Vuc2U",
        encode_cursor([1]),
        "W" * 5000,
        encode_cursor([START, 2])[:-2],
        forged("[0,"),
        forged("{}"),
        forged('"ab"'),
        forged("[2,1,1]"),
        forged("[[],1,1]"),
        forged("[0,1,null]"),
        forged("[0,1,true]"),
        forged("[0,1,1.5]"),
        forged("[0,1,NaN]"),
        forged("[0,1,{}]"),
        forged('[0,1,{"t":5}]'),
        forged('[0,1,{"t":"2026-01-01T00:00:00"}]'),
        forged('[0,1,{"t":"0001-01-01T00:00:00+14:00"}]'),
        forged('[0,1,{"d":"2026-02-30"}]'),
        forged('[0,1,"\\u0000"]'),
        forged('[0,1,"\\ud800"]'),
        forged("[" * 100_000),
        forged("[0,1," + "9" * 5000 + "]"),
    ],
)
def test_a_forged_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(cursor, 2)


@pytest.mark.threat(89)
@pytest.mark.parametrize(
    "values",
    [
        [1, 2],
        ["2026", 2],
        [START.date(), 2],
        [START, "2"],
        [START, START],
        [START, 2**31],
        [START, 2**70],
        [START, -(2**63)],
    ],
)
def test_a_cursor_of_another_list_never_reaches_the_database(values: list[Any]) -> None:
    engine = create_engine("sqlite://")
    with Session(engine) as session, pytest.raises(BadCursor):
        LISTS["newest"].page(session, cursor=encode_cursor(values))
    engine.dispose()


def test_a_page_holds_at_most_a_hundred_rows() -> None:
    engine = create_engine("sqlite://")
    ROWS.metadata.create_all(engine)
    with Session(engine) as session:
        session.execute(ROWS.insert(), [{"id": n, "rank": 0, "at": START} for n in range(150)])
        assert len(LISTS["newest"].page(session, limit=10_000).items) == 100
        assert len(LISTS["newest"].page(session, limit=0).items) == 1
    engine.dispose()


def test_both_databases_page_alike(database: Database) -> None:
    with Session(database.writer) as session:
        session.execute(CreateTable(ROWS, if_not_exists=True))
        rows = [
            {"id": n, "rank": n % 3, "at": START + timedelta(microseconds=n // 4)}
            for n in range(25)
        ]
        session.execute(ROWS.insert(), rows)
        for name, keyset in LISTS.items():
            page = keyset.page(session, limit=4)
            found = list(page.items)
            while page.older:
                page = keyset.page(session, cursor=page.older, limit=4)
                found += page.items
            assert [row.id for row in found] == [row["id"] for row in sorted(rows, key=KEYS[name])]
        session.rollback()
