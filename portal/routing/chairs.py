"""Who sits where, for many questions at once: whose it is, who stands above, who is left.

The tree is read in one statement; every answer is arithmetic.  Somebody who has left holds no
chair.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from portal.database import session
from portal.people.models import Department, Person

NOBODY: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Chair:
    """A department with its head and its deputy, as far as they have an open account."""

    department_id: int
    name: str
    path: tuple[int, ...]
    head_id: int | None
    deputy_id: int | None
    takes_orphans: bool

    def people(self) -> Iterator[int]:
        """The head, then the deputy."""
        for person_id in (self.head_id, self.deputy_id):
            if person_id is not None:
                yield person_id


class Chairs:
    """The whole tree at a moment."""

    def __init__(self, chairs: Mapping[int, Chair]) -> None:
        self.by_department = chairs
        self._desk = next((one for one in chairs.values() if one.takes_orphans), None)

    def upward(self, department_id: int) -> list[Chair]:
        """The department and those above it, the lowest first."""
        found = self.by_department.get(department_id)
        if found is None:
            return []
        known = self.by_department
        return [known[one] for one in reversed(found.path) if one in known]

    def find(self, department_id: int, passed_over: Collection[int] = NOBODY) -> int | None:
        """Who answers for a department: its head, else its deputy, else those above it."""
        return _first(self.upward(department_id), passed_over)

    def find_present(
        self, department_id: int, passed_over: Collection[int], away: Collection[int]
    ) -> int | None:
        """Who answers for a department now: whoever is there, else whoever will be back."""
        there = self.find(department_id, {*passed_over, *away})
        return there or self.find(department_id, passed_over)

    def find_stand_in(
        self, department_id: int, absent_id: int, passed_over: Collection[int]
    ) -> int | None:
        """Who answers while somebody is away: the other chair there, else those above it."""
        upward = self.upward(department_id)
        sits = (n for n, one in enumerate(upward) if absent_id in one.people())
        return _first(upward[next(sits, 0) :], {*passed_over, absent_id})

    def is_above(self, department_id: int, person_id: int) -> bool:
        """Whether somebody sits in a chair of a department or of one above it."""
        return any(person_id in one.people() for one in self.upward(department_id))

    def find_superior(
        self, department_id: int, passed_over: Collection[int] = NOBODY
    ) -> int | None:
        """Who stands above whoever answers for a department, else the named executive.

        None where nobody is left but those who answer already.
        """
        upward = self.upward(department_id)
        held = next((n for n, one in enumerate(upward) if _first([one], passed_over)), None)
        first = _first(upward, passed_over)
        above = upward[held + 1 :] if held is not None else []
        out = {*passed_over, first or 0}
        return _first(above, out) or self.find_executive(out)

    def find_executive(self, passed_over: Collection[int] = NOBODY) -> int | None:
        """The named executive who gets what nobody owns, or who stands in there."""
        return _first([self._desk] if self._desk else [], passed_over)

    def name_of(self, department_id: int) -> str:
        """What a department is called."""
        found = self.by_department.get(department_id)
        return found.name if found else ""


def _first(chairs: Collection[Chair], passed_over: Collection[int]) -> int | None:
    people = (person_id for one in chairs for person_id in one.people())
    return next((person_id for person_id in people if person_id not in passed_over), None)


_Head = aliased(Person, name="chair_head")
_Deputy = aliased(Person, name="chair_deputy")
_CHAIRS = (
    select(
        Department.id,
        Department.name,
        Department.path,
        _Head.id.label("head_id"),
        _Deputy.id.label("deputy_id"),
        Department.takes_orphans,
    )
    .outerjoin(_Head, and_(_Head.id == Department.head_id, _Head.is_active))
    .outerjoin(_Deputy, and_(_Deputy.id == Department.deputy_id, _Deputy.is_active))
)


def load_chairs() -> Chairs:
    """Everybody who heads a department or stands in there, in one statement."""
    return Chairs(
        {
            row.id: Chair(
                department_id=row.id,
                name=row.name,
                path=tuple(int(part) for part in row.path.strip("/").split("/")),
                head_id=row.head_id,
                deputy_id=row.deputy_id,
                takes_orphans=row.takes_orphans,
            )
            for row in session().execute(_CHAIRS)
        }
    )
