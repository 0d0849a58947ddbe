"""Who may be named in a promise."""

from collections.abc import Sequence

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import aliased

from portal.database import session
from portal.people.models import Department, Person
from portal.people.queries import Face

_OWNER = aliased(Department, name="owner")
_CANDIDATES = (
    select(Person.id, Person.name, Person.hue, Department.name.label("home"))
    .outerjoin(Department, Department.id == Person.home_department_id)
    .where(
        or_(Person.is_active, Person.hue < 0),
        or_(
            Person.id.in_(bindparam("others", expanding=True)),
            Department.path.startswith(
                select(_OWNER.path).where(_OWNER.id == bindparam("department_id")).scalar_subquery()
            ),
        ),
    )
    .order_by(Person.name, Person.id)
    .limit(500)
)


def list_candidates(department_id: int | None, others: Sequence[int | None]) -> list[Face]:
    """The people of a department and all below it, and ``others``; by name, at most 500.

    Hidden authors stand among ``others`` where they are to share the credit (their hue is below
    zero); nobody can leave work to them.
    """
    ids = sorted({person_id for person_id in others if person_id is not None})
    rows = session().execute(_CANDIDATES, {"department_id": department_id, "others": ids or [0]})
    return [Face(row.id, row.name, row.hue, row.home) for row in rows]
