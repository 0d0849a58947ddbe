"""How the demo finds departments: a few rules, and a router that learned from its year."""

from portal.actor import PROGRAM
from portal.database import writing
from portal.errors import NotFound
from portal.people.queries import find_department_by_key
from portal.routing.jobs import learn_anew
from portal.routing.rules import Conditions
from portal.routing.ruling import Draft, add_rule

RULES = (
    (
        "Payment words",
        "payments",
        Conditions(words=("direct debit", "instalment", "reminder", "paid twice")),
    ),
    ("Meters that harm", "metering", Conditions(words=("meter", "reading"), severity=3)),
    (
        "Website and app",
        "digital",
        Conditions(words=("app", "website", "password", "log in", "online account")),
    ),
    ("Somebody moves", "moves", Conditions(words=("moving home", "moved out", "new tenant"))),
)
"""Name, key of the department, and what is asked, in their order."""


def set_routing() -> None:
    """Add the rules, and let the router learn from what the year has settled."""
    with writing():
        for name, key, asked in RULES:
            department = find_department_by_key(key)
            if department is None:
                raise NotFound(f"The demo has no department {key}.")
            add_rule(PROGRAM, Draft(name, department.id, asked))
    learn_anew({})
