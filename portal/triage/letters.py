"""The letter that an answer becomes: as a person writes to another; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.i18n import format_day, format_money
from portal.i18n import gettext as _
from portal.triage.labels import decline_label
from portal.triage.models import DecisionKind


@dataclass(frozen=True, slots=True)
class Answer:
    """What a letter is made of; texts are the signer's own, only dates and prices are counted.

    ``authors`` are names as the letter greets them; none for authors who stay hidden.
    """

    kind: DecisionKind
    title: str
    authors: Sequence[str]
    signer: str
    department: str
    sentence: str
    reason_code: str | None = None
    would_change: str | None = None
    review_on: date | None = None
    yearly_minor: int | None = None
    alternative: str | None = None
    exists: str | None = None
    scope: str | None = None
    stop_rule: str | None = None
    appeal_until: date | None = None


def compose(answer: Answer) -> list[str]:
    """The paragraphs of the letter, from the greeting to the name below it."""
    lines = [_greet(answer.authors), _open(answer), answer.sentence, *_go_on(answer)]
    if answer.appeal_until is not None:
        lines.append(
            _(
                "You can appeal once, until %(day)s; somebody above me decides then.",
                day=format_day(answer.appeal_until, year=True),
            )
        )
    lines.append(f"{answer.signer}, {answer.department}")
    return [line for line in lines if line]


def _greet(authors: Sequence[str]) -> str:
    names = [name.split()[0] for name in authors if name.strip()]
    if not names:
        return _("Hello,")
    if len(names) == 1:
        return _("Hello %(name)s,", name=names[0])
    return _("Hello %(most)s and %(last)s,", most=", ".join(names[:-1]), last=names[-1])


def _open(answer: Answer) -> str:
    title = answer.title
    match answer.kind:
        case DecisionKind.ACCEPT:
            return _("yes to “%(title)s”. Next I name a person and a date.", title=title)
        case DecisionKind.ASK:
            return _("I read “%(title)s” and have a question before I decide.", title=title)
        case DecisionKind.DECLINE:
            reason = decline_label(answer.reason_code) if answer.reason_code else _("Not now")
            return _("no to “%(title)s” for now: %(reason)s.", title=title, reason=reason.lower())
        case DecisionKind.DEFER:
            return _("not yet to “%(title)s”.", title=title)
        case DecisionKind.ACCEPT_COST:
            return _("I read “%(title)s”, and we keep taking these calls.", title=title)
        case DecisionKind.POINT_OUT:
            return _("what you ask for in “%(title)s” exists already.", title=title)
        case DecisionKind.TEST:
            return _("we try “%(title)s” out before we decide.", title=title)
        case DecisionKind.STOP:
            return _("we tried “%(title)s” and stop here.", title=title)
        case DecisionKind.VETO:
            return _("I cannot let you try “%(title)s” yet.", title=title)
        case DecisionKind.MERGE:
            return _(
                "“%(title)s” says the same as another idea, so I joined the two. You stay an "
                "author, and your supporters count there.",
                title=title,
            )


def _go_on(answer: Answer) -> list[str]:
    """What the kind of answer adds to the sentence."""
    said = [
        (_("What would change the answer: %(what)s"), answer.would_change),
        (
            _("It goes on as: %(what)s")
            if answer.kind is DecisionKind.MERGE
            else _("It is here: %(what)s"),
            answer.exists,
        ),
        (_("Where and with whom: %(what)s"), answer.scope),
        (_("We end it early if: %(what)s"), answer.stop_rule),
        (_("What we considered instead: %(what)s"), answer.alternative),
    ]
    lines = [sentence % {"what": what} for sentence, what in said if what]
    if answer.yearly_minor is not None:
        price = format_money(answer.yearly_minor)
        lines.append(_("They cost %(price)s a year, counted today.", price=price))
    if answer.review_on is not None:
        day = format_day(answer.review_on, year=True)
        lines.append(_("I look at it again on %(day)s; it opens by itself.", day=day))
    return lines
