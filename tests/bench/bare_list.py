"""The idea list by hand: ``sqlite3`` rows into f-strings, without a framework or templates.

It runs the portal's own statements with the same parameters, turns the rows into the same bytes
and checks nothing else: no session ends, no right is missing, no filter is read.  What does not
come from the rows of the list is kept from an earlier answer: the frame, the form above the list
and the words of each clock, which the portal counts in business time.  It must answer byte for
byte what the portal answers but for the token of its forms, or there is nothing to compare.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import escape as _escape
from typing import Any
from zoneinfo import ZoneInfo

from portal.database import Database
from portal.i18n import speaking
from portal.ideas.labels import state_label
from portal.ideas.lifecycle import State
from portal.ideas.lists import PAGE_SIZE
from portal.now import at, now
from portal.people.queries import initials
from tests.bench.bare import connect, observe
from tests.bench.measure import Application, Environ, Unexpected, call

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
TIME_ZONE = 6
"""The column of the reader's zone in the statement that finds their session."""
DEFAULT_ZONE = "Europe/Berlin"
LIST = '<ul class="items">'
_ROW = re.compile(r'<li class="item">.*?</li>', re.DOTALL)
_NUMBER = re.compile(r'<span class="ref">I-(\d+)</span>')
_CLOCK = re.compile(r'<span class="clock" data-tone.*?</b></span>', re.DOTALL)
_TOKEN = re.compile(rb'(?:name="csrf_token" value|name="csrf-token" content)="[^"]*"')
_SPRITE = re.compile(r'href="([^"#]*icons\.svg[^"#]*)#')


@dataclass(frozen=True, slots=True)
class Kept:
    """What the page holds beside the rows: the frame around them, and their clocks' words."""

    before: str
    after: str
    sprite: str
    clocks: dict[int, str]
    words: dict[str, str]


def keep(page: str) -> Kept:
    """Take from an answer of the portal what the rows do not decide."""
    start = page.index(LIST) + len(LIST)
    end = page.index("</ul>", start)
    clocks = {}
    for row in _ROW.findall(page[start:end]):
        number, clock = _NUMBER.search(row), _CLOCK.search(row)
        if number and clock:
            clocks[int(number[1])] = clock[0]
    sprite = _SPRITE.search(page)
    assert sprite is not None
    words = {state.value: _escape(state_label(state)) for state in State}
    return Kept(page[:start], page[end:], sprite[1], clocks, words)


def without_tokens(page: bytes) -> bytes:
    """The page without the token of its forms, which holds the second in which it was signed."""
    return _TOKEN.sub(b"", page)


def escape(text: str) -> str:
    """As Markup escapes."""
    return _escape(text, quote=False).replace('"', "&#34;").replace("'", "&#39;")


def _day(value: date, *, year: bool = False) -> str:
    dated = f" {value.year}" if year else ""
    return f"{DAYS[value.weekday()]} {value.day} {MONTHS[value.month - 1]}{dated}"


def _since(value: str, zone: ZoneInfo) -> str:
    here = datetime.fromisoformat(value).replace(tzinfo=UTC).astimezone(zone).date()
    full = f"{here.day} {MONTHS[here.month - 1]} {here.year}"
    return f'<time datetime="{here.isoformat()}" title="{full}">{_day(here)}</time>'


def _ago(value: str, moment: datetime, zone: ZoneInfo) -> str:
    at = datetime.fromisoformat(value).replace(tzinfo=UTC)
    seconds = max(0, int((moment - at).total_seconds()))
    here = at.astimezone(zone).replace(second=0, microsecond=0)
    if seconds >= 14 * 86400:
        full = f"{here.day} {MONTHS[here.month - 1]} {here.year}"
        said = full if seconds > 300 * 86400 else _day(here)
        return f'<time datetime="{here.date().isoformat()}" title="{full}">{said}</time>'
    if seconds < 60:
        said = "just now"
    elif seconds < 3600:
        said = _count(seconds // 60, "minute ago", "minutes ago")
    elif seconds < 86400:
        said = _count(seconds // 3600, "hour ago", "hours ago")
    else:
        said = _count(seconds // 86400, "day ago", "days ago")
    full = f"{_day(here)}, {here:%H:%M}"
    return f'<time datetime="{here.isoformat(timespec="minutes")}" title="{full}">{said}</time>'


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _avatar(name: str, hue: int, sprite: str) -> str:
    if hue < 0:
        return f'<svg class="icon" aria-hidden="true"><use href="{sprite}#lock"></use></svg>'
    short = escape(initials(name))
    return f'<span class="avatar avatar-sm" data-hue="{hue}" aria-hidden="true">{short}</span>'


def list_rows(
    ideas: list[Any], authors: dict[int, list[Any]], kept: Kept, zone: ZoneInfo, moment: datetime
) -> Iterator[str]:
    """Each idea as the portal draws it."""
    sprite = kept.sprite
    for (
        idea_id,
        number,
        title,
        state,
        supports,
        comments,
        department,
        _handler_id,
        waits_on,
        waits_since,
        _due_at,
        _is_paused,
        submitted_at,
        _created_at,
    ) in ideas:
        own = authors.get(idea_id, [])
        faces = "".join([_avatar(name, hue, sprite) for _id, _share, _pid, name, hue in own[:3]])
        names = escape(", ".join([row[3] for row in own]))
        place = f"<span>{escape(department)}</span>" if department else ""
        said = f'<span class="num">{_count(comments, "comment", "comments")}</span>'
        glyph = f'<use href="{sprite}#st-{state.replace("_", "-")}"></use>'
        clock = kept.clocks.get(number, "")
        if clock:
            whom = f"<span>waits on {escape(waits_on)}</span>" if waits_on else ""
            since = f"<span>since {_since(waits_since, zone)}</span>" if waits_since else ""
            clock = f"{clock}{whom}{since}</span>"
        yield (
            f'\n          <li class="item">\n<svg class="icon" aria-hidden="true">'
            f'<use href="{sprite}#lightbulb"></use></svg>  <div>\n'
            f'<a class="item-title" href="/ideas/I-{number}">{escape(title)}</a>'
            f'<div class="item-act">  <span class="cluster small muted">\n'
            f"    <span>{faces}</span>\n    <span><bdi>{names}</bdi></span>\n"
            f'{place}<span class="num">{supports} me too</span>{said if comments else ""}'
            f"    {_ago(submitted_at, moment, zone)}\n  </span>\n"
            f'<span class="ref">I-{number}</span></div>  </div>\n'
            f'<div class="item-side"><span class="pill" data-state="{state}">'
            f'<svg class="glyph" aria-hidden="true">{glyph}</svg>{kept.words[state]}</span>'
            f"{clock}</div></li>"
        )


def bare_list(application: Application, database: Database, request: Environ) -> Application:
    """A WSGI application that reads the same rows and writes the same list by hand.

    Raises
    ------
    Unexpected
        If it does not answer what the portal answers.
    """
    moment = now()
    with at(moment), speaking("en"):
        answered = observe(application, database, request)
        kept = keep(answered.body.decode())
    reads = [statement for statement, _given in answered.reads]
    ideas_at = next(i for i, sql in enumerate(reads) if "ORDER BY ideas.submitted_at DESC" in sql)
    authors_at = next(i for i, sql in enumerate(reads) if sql.startswith("SELECT idea_authors."))
    reader_at = next(i for i, sql in enumerate(reads) if "sign_in_sessions.id_hash" in sql)
    connection = connect(database)

    def answer(_environ: Environ, start_response: Any) -> list[bytes]:
        connection.execute("BEGIN")
        found = [connection.execute(sql, given).fetchall() for sql, given in answered.reads]
        connection.execute("COMMIT")
        authors: dict[int, list[Any]] = {}
        for row in found[authors_at]:
            authors.setdefault(row[0], []).append(row)
        zone = ZoneInfo(found[reader_at][0][TIME_ZONE] or DEFAULT_ZONE)
        minute = now().replace(second=0, microsecond=0)
        rows = "".join(list_rows(found[ideas_at][:PAGE_SIZE], authors, kept, zone, minute))
        body = f"{kept.before}{rows}\n      {kept.after}".encode()
        length = str(len(body))
        start_response(
            "200 OK", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", length)]
        )
        return [body]

    with at(moment):
        ours = without_tokens(call(answer, request, "200"))
        theirs = without_tokens(call(application, request, "200"))
    if ours != theirs:
        pairs = enumerate(zip(ours, theirs, strict=False))
        place = next((place for place, (one, other) in pairs if one != other), len(ours))
        around = slice(max(0, place - 60), place + 60)
        raise Unexpected(f"by hand {ours[around]!r}, the portal {theirs[around]!r}")
    return answer
