"""From what a form holds to what a service takes, and back; no writing."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from portal.actor import Actor
from portal.clocks.models import ClockKind
from portal.clocks.queries import find_due
from portal.errors import RuleBroken
from portal.i18n import format_day, local
from portal.i18n import gettext as _
from portal.ideas.models import Idea
from portal.ideas.shares import share_equally
from portal.people.queries import find_person_by_email, get_department

E = TypeVar("E", bound=StrEnum)


def chosen(values: type[E], typed: str | None) -> E | None:
    """The member of an enumeration that a choice names, or None."""
    return values(typed) if typed in set(values) else None


def share_with(actor: Actor, addresses: str) -> list[tuple[int, int]]:
    """The actor and the people with these addresses, with equal shares.

    Addresses stand apart by commas, semicolons or spaces.

    Raises
    ------
    RuleBroken
        For an address that nobody here has (field ``authors``).
    """
    ids = [actor.id] if actor.id is not None else []
    for address in _split(addresses):
        person = find_person_by_email(address)
        if person is None or not person.is_active:
            raise RuleBroken(
                _("Nobody here has the address %(address)s.", address=address), field="authors"
            )
        if person.id not in ids:
            ids.append(person.id)
    return share_equally(ids)


def _split(addresses: str) -> Sequence[str]:
    return addresses.replace(",", " ").replace(";", " ").split()


def say_where(idea: Idea) -> str:
    """Where an idea went and by when it gets a reply; inside the unit or after it."""
    if idea.owner_department_id is None:
        return _("Sent. It is on its way to a department.")
    name = get_department(idea.owner_department_id).name
    due = find_due("idea", idea.id, ClockKind.FIRST_REPLY)
    if due is None:
        return _("It is with %(name)s.", name=name)
    return _(
        "It is with %(name)s. First reply by %(day)s.",
        name=name,
        day=format_day(local(due).date()),
    )
