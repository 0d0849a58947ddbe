"""Which teams a board may show, so that nothing it says is about fewer than five people; pure.

What somebody who may be named has achieved is public.  So a reader can take what the named ones
have off every figure of a team, and what the shown teams have off the whole.  What is left is the
sum of people who are not to be told apart: the unnamed of one team, or all whose team is not shown.
Each of these cells holds five people or more, or nobody.  Every other figure is a sum of whole
cells, so the difference of two is one as well.

People are counted as members, whether they have achieved something or not: a cell that followed the
period would let two periods tell on one person.
"""

from collections.abc import Sequence
from dataclasses import dataclass

SMALLEST_GROUP = 5
"""Fewer people than this are not shown as a group of their own."""


@dataclass(frozen=True, slots=True)
class Team:
    """How many people belong to a team itself, and how many of them are not to be named."""

    id: int
    people: int
    unnamed: int


@dataclass(frozen=True, slots=True)
class Cells:
    """The teams to show; how many unnamed people stand together in the rest, in none of them.

    Without ``are_names_shown`` not even the named may be: what is left would be about too few.
    """

    shown: frozenset[int]
    rest: int
    are_names_shown: bool = True

    @property
    def is_rest_shown(self) -> bool:
        """Whether the rest may be shown as one group."""
        return self.rest >= SMALLEST_GROUP


def choose_cells(teams: Sequence[Team], elsewhere: int) -> Cells:
    """Which teams may be shown; ``elsewhere`` counts the unnamed who belong to none.

    Where the rest is too small, the smallest teams join it, until it is large enough.
    """
    large = {
        team.id: team.unnamed
        for team in teams
        if team.people >= SMALLEST_GROUP and not 0 < team.unnamed < SMALLEST_GROUP
    }
    rest = elsewhere + sum(team.unnamed for team in teams if team.id not in large)
    by_size = sorted((unnamed, key) for key, unnamed in large.items() if unnamed)
    for unnamed, key in by_size:
        if not 0 < rest < SMALLEST_GROUP:
            break
        rest += unnamed
        del large[key]
    if 0 < rest < SMALLEST_GROUP:
        return Cells(frozenset(), rest, are_names_shown=False)
    return Cells(frozenset(large), rest)
