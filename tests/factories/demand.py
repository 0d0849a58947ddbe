"""Contact reasons."""

from itertools import count
from typing import Any

from portal.actor import PROGRAM
from portal.demand import services
from portal.demand.models import ContactReason
from portal.people.models import Department
from tests.factories.people import make_department

_serial = count(1)


def make_reason(
    name: str = "Bill unclear",
    *,
    owner: Department | None = None,
    key: str | None = None,
    **changes: Any,
) -> ContactReason:
    """A contact reason; inside a writing unit."""
    key = key or f"{name.lower().replace(' ', '-')}-{next(_serial)}"
    return services.add_reason(
        PROGRAM,
        key,
        name=name,
        owner=owner or make_department(),
        **changes,
    )
