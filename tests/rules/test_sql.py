"""No statement is put together from text: values are bound, and nothing typed is a pattern."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.config import ROOT

RAW = {"text", "exec_driver_sql", "executescript", "literal_column"}
PATTERNS = {"like", "ilike", "not_like", "not_ilike", "regexp_match", "regexp_replace"}
MIGRATIONS = ROOT / "portal" / "migrations"


def list_faults(source: str) -> Iterator[str]:
    """Statements made of pieces, and patterns, by line."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in PATTERNS:
            yield f"line {node.lineno}: a pattern by {name}"
        is_made = node.args and not isinstance(node.args[0], ast.Constant | ast.Name)
        if name in RAW and is_made:
            yield f"line {node.lineno}: {name} of pieces"


@pytest.mark.threat(46)
@pytest.mark.parametrize(
    "source",
    [
        "text(f'SELECT {name}')",
        "text('SELECT ' + name)",
        "connection.exec_driver_sql('DROP %s' % name)",
        "select(Idea).where(Idea.title.ilike(typed))",
        "sa.text('SELECT {}'.format(name))",
    ],
)
def test_a_statement_of_pieces_is_found(source: str) -> None:
    assert len(list(list_faults(source))) == 1


@pytest.mark.threat(46)
def test_no_statement_of_ours_is_made_of_pieces() -> None:
    found = {}
    for path in (ROOT / "portal").rglob("*.py"):
        if MIGRATIONS not in path.parents and (faults := list(list_faults(_read(path)))):
            found[path.relative_to(ROOT).as_posix()] = faults
    assert found == {}


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
