"""What an analysis says, in one plain sentence."""

from enum import StrEnum

from portal.i18n import format_day, format_number, ngettext
from portal.i18n import gettext as _
from portal.impact.series import Period
from portal.metrics.xmr import Label


class Better(StrEnum):
    """Which way a metric should go."""

    LOWER = "lower"
    HIGHER = "higher"


class Verdict(StrEnum):
    """What may be said about a change."""

    IMPROVED = "improved"
    HARMED = "harmed"
    NOT_PROVEN = "not_proven"
    NOT_ENOUGH_DATA = "not_enough_data"


class Grade(StrEnum):
    """How good the evidence is: A controlled comparison, B process signal against frozen
    limits with an interval, C before and after with an interval, D modelled, E a story."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


def judge(low: float, high: float, better: Better) -> Verdict:
    """The verdict of an interval for a change: proven where it excludes zero."""
    if low <= 0 <= high:
        return Verdict.NOT_PROVEN
    return Verdict.IMPROVED if (high < 0) is (better is Better.LOWER) else Verdict.HARMED


def proven_sentence(
    verdict: Verdict, since: Label, share: float | None, size: float, things: str | None = None
) -> str:
    """It worked, or it made things worse, since when and by how much.

    ``share`` is the change as a fraction of the baseline mean (None where that is zero) and
    ``size`` the change in the unit of the series; ``things`` names what is counted, for
    instance "these calls", where each one fewer is a thing that no longer comes.
    """
    opening = _("It worked.") if verdict is Verdict.IMPROVED else _("It made things worse.")
    return f"{opening} {_change(label_text(since), share, size, things)}"


def not_proven_sentence(period: Period) -> str:
    """Nothing can be told from the points so far."""
    if period is Period.DAY:
        return _("We cannot tell yet. The days since go-live look like the days before.")
    if period is Period.WEEK:
        return _("We cannot tell yet. The weeks since go-live look like the weeks before.")
    return _("We cannot tell yet. The months since go-live look like the months before.")


def too_early_sentence(missing: int, period: Period) -> str:
    """How much longer the points after the change need."""
    return _("Too early. There is enough to judge after %(time)s.", time=_more(missing, period))


def no_baseline_sentence(count: int, floor: int, period: Period) -> str:
    """The points before the change do not suffice, and no later one will help."""
    return _(
        "Not enough to judge. Only %(time)s before the change, and %(floor)s are needed.",
        time=_some(count, period),
        floor=floor,
    )


def label_text(label: Label) -> str:
    """A date as people say it, or the number of a point."""
    if isinstance(label, int):
        return _("point %(number)s", number=label)
    return format_day(label, year=True)


def _change(since: str, share: float | None, size: float, things: str | None) -> str:
    if share is None:
        amount = format_number(float(f"{abs(size):.3g}"))
        if size < 0:
            return _("Since %(since)s, it is %(amount)s lower.", since=since, amount=amount)
        return _("Since %(since)s, it is %(amount)s higher.", since=since, amount=amount)
    if round(abs(share) * 100) < 1:
        if share < 0:
            return _("Since %(since)s, it is less than 1 in 100 lower.", since=since)
        return _("Since %(since)s, it is less than 1 in 100 higher.", since=since)
    percent = round(abs(share) * 100)
    if share > 0:
        return _("Since %(since)s, it is about %(n)s in 100 higher.", since=since, n=percent)
    if things and percent <= 100:
        return _(
            "Since %(since)s, about %(n)s in 100 of %(things)s no longer come.",
            since=since,
            n=percent,
            things=things,
        )
    return _("Since %(since)s, it is about %(n)s in 100 lower.", since=since, n=percent)


def _more(count: int, period: Period) -> str:
    if period is Period.DAY:
        return ngettext("%(n)s more day", "%(n)s more days", count)
    if period is Period.WEEK:
        return ngettext("%(n)s more week", "%(n)s more weeks", count)
    return ngettext("%(n)s more month", "%(n)s more months", count)


def _some(count: int, period: Period) -> str:
    if period is Period.DAY:
        return ngettext("%(n)s day", "%(n)s days", count)
    if period is Period.WEEK:
        return ngettext("%(n)s week", "%(n)s weeks", count)
    return ngettext("%(n)s month", "%(n)s months", count)


def weak_baseline_warning(count: int, period: Period) -> str:
    """A baseline under the normal floor."""
    return _(
        "Only %(time)s before the change. The verdict can be no better than C.",
        time=_some(count, period),
    )
