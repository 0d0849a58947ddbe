"""From what was typed or imported to what may be stored: checked, normalised and masked.

Nothing here touches the database, so that a long import masks its rows before it holds
the one writer.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.identifiers import Kind
from portal.insights.models import Channel, DemandType, Friction
from portal.masking import Finding, mask
from portal.now import now
from portal.text import normalise, one_line

MAX_TEXT = 20_000
MAX_EXPECTED = 2_000
MAX_SHORT = 60
MAX_EXTERNAL_ID = 120
MAX_MINUTES = 1_440
SEVERITIES = range(1, 5)
FIRST_DAY = datetime(2000, 1, 1, tzinfo=UTC)
_CLOCKS_DIFFER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class NewInsight:
    """One insight as it came in, not masked yet.  ``severity`` is 1 (nuisance) to 4 (harm)."""

    text: str
    channel: Channel | None = None
    reason_id: int | None = None
    demand_type: DemandType = DemandType.UNSURE
    expected: str | None = None
    severity: int | None = None
    minutes: int | None = None
    segment: str | None = None
    moment: str | None = None
    friction: Sequence[Friction] = ()
    occurred_at: datetime | None = None
    author_id: int | None = None
    external_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReadyInsight:
    """An insight whose texts are masked; the only thing that services store.

    ``masked`` counts what was taken out, by kind.
    """

    new: NewInsight
    masked: dict[str, int]


def check(new: NewInsight) -> NewInsight:
    """The insight with its texts normalised; raises RuleBroken naming the field at fault."""
    checked = replace(
        new,
        text=_long("text", new.text, MAX_TEXT),
        expected=_long("expected", new.expected or "", MAX_EXPECTED) or None,
        segment=_short("segment", new.segment),
        moment=_short("moment", new.moment),
        external_id=_short("external_id", new.external_id, MAX_EXTERNAL_ID),
        friction=tuple(dict.fromkeys(Friction(one) for one in new.friction)),
    )
    if not checked.text:
        raise RuleBroken(_("Say what the customer said or suffered."), field="text")
    if new.severity is not None and new.severity not in SEVERITIES:
        raise RuleBroken(_("How bad it was is a number from 1 to 4."), field="severity")
    if new.minutes is not None and not 0 <= new.minutes <= MAX_MINUTES:
        raise RuleBroken(_("Minutes go from 0 to %(n)s.", n=MAX_MINUTES), field="minutes")
    if new.occurred_at is not None:
        _check_moment(new.occurred_at)
    return checked


def _check_moment(occurred_at: datetime) -> None:
    if occurred_at > now() + _CLOCKS_DIFFER:
        raise RuleBroken(_("This has not happened yet."), field="occurred_at")
    if occurred_at < FIRST_DAY:
        raise RuleBroken(_("This is before the year 2000."), field="occurred_at")


def _long(field: str, value: str, most: int) -> str:
    return _within(field, normalise(value).strip(), most)


def _short(field: str, value: str | None, most: int = MAX_SHORT) -> str | None:
    return _within(field, one_line(value or ""), most) or None


def _within(field: str, value: str, most: int) -> str:
    if len(value) > most:
        over = len(value) - most
        raise RuleBroken(_("%(n)s characters too many. Cut it.", n=over), field=field)
    return value


def make_ready(new: NewInsight) -> ReadyInsight:
    """The checked insight with every text masked; raises RuleBroken as :func:`check`."""
    checked = check(new)
    counts: Counter[str] = Counter()

    def masked(value: str) -> str:
        found = mask(value)
        counts.update({finding.kind.value: finding.count for finding in found.found})
        return found.text

    ready = replace(
        checked,
        text=masked(checked.text),
        expected=masked(checked.expected) if checked.expected else None,
        segment=masked(checked.segment)[:MAX_SHORT] if checked.segment else None,
        moment=masked(checked.moment)[:MAX_SHORT] if checked.moment else None,
        external_id=_without_personal_data(checked.external_id),
    )
    return ReadyInsight(ready, dict(counts))


def _without_personal_data(external_id: str | None) -> str | None:
    """An id that looks like a card, phone or mail address is kept as its hash, still unique."""
    if external_id is None or not mask(external_id).found:
        return external_id
    return f"sha256-{hashlib.sha256(external_id.encode()).hexdigest()}"


def findings(masked: dict[str, int]) -> tuple[Finding, ...]:
    """Stored counts as what :func:`portal.masking.describe` takes."""
    return tuple(Finding(kind, masked[kind]) for kind in Kind if masked.get(kind))
