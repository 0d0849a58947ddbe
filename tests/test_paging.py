"""Keyset paging: every row once, in order, forward and back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, select
from sqlalchemy.orm import Session

from portal.columns import UtcDateTime
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


def test_a_cursor_keeps_numbers_texts_and_moments() -> None:
    values = [3, "ä", START]
    assert decode_cursor(encode_cursor(values), 3) == (False, values)


@pytest.mark.threat(89)
@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "%%%",
        "bm9uc2Vuc2U",
        encode_cursor([1]),
        encode_cursor([1, 2**70]),
        "W" * 5000,
        encode_cursor([1, 2])[:-2],
    ],
)
def test_a_forged_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(cursor, 2)
