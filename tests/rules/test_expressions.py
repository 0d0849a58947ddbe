"""No regular expression of ours takes long, whatever text it is given."""

import importlib
import inspect
import pkgutil
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from types import FrameType

import pytest

import portal
from portal.markdown import render
from portal.masking import mask
from portal.text import compare_key, normalise, one_line

SOME = 20_000
"""Characters: four times what an idea may hold, where what is not linear stands out."""
MOST_SECONDS = 0.2
"""Of one processor; a linear expression takes some thousandths."""
PIECES = (
    *("a", "1", " ", "\n", "<", ">", "&", "&#", "*", "_", "`", "[", "(", "\\", "@", ".", "-", "/"),
    *("a.", "a@", "1 ", "1-", "<a", "<!", "&a", "[a](", "![", "**a", "a@a.", "\u0301", "\u200b"),
    *("4111 ", "DE89 ", "+49 ", "00 ", "(1", "1)", "http://", "<a b", "='", '"', "%", "\r\n", "\t"),
    *("a,", "2026-", "1.", "#", "> ", "- ", "|", "~", "😀", "é", ":", ";", "=", "x\\", '"\\'),
)


Search = Callable[[str], object]


def list_expressions() -> dict[str, Search]:
    """Every expression that a module of ours keeps, as it is used there, by where it stands."""
    found = {}
    for entry in pkgutil.walk_packages(portal.__path__, "portal."):
        if ".demo" in entry.name or ".migrations" in entry.name or entry.name == "portal.wsgi":
            continue
        module = importlib.import_module(entry.name)
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                source = inspect.getsource(module)
                uses = set(re.findall(rf"\b{name}\.(\w+)\(", source)) or {"finditer"}
                found[f"{entry.name}.{name}"] = _search(value, uses)
    return found


class TooSlow(Exception):
    """The clock ran out while an expression was at work."""


@pytest.fixture
def alarm() -> Iterator[None]:
    """Interrupt what never ends: the engine of ``re`` listens to signals."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TooSlow

    before = signal.signal(signal.SIGVTALRM, stop)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


def _search(expression: re.Pattern[str], uses: set[str]) -> Search:
    if uses <= {"match", "fullmatch"}:
        return expression.fullmatch if uses == {"fullmatch"} else expression.match
    return lambda text: sum(1 for _match in expression.finditer(text))


def _seconds(search: Search, text: str) -> float:
    """What it takes of this thread's time, the least of three where the first is too much.

    A collection of garbage may fall into one; what is slow by itself is slow each time.  The
    time of the process would count what other threads do meanwhile.
    """
    least = _once(search, text)
    for _again in range(2):
        if least > MOST_SECONDS:
            least = min(least, _once(search, text))
    return least


def _once(search: Search, text: str) -> float:
    started = time.thread_time()
    search(text)
    return time.thread_time() - started


def _count_calls(work: Callable[[], object]) -> int:
    """How many functions are called, ours and built in: the same on every machine and day."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.threat(47)
def test_no_expression_explodes(alarm: None) -> None:
    expressions = list_expressions()
    assert len(expressions) > 30
    slow = {}
    for name, search in expressions.items():
        for piece in PIECES:
            text = piece * (SOME // len(piece)) + "\x01!"
            signal.setitimer(signal.ITIMER_VIRTUAL, 2)
            try:
                took = _seconds(search, text)
            except TooSlow:
                took = 2.0
            if took > MOST_SECONDS:
                slow[f"{name} on {piece!r}"] = round(took, 2)
                break
    assert slow == {}


@pytest.mark.threat(47)
@pytest.mark.parametrize(
    "reads", [normalise, one_line, compare_key, mask], ids=lambda f: f.__name__
)
def test_reading_what_people_wrote_grows_with_its_length(alarm: None, reads: object) -> None:
    signal.setitimer(signal.ITIMER_VIRTUAL, 120)
    assert callable(reads)
    for piece in PIECES[::3]:
        assert _seconds(reads, piece * (SOME // len(piece))) < 5 * MOST_SECONDS, piece


@pytest.mark.threat(47)
def test_drawing_markdown_grows_with_its_length(alarm: None) -> None:
    signal.setitimer(signal.ITIMER_VIRTUAL, 120)
    for piece in ("[", "![", "**a", "`", "> ", "- ", "<a", "&#", "[a](", "_a_", "1. ", "\\"):
        some, twice = (piece * (length // len(piece)) for length in (2_000, 4_000))
        render(some)
        grows = _count_calls(partial(render, twice)) / _count_calls(partial(render, some))
        assert grows < 2.2, piece
