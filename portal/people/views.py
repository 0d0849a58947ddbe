"""Who works here; the other pages of people stand in modules of their own."""

from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.people import account, away, desk, door, invited, proof, queries
from portal.people.blueprint import people
from portal.web.access import actor, requires
from portal.web.answers import page

__all__ = ["account", "away", "desk", "door", "invited", "people", "proof"]


@people.get("/people")
@requires(Capability.READ)
def people_page() -> ResponseReturnValue:
    """Who works here."""
    return page(
        "people/people.html",
        people=queries.list_people(),
        may_open=actor().can(Capability.ADMINISTER),
        mine=queries.list_members(actor()),
    )


@people.get("/departments")
@requires(Capability.READ)
def departments() -> ResponseReturnValue:
    """The departments, who heads them and who stands in."""
    rows = queries.list_departments(teams=True)
    ids = [i for row in rows for i in (row.head_id, row.deputy_id) if i is not None]
    return page("people/departments.html", departments=rows, names=queries.list_faces(ids))
