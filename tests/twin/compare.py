"""Building the two worlds and naming every difference."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count, zip_longest
from pathlib import Path
from random import Random

from portal import database as storage
from tests.factories import demand, ideas, people
from tests.support.databases import make_database, quick_folder
from tests.twin.world import Seen, build, logging_into, look, tell

KEY = "5e" * 32


@dataclass
class Verdict:
    """What differs between the two worlds, and how much was compared."""

    pages: int = 0
    rows: int = 0
    log_lines: int = 0
    together: int = 0
    vouchers: int = 0
    differences: list[str] = field(default_factory=list)


def compare(
    seed: int, *, names: Sequence[str] = (), most: int = 400, urls: Sequence[str] = ("", "")
) -> Verdict:
    """Play the story twice, with one author and with the other, and compare all there is.

    ``urls`` are two empty databases; without them it is played on SQLite files of its own.
    """
    authors = zip(("agent", "colleague"), urls, strict=True)
    one, other = (_play(author, seed, names, most, url) for author, url in authors)
    verdict = Verdict(
        pages=len(one.pages),
        rows=sum(len(rows) for rows in one.rows.values()),
        log_lines=len(one.logs),
        together=one.together + other.together,
        vouchers=len(one.rows["vouchers"]),
    )
    _note(verdict, "pages", list(one.pages), list(other.pages))
    for address in one.pages.keys() & other.pages.keys():
        _note(verdict, address, one.pages[address].split("\n"), other.pages[address].split("\n"))
    for table in one.rows:
        _note(verdict, table, one.rows[table], other.rows[table])
    _note(verdict, "log", one.logs, other.logs)
    _note(verdict, "files", one.files, other.files)
    return verdict


def _note(verdict: Verdict, where: str, one: list[str], other: list[str]) -> None:
    for first, second in zip_longest(one, other):
        if first != second:
            verdict.differences.append(f"{where}:\n  {first}\n  {second}")
            return


def _play(author: str, seed: int, names: Sequence[str], most: int, url: str) -> Seen:
    seen = Seen()
    with tempfile.TemporaryDirectory(prefix="portal-twin-", dir=quick_folder()) as folder:
        instance = Path(folder) / "instance"
        instance.mkdir()
        (instance / "sealing_key").write_text(KEY)
        made = make_database(url or f"sqlite:///{instance}/portal.sqlite3")
        storage.use(made)
        _restart_numbers()
        try:
            with logging_into(seen.logs):
                world = build(made, instance)
                tell(world, author, Random(seed))
                look(world, author, seen, names=names, most=most)
        finally:
            storage.release()
            made.close()
    return seen


def _restart_numbers() -> None:
    """Let the factories begin to count again, so that both worlds have the same addresses."""
    for factory in (demand, ideas, people):
        factory._serial = count(1)
