"""Dividing an idea among its authors, in whole percent."""

from collections.abc import Sequence

from portal.errors import RuleBroken
from portal.i18n import gettext as _

MAX_AUTHORS = 10


def share_equally(person_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Equal whole shares that sum to 100, by the largest remainder: the first get the rest."""
    if not person_ids:
        return []
    each, rest = divmod(100, len(person_ids))
    return [(person_id, each + (place < rest)) for place, person_id in enumerate(person_ids)]


def combine_shares(parts: Sequence[Sequence[tuple[int, int]]]) -> list[tuple[int, int]]:
    """The shares of several ideas that became one: each idea counts the same.

    Whole percent that sum to 100, by the largest remainder, and nobody gets less than one;
    whoever had a part in several ideas has the sum.  Raises RuleBroken (field ``into``) where
    more people than can share would have to.
    """
    sums: dict[int, int] = {}
    for part in parts:
        for person_id, share in part:
            sums[person_id] = sums.get(person_id, 0) + share
    if len(sums) > MAX_AUTHORS:
        raise RuleBroken(
            _("Together they would have more than %(n)s authors.", n=MAX_AUTHORS), field="into"
        )
    whole = sum(sums.values())
    shares = {person_id: max(100 * part // whole, 1) for person_id, part in sums.items()}
    rests = sorted(sums, key=lambda person_id: -(100 * sums[person_id] % whole))
    for place in range(100 - sum(shares.values())):
        shares[rests[place % len(rests)]] += 1
    while sum(shares.values()) > 100:
        shares[max(shares, key=lambda person_id: shares[person_id])] -= 1
    return sorted(shares.items(), key=lambda row: -row[1])


def check_shares(shares: Sequence[tuple[int, int]]) -> None:
    """Raise RuleBroken (field ``authors``) unless everybody stands once and all sum to 100."""
    if len({person_id for person_id, _share in shares}) != len(shares):
        raise RuleBroken(_("Somebody stands twice among the authors."), field="authors")
    if len(shares) > MAX_AUTHORS:
        raise RuleBroken(
            _("At most %(n)s people can be authors of one idea.", n=MAX_AUTHORS), field="authors"
        )
    if (
        any(share < 1 for _person, share in shares)
        or sum(share for _person, share in shares) != 100
    ):
        raise RuleBroken(
            _("The authors' shares are whole percent and sum to 100."), field="authors"
        )
