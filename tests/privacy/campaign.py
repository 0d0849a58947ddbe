"""Ten thousand card numbers in twelve disguises through every text of the schema: ``make pii``.

Each is written into every column that holds what people wrote, with nobody masking it before:
then the raw bytes of the database, its write-ahead log, copies of it as a backup and an export
make them, and the program's log are searched.
"""

import json
import logging
import sqlite3
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime
from enum import Enum
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Column, insert, types

from portal import written
from portal.columns import UtcDateTime
from portal.database import Base, Database
from portal.masking import MaskingPolicy, mask
from tests.privacy.disguises import DIGITS, DISGUISES, find_cards_in, make_card
from tests.privacy.hostile import HOSTILE, LONG
from tests.support import databases

CARDS = 10_000
TEXT_ROOM = 4_000
MASKED = (written.MaskedText, written.MaskedString, written.MaskedJson)


def list_columns() -> list[Column[Any]]:
    """Every column of the schema that holds what people wrote."""
    tables = Base.metadata.sorted_tables
    return [one for table in tables for one in table.columns if isinstance(one.type, MASKED)]


def make_texts(seed: int, count: int) -> tuple[list[str], list[str]]:
    """So many numbers, and sentences that hold each of them in each disguise."""
    random = Random(seed)
    cards = [make_card(random) for _ in range(count)]
    sentences = [
        f"She read out {disguise(card, random)} to me."
        for card in cards
        for disguise in DISGUISES.values()
    ]
    return cards, sentences


def pack(sentences: Sequence[str], room: int) -> Iterator[str]:
    """Texts of as many sentences as there is room for, a few at least in each."""
    packed: list[str] = []
    size = 0
    for sentence in sentences:
        if packed and size + len(sentence) > room:
            yield "\n\n".join(packed)
            packed, size = [], 0
        packed.append(sentence)
        size += len(sentence) + 2
    yield "\n\n".join(packed)


def fill(database: Database, sentences: Sequence[str]) -> int:
    """Store all sentences in every such column by plain INSERTs; how many rows it took."""
    rows = 0
    with database.writer.connect() as connection:
        raw = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("PRAGMA ignore_check_constraints=ON")
        raw.execute("PRAGMA synchronous=OFF")
        for column in list_columns():
            rows += _fill(connection, column, sentences)
            connection.commit()
    return rows


def _fill(connection: Any, column: Column[Any], sentences: Sequence[str]) -> int:
    room = getattr(column.type, "impl_instance", column.type)
    longest = getattr(room, "length", None)
    is_json = isinstance(column.type, written.MaskedJson)
    rows = []
    for text in pack(sentences, longest or TEXT_ROOM):
        number = next(_numbers)
        value = f"{_letters(number)} {text}" if column.unique else text
        rows.append(_row(column, {"typed": [value]} if is_json else value, number))
    for place in range(0, len(rows), 2_000):
        connection.execute(insert(column.table), rows[place : place + 2_000])
    return len(rows)


_numbers = iter(range(1_000, 10**12))


def _row(column: Column[Any], value: object, number: int) -> dict[str, object]:
    """A row of the column's table, with something in every column that needs it."""
    needed = [one for one in column.table.columns if not one.nullable or one.unique]
    return {**{one.name: _filler(one, number) for one in needed}, column.name: value}


def _letters(number: int) -> str:
    return str(number).translate(str.maketrans(DIGITS, "abcdefghij"))


def _filler(column: Column[Any], number: int) -> object:
    kind = column.type
    if isinstance(kind, types.Enum):
        enum: type[Enum] = kind.enum_class
        return next(iter(enum))
    if isinstance(kind, written.MaskedJson | types.JSON):
        return {}
    if isinstance(kind, UtcDateTime):
        return datetime(2026, 1, 1, tzinfo=UTC)
    python = kind.python_type
    made = {int: number, bool: True, float: 1.5, bytes: b"%020d" % number, date: date(2026, 1, 1)}
    return made.get(python, _letters(number))


def back_up(path: Path, folder: Path) -> None:
    """Copy a live database as a backup does, and as an export does: packed, and as statements."""
    with closing(sqlite3.connect(path)) as live:
        with closing(sqlite3.connect(folder / "copy")) as copy:
            live.backup(copy)
        live.execute("VACUUM INTO ?", (str(folder / "packed"),))
        (folder / "dump.sql").write_text("\n".join(live.iterdump()))


def measure_false_alarms(seed: int, count: int = 100_000) -> dict[str, float]:
    """The share of random 16-digit numbers that are masked, without and with an own format."""
    random = Random(seed)
    numbers = ["".join(random.choices(DIGITS, k=16)) for _ in range(count)]
    own = ["62" + number[2:] for number in numbers[:10_000]]
    policy = MaskingPolicy(own_formats=("62##############",))
    return {
        "random_ids_masked": sum(bool(mask(one).found) for one in numbers) / count,
        "own_ids_masked": sum(bool(mask(f"id {one}", policy).found) for one in own) / len(own),
    }


def measure_slowest() -> dict[str, float]:
    """Milliseconds of CPU for 200 kB of the hostile piece that takes longest, best of five."""
    best: list[float] = []
    for piece in HOSTILE:
        text, tries = piece * (LONG // len(piece)), []
        for _try in range(5):
            started = time.process_time()
            mask(text)
            tries.append(time.process_time() - started)
        best.append(min(tries))
    return {"hostile_pieces": len(best), "slowest_hostile_ms": round(max(best) * 1000, 1)}


def run(folder: Path, seed: int, count: int) -> dict[str, Any]:
    """The whole campaign on a fresh SQLite database; its figures."""
    log = logging.FileHandler(folder / "portal.log")
    logging.getLogger().addHandler(log)
    before, written.must_be_masked_before = written.must_be_masked_before, False
    started = time.process_time()
    try:
        cards, sentences = make_texts(seed, count)
        database = databases.make_database(f"sqlite:///{folder}/portal.sqlite3")
        rows = fill(database, sentences)
        back_up(folder / "portal.sqlite3", folder)
        files = sorted(folder.iterdir())
        found = {card for file in files for card in find_cards_in(file.read_bytes(), cards)}
        size = sum(file.stat().st_size for file in files)
        database.close()
    finally:
        written.must_be_masked_before = before
        logging.getLogger().removeHandler(log)
        log.close()
    return {
        "seed": seed,
        "cards": count,
        "disguises": len(DISGUISES),
        "columns": len(list_columns()),
        "written": len(sentences) * len(list_columns()),
        "rows": rows,
        "megabytes_scanned": round(size / 1e6, 1),
        "found": len(found),
        "cpu_seconds": round(time.process_time() - started, 1),
    }


def main() -> int:
    """Run it and print one line of figures."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else 61
    count = int(sys.argv[2]) if len(sys.argv) > 2 else CARDS
    with TemporaryDirectory() as folder:
        figures = {**run(Path(folder), seed, count), **measure_false_alarms(seed)}
    figures |= measure_slowest()
    print(json.dumps(figures))
    is_good = figures["found"] == 0 and figures["random_ids_masked"] <= 0.03
    return 0 if is_good and figures["own_ids_masked"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
