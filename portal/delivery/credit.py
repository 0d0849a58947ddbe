"""The split of credit between those who had an idea, shaped it and built it; pure."""

from collections.abc import Sequence

from portal.delivery.models import CreditRole
from portal.errors import RuleBroken
from portal.i18n import gettext as _

Share = tuple[int, CreditRole, int]
"""``(person_id, role, percent)``."""

ORIGINATORS = 60
DEVELOPERS = 20
IMPLEMENTERS = 20
MAX_SHARES = 20


def default_split(originators: Sequence[int], person_id: int) -> list[Share]:
    """60 to the originators in equal parts, 20 to develop and 20 to implement it.

    Whole percent by the largest remainder: the first originators get what is left over.
    Without a known originator, developing and implementing share everything.
    """
    if not originators:
        return [
            (person_id, CreditRole.DEVELOPER, 50),
            (person_id, CreditRole.IMPLEMENTER, 50),
        ]
    each, rest = divmod(ORIGINATORS, len(originators))
    had_it = [
        (originator, CreditRole.ORIGINATOR, each + (place < rest))
        for place, originator in enumerate(originators)
    ]
    return [
        *had_it,
        (person_id, CreditRole.DEVELOPER, DEVELOPERS),
        (person_id, CreditRole.IMPLEMENTER, IMPLEMENTERS),
    ]


def check_split(shares: Sequence[Share]) -> None:
    """Raise RuleBroken (field ``credit``) unless the parts are whole percent that sum to 100."""
    if len(shares) > MAX_SHARES:
        raise RuleBroken(
            _("At most %(n)s parts of credit can be kept.", n=MAX_SHARES), field="credit"
        )
    if len({(person_id, role) for person_id, role, _percent in shares}) < len(shares):
        raise RuleBroken(_("Somebody stands twice with the same part."), field="credit")
    if any(not 1 <= percent <= 100 for _person, _role, percent in shares):
        raise RuleBroken(_("A part of credit is 1 to 100 percent."), field="credit")
    total = sum(percent for _person, _role, percent in shares)
    if total != 100:
        raise RuleBroken(
            _("The parts of credit sum to 100; these sum to %(total)s.", total=total),
            field="credit",
        )
