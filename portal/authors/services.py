"""Personas, seals, and which modes are offered."""

from collections.abc import Collection, Iterable
from secrets import token_hex

from portal.actor import Actor
from portal.audit.services import record
from portal.authors import sealing
from portal.authors.models import HUES, NAMES, AuthorMode, Seal
from portal.authors.policies import can_offer_modes
from portal.authors.queries import MODES_FACT, list_modes, list_own_ids, persona_actor
from portal.database import session
from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.now import midnight, today
from portal.people.models import Person
from portal.people.queries import find_person_by_email
from portal.people.services import set_fact


def require_offered(mode: AuthorMode) -> None:
    """Raise RuleBroken (field ``mode``) for a mode that this portal does not offer."""
    if mode not in list_modes():
        raise RuleBroken(_("This portal does not offer that. Choose another."), field="mode")


def refuse_files(filenames: Iterable[str | None]) -> None:
    """Raise RuleBroken (field ``files``) for a file beside what nobody is to be known by."""
    if any(filenames):
        raise RuleBroken(_("Under seal no files are taken: they say who made them."), field="files")


def make_persona(mode: AuthorMode) -> Actor:
    """A new author without a name for one idea; inside a unit."""
    return persona_actor(_add_persona(mode, f"{token_hex(16)}@hidden.invalid").id, mode)


def shared_persona(mode: AuthorMode) -> Actor:
    """The one author whom all insights of a hidden mode show; inside a unit."""
    address = f"{mode.value}@hidden.invalid"
    known = find_person_by_email(address)
    return persona_actor((known or _add_persona(mode, address)).id, mode)


def _add_persona(mode: AuthorMode, address: str) -> Person:
    persona = Person(
        email=address,
        email_key=address,
        name=NAMES[mode],
        hue=HUES[mode],
        is_active=False,
        created_at=midnight(today()),
    )
    session().add(persona)
    session().flush()
    return persona


def seal_author(
    actor: Actor, subject_kind: str, subject_id: int, persona: Actor, *, is_listed: bool
) -> Seal:
    """Seal who handed a thing in; with ``is_listed`` it stands among their own."""
    assert actor.id is not None
    assert persona.id is not None
    token = None
    if is_listed:
        token = sealing.owner_token(actor.id, len(list_own_ids(actor)) - 1)
    made = Seal(
        subject_kind=subject_kind,
        subject_id=subject_id,
        persona_id=persona.id,
        sealed=sealing.seal(actor.id, f"{subject_kind}:{subject_id}"),
        owner_token=token,
    )
    session().add(made)
    session().flush()
    return made


def offer_modes(actor: Actor, modes: Collection[AuthorMode]) -> None:
    """Choose which modes are offered from now on; what was handed in stays as it is."""
    can_offer_modes.require(actor)
    if not modes:
        raise RuleBroken(_("Offer one way at least."), field="modes")
    chosen = sorted(mode.value for mode in modes)
    set_fact(MODES_FACT, ",".join(chosen))
    record(actor, "authors.modes_offered", "portal", None, modes=chosen)
