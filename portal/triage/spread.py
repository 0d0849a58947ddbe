"""How far apart reviewers are, in words and as places on a line; pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.i18n import gettext as _
from portal.i18n import ngettext
from portal.triage.labels import effort_label
from portal.triage.models import Effort

BANDS = tuple(Effort)

TALK_FROM = 2
"""So many bands apart, reviewers mean different things by the same idea."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How many reviewers said each band, in the order of the bands."""

    counts: tuple[int, ...]

    @classmethod
    def of(cls, efforts: Sequence[Effort]) -> "Spread":
        """The spread of what was said."""
        return cls(tuple(efforts.count(band) for band in BANDS))

    @property
    def reviewers(self) -> int:
        """How many said something."""
        return sum(self.counts)

    @property
    def ends(self) -> tuple[Effort, Effort]:
        """The least and the most that was said; there has to be something."""
        said = [band for band, count in zip(BANDS, self.counts, strict=True) if count]
        return said[0], said[-1]

    @property
    def gap(self) -> int:
        """How many bands lie between the two."""
        least, most = self.ends
        return BANDS.index(most) - BANDS.index(least)

    def say(self) -> str:
        """The spread in one sentence: "2 reviewers, 2 bands apart (days to months): talk"."""
        least, most = (effort_label(band) for band in self.ends)
        if self.reviewers == 1:
            return _("One reviewer so far: %(band)s.", band=least)
        if self.gap == 0:
            return _("%(n)s reviewers agree: %(band)s.", n=self.reviewers, band=least)
        values = {"reviewers": self.reviewers, "least": least, "most": most}
        if self.gap < TALK_FROM:
            return _("%(reviewers)s reviewers, one band apart: %(least)s to %(most)s.", **values)
        return ngettext(
            "%(reviewers)s reviewers, %(n)s band apart (%(least)s to %(most)s): talk.",
            "%(reviewers)s reviewers, %(n)s bands apart (%(least)s to %(most)s): talk.",
            self.gap,
            **values,
        )
