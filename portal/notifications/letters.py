"""Writing letters: a notice or a digest as a mail that reads as a person wrote it.

Text and HTML say the same.  What belongs to one item hangs together as one conversation in a
mail program (``References`` to an id that the item's letters share, RFC 5322 3.6.4).  Only digests
can be switched off from the letter, by one click (RFC 8058): what is owed cannot be muted.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from itertools import groupby
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer
from jinja2 import Environment, FileSystemLoader, select_autoescape

from portal import i18n
from portal.config import ROOT
from portal.i18n import gettext as _
from portal.i18n import ngettext
from portal.notifications.addresses import NO_DIGESTS, NOTICES, SETTINGS, path_of
from portal.notifications.models import NoticeClass
from portal.notifications.post import MailRefused, PostOffice, office
from portal.notifications.sentences import KINDS

FOLDER = ROOT / "templates" / "emails"
WIDTH = 76
LONGEST_SUBJECT = 150
LONGEST_EXCERPT = 400
MOST_IN_DIGEST = 60
"""How many pieces of news a digest shows; the rest is counted, and stands in the portal."""


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of news in a digest."""

    title: str
    body: str | None
    when: str


@dataclass(frozen=True, slots=True)
class Group:
    """All the news about one item."""

    title: str
    url: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits on the reader."""

    title: str
    url: str
    due: str


def write_letter(row: Any, moment: datetime) -> EmailMessage:
    """The letter about one notice (a row of ``queries.find_letter``), dated ``moment``.

    Raises
    ------
    MailRefused
        When the address cannot even be written on a letter.
    """
    post = office()
    with i18n.speaking(row.locale or post.locale, row.time_zone):
        is_owed = row.notice_class is NoticeClass.OWED
        why = (
            _("You get this because it is owed to you; it cannot be muted.")
            if is_owed
            else _("You get this at once because you chose so.")
        )
        letter = _begin(post, row, row.title, moment)
        thread = f"<{row.subject_kind}-{row.subject_number}@{post.domain}>"
        copy = f".{row.copy}" if row.copy > 1 else ""
        letter["Message-ID"] = f"<notice-{row.notice_id}{copy}@{post.domain}>"
        letter["In-Reply-To"] = letter["References"] = thread
        _fill(
            letter,
            "letter",
            title=row.title,
            body=row.body,
            then=KINDS[row.kind].say_then(),
            url=post.public_url + path_of(row.subject_kind, row.subject_number),
            action=_("Open it"),
            why=why,
            **_frame(post, row),
        )
    return letter


def write_digest(rows: Sequence[Any], waiting: Sequence[Any], moment: datetime) -> EmailMessage:
    """One person's digest: what waits on them, then the news by item, the newest first."""
    post, person = office(), rows[0]
    with i18n.speaking(person.locale or post.locale, person.time_zone):
        groups = _group(rows[:MOST_IN_DIGEST], post)
        news = ngettext("%(n)s piece of news", "%(n)s pieces of news", len(rows))
        items = ngettext("about one thing", "about %(n)s things", len(groups))
        title = f"{news} {items}"
        if waiting:
            title += ", " + ngettext("one waits on you", "%(n)s wait on you", len(waiting))
        letter = _begin(post, person, title, moment)
        ticket = write_ticket(person.person_id)
        unsubscribe = post.public_url + NO_DIGESTS.format(ticket=ticket)
        day = f"{person.due_at:%Y%m%dT%H%M}"
        letter["Message-ID"] = f"<digest-{person.person_id}-{day}@{post.domain}>"
        letter["List-Unsubscribe"] = f"<{unsubscribe}>"
        letter["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        _fill(
            letter,
            "digest",
            title=title,
            waiting=[_waits(one, post) for one in waiting],
            groups=groups,
            more_count=max(0, len(rows) - MOST_IN_DIGEST),
            notices_url=post.public_url + NOTICES,
            unsubscribe_url=unsubscribe,
            why=_(
                "What is for your information comes as a digest. What is owed to you comes at once."
            ),
            **_frame(post, person),
        )
    return letter


def _group(rows: Sequence[Any], post: PostOffice) -> list[Group]:
    """By item; the item with the newest news first, and within it the newest first."""
    newest: dict[tuple[str, int], int] = {}
    for row in rows:
        newest.setdefault(_item_of(row), row.notice_id)
    ordered = sorted(rows, key=lambda row: (-newest[_item_of(row)], -row.notice_id))
    groups = []
    for (subject_kind, number), found in groupby(ordered, key=_item_of):
        news = list(found)
        groups.append(
            Group(
                title=news[0].item_title or news[0].title,
                url=post.public_url + path_of(subject_kind, number),
                lines=tuple(
                    Line(row.title, _excerpt(row.body), i18n.format_moment(row.created_at))
                    for row in news
                ),
            )
        )
    return groups


def _item_of(row: Any) -> tuple[str, int]:
    kind = "idea" if row.subject_kind == "impact" else row.subject_kind
    return kind, row.subject_number


def _excerpt(body: str | None) -> str | None:
    if body is None or len(body) <= LONGEST_EXCERPT:
        return body
    return body[:LONGEST_EXCERPT].rsplit(None, 1)[0] + " …"


def _waits(row: Any, post: PostOffice) -> Waiting:
    due = _("paused") if row.is_paused else _("due %(when)s", when=i18n.format_moment(row.due_at))
    return Waiting(row.title, post.public_url + path_of("idea", row.number), due)


def _begin(post: PostOffice, row: Any, subject: str, moment: datetime) -> EmailMessage:
    letter = EmailMessage(SMTP)
    name, sender = parseaddr(post.sender)
    letter["From"] = Address(clean_header(name or post.site_name), addr_spec=sender)
    try:
        letter["To"] = Address(clean_header(row.name), addr_spec=row.email)
    except (ValueError, IndexError, UnicodeError) as error:
        reason = "this cannot be written on a letter"
        raise MailRefused(reason, is_address=True) from error
    letter["Subject"] = clean_header(subject)[:LONGEST_SUBJECT]
    letter["Date"] = format_datetime(moment)
    letter["Auto-Submitted"] = "auto-generated"
    return letter


def clean_header(text: str) -> str:
    """Text for one header line: whatever would break the line, or cannot be seen, is a space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _frame(post: PostOffice, row: Any) -> dict[str, object]:
    return {
        "greeting": _("Hello %(name)s,", name=clean_header(row.name).partition(" ")[0]),
        "site_name": post.site_name,
        "public_url": post.public_url,
        "settings_url": post.public_url + SETTINGS,
        "locale": i18n.current_locale(),
        "text_direction": i18n.babel_locale().text_direction,
    }


def _fill(letter: EmailMessage, name: str, **values: object) -> None:
    """Text first, then the same as HTML: the order in which RFC 2046 prefers the last."""
    environment = _environment()
    text = environment.get_template(f"{name}.txt").render(values)
    letter.set_content(text.strip() + "\n", cte="quoted-printable")
    html = environment.get_template(f"{name}.html").render(values)
    letter.add_alternative(html, subtype="html", cte="quoted-printable")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=select_autoescape(["html"]),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(_=i18n.gettext, ngettext=ngettext)
    environment.filters.update(wrapped=_wrap, quoted=_quote)
    return environment


def _wrap(text: str) -> str:
    return "\n".join(textwrap.fill(line, WIDTH) for line in text.splitlines())


def _quote(text: str) -> str:
    lines = (textwrap.wrap(line, WIDTH - 2) or [""] for line in text.splitlines())
    return "\n".join(f"> {line}".rstrip() for part in lines for line in part)


def write_ticket(person_id: int) -> str:
    """What lets the holder of a digest switch digests off, and nothing else."""
    return str(_signer().dumps(person_id))


def read_ticket(ticket: str) -> int | None:
    """Whose digests a ticket is about; None when we never gave it out."""
    try:
        person_id = _signer().loads(ticket)
    except BadSignature:
        return None
    return person_id if isinstance(person_id, int) else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(office().secret, salt="no-digests")
