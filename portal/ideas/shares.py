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
