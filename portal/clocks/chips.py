"""What a running clock says of itself: the words, the tone and the share that is gone; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from portal.i18n import current_locale, current_zone, format_day, local, ngettext
from portal.i18n import gettext as _

SOON = 0.75
"""From this share of the time on, a clock is soon over (the nudge of the product page)."""

FAR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Chip:
    """A clock for the page: ``tone`` is calm, soon, over or paused; ``share`` is in percent."""

    due: str
    tone: str
    share: int


def make_chip(
    due_at: datetime | None, since: datetime | None, *, is_paused: bool, moment: datetime
) -> Chip | None:
    """The chip of a clock at a moment; None where nothing is owed.

    A chip says nothing finer than a minute, so within one it is the same for everybody who
    reads in the same language and zone.
    """
    if due_at is None:
        return None
    if is_paused:
        return Chip(_("paused"), "paused", 0)
    minute = moment.replace(second=0, microsecond=0)
    is_over = moment >= due_at
    return _chip(due_at, since, is_over, minute, current_locale(), current_zone())


@lru_cache(maxsize=8192)
def _chip(
    due_at: datetime,
    since: datetime | None,
    is_over: bool,
    moment: datetime,
    _locale: str,
    _zone: ZoneInfo,
) -> Chip:
    if is_over:
        return Chip(_over(max(moment - due_at, timedelta())), "over", 100)
    whole = (due_at - since).total_seconds() if since and since < due_at else 0.0
    share = 1 - (due_at - moment).total_seconds() / whole if whole else 0.0
    share = min(max(share, 0.0), 1.0)
    tone = "soon" if share >= SOON else "calm"
    return Chip(_left(due_at, moment), tone, round(share * 100))


def _over(late: timedelta) -> str:
    hours = int(late.total_seconds() // 3600)
    if hours < 1:
        return _("just over")
    if hours < 24:
        return ngettext("%(n)s hour over", "%(n)s hours over", hours)
    return ngettext("%(n)s day over", "%(n)s days over", hours // 24)


def _left(due_at: datetime, moment: datetime) -> str:
    left = due_at - moment
    if left < timedelta(hours=1):
        minutes = max(1, int(left.total_seconds() // 60))
        return ngettext("due in %(n)s minute", "due in %(n)s minutes", minutes)
    if local(due_at).date() == local(moment).date() or left < timedelta(hours=12):
        hours = int(left.total_seconds() // 3600)
        return ngettext("due in %(n)s hour", "due in %(n)s hours", hours)
    if left > FAR:
        return _("due %(day)s", day=format_day(due_at, weekday=False))
    return _("due %(day)s", day=format_day(due_at))
