"""Write ``docs/security.md``: every threat, what is built against it, and the tests that show it.

The rows come from ``docs/threats.toml``; the tests are found by their marks,
``@pytest.mark.threat(NUMBER)`` on a function, a class, a parameter or a whole module.

    python tools/security.py            write the page
    python tools/security.py --check    write nothing; fail when the page is stale or a row unproven
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROWS = ROOT / "docs" / "threats.toml"
PAGE = ROOT / "docs" / "security.md"
TESTS = ROOT / "tests"
LAST = 94
STATES = ("done", "open", "not applicable")

HEAD = """\
# Security: threats, controls and their tests

Written by `make security` from `docs/threats.toml` and the marks of the tests; `make lint` fails
when it is stale, when a row that is done has no test, or when a mark names no row.

"""


@dataclass(frozen=True)
class Threat:
    """One row of the table."""

    number: int
    group: str
    state: str
    title: str
    control: str


@dataclass(frozen=True)
class Proof:
    """A test that carries a mark; a whole module where ``name`` is empty."""

    number: int
    path: str
    name: str

    @property
    def text(self) -> str:
        """The test as pytest names it."""
        return f"{self.path}::{self.name}" if self.name else self.path


def read_threats(text: str) -> list[Threat]:
    """The rows, in the order of their numbers."""
    rows = [
        Threat(int(number), group, *cells)
        for group, listed in tomllib.loads(text).items()
        for number, cells in listed.items()
    ]
    return sorted(rows, key=lambda row: row.number)


def find_proofs(path: str, source: str) -> list[Proof]:
    """The marks of one test module."""
    return [
        Proof(number, path, name)
        for name, call in _marks(ast.parse(source), "")
        for number in _numbers(call)
    ]


def _marks(node: ast.AST, name: str) -> Iterator[tuple[str, ast.Call]]:
    for child in ast.iter_child_nodes(node):
        inside = name
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inside = f"{name}::{child.name}" if name else child.name
        if isinstance(child, ast.Call) and ast.unparse(child.func).endswith("mark.threat"):
            yield name, child
        yield from _marks(child, inside)


def _numbers(call: ast.Call) -> Iterator[int]:
    for argument in call.args:
        value = ast.literal_eval(argument)
        if not isinstance(value, int):
            raise ValueError(f"line {call.lineno}: a threat is named by its number")
        yield value


def list_faults(threats: list[Threat], proofs: list[Proof]) -> list[str]:
    """What is wrong with the table, in one sentence each."""
    faults = []
    numbers = Counter(threat.number for threat in threats)
    faults += [f"row {number} stands there twice" for number, n in numbers.items() if n > 1]
    faults += [f"row {number} is missing" for number in range(1, LAST + 1) if number not in numbers]
    proven = {proof.number for proof in proofs}
    for threat in threats:
        if threat.state not in STATES:
            faults.append(f"row {threat.number} is {threat.state!r}; states: {', '.join(STATES)}")
        elif threat.state == "done" and threat.number not in proven:
            faults.append(f"row {threat.number} is done, but no test carries its mark")
        if not threat.title.strip() or not threat.control.strip():
            faults.append(f"row {threat.number} lacks its title, its control or its reason")
    faults += [
        f"{proof.text} is marked for {proof.number}, which is no row"
        for proof in proofs
        if proof.number not in numbers
    ]
    return faults


def draw(threats: list[Threat], proofs: list[Proof]) -> str:
    """The page."""
    counts = Counter(threat.state for threat in threats)
    parts = [HEAD, ", ".join(f"{counts[state]} {state}" for state in STATES) + ".\n"]
    group = ""
    for threat in threats:
        if threat.group != group:
            group = threat.group
            parts += [f"\n## {group}\n\n", "| # | state | threat | control | tests |\n"]
            parts.append("|---|---|---|---|---|\n")
        parts.append(_row(threat, [proof for proof in proofs if proof.number == threat.number]))
    return "".join(parts)


def _row(threat: Threat, proofs: list[Proof]) -> str:
    texts = dict.fromkeys(f"`{proof.text.removeprefix('tests/')}`" for proof in proofs)
    cells = (str(threat.number), threat.state, threat.title, threat.control, "<br>".join(texts))
    return f"| {' | '.join(cells)} |\n"


def main(arguments: list[str]) -> int:
    """Write or check the page; the exit code."""
    threats = read_threats(ROWS.read_text(encoding="utf-8"))
    proofs = [
        proof
        for path in sorted(TESTS.rglob("*.py"))
        for proof in find_proofs(
            path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        )
    ]
    faults = list_faults(threats, proofs)
    page = draw(threats, proofs)
    if arguments[:1] != ["--check"]:
        PAGE.write_text(page, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
        faults.append("docs/security.md is stale: make security")
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
