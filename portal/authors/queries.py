"""Finding what somebody handed in without their name; for themselves alone."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, bindparam, func, select, union_all

from portal.actor import ROLE_CAPABILITIES, Actor, Role
from portal.authors.models import HUES, NAMES, AuthorMode, FollowUp, Seal
from portal.authors.sealing import key_file, owner_token, unseal
from portal.database import session
from portal.errors import NotFound
from portal.i18n import gettext as _
from portal.people.models import PortalFact
from portal.people.queries import Face

BLOCK = 8
"""So many more tokens than a person is known to have are looked for at a time."""

MODES_FACT = "author_modes"

_PERSONAS = select(Seal.persona_id).where(Seal.owner_token.in_(bindparam("tokens", expanding=True)))

OWN = union_all(select(bindparam("person_id", type_=BigInteger()).label("id")), _PERSONAS).cte(
    "own"
)
"""The keys of the person and of their personas, to be joined: through ``IN`` both databases would
read every idea.  Binds what :func:`own` gives."""

OWN_IDS: Any = bindparam("own_ids", expanding=True)
"""The same keys as values, for ``column.in_(OWN_IDS)``, from :func:`list_own_ids`."""

_OF_PERSONA = select(Seal).where(Seal.persona_id == bindparam("persona_id"))
_OF_SUBJECT = select(Seal).where(
    Seal.subject_kind == bindparam("subject_kind"), Seal.subject_id == bindparam("subject_id")
)
_known: dict[int, int] = {}
"""How many tokens of a person this process has seen in use; it only grows, so it never lies
for long: a lookup that finds all it asked for asks for more."""


@lru_cache(maxsize=2048)
def _block(_key: Path | None, person_id: int, number: int) -> tuple[bytes, ...]:
    return tuple(owner_token(person_id, number * BLOCK + place) for place in range(BLOCK))


def list_tokens(person_id: int | None) -> list[bytes]:
    """The tokens to look for: those a person is known to have, and at least eight more."""
    if person_id is None:
        return [b""]
    blocks, key = _known.get(person_id, 0) // BLOCK + 1, key_file()
    return [token for number in range(blocks) for token in _block(key, person_id, number)]


def own(actor: Actor) -> dict[str, Any]:
    """The values that ``OWN`` binds, for as much as the actor is known to have sealed."""
    return {"person_id": actor.id, "tokens": list_tokens(actor.id)}


def list_own_ids(actor: Actor) -> list[int]:
    """The person's own key and those of their confidential personas; one statement as a rule."""
    if actor.id is None:
        return [0]
    while True:
        tokens = list_tokens(actor.id)
        found = list(session().scalars(_PERSONAS, {"tokens": tokens}))
        note_known(actor.id, len(found))
        if len(found) < len(tokens):
            return [actor.id, *sorted(found)]


def note_known(person_id: int, count: int) -> None:
    """Remember how many confidential things somebody has, so that their tokens cover them."""
    if count > _known.get(person_id, 0):
        _known[person_id] = count


def find_seal(subject_kind: str, subject_id: int) -> Seal | None:
    """The seal of a thing, or None for a named or anonymous one."""
    values = {"subject_kind": subject_kind, "subject_id": subject_id}
    return session().scalar(_OF_SUBJECT, values)


def get_seal(subject_kind: str, subject_id: int) -> Seal:
    """The seal of a thing; raises NotFound where nothing is sealed."""
    seal = find_seal(subject_kind, subject_id)
    if seal is None:
        raise NotFound(_("There is nothing sealed here."))
    return seal


def is_sealed_for(actor: Actor, seal: Seal | None) -> bool:
    """Whether the actor is who stands behind a seal."""
    if seal is None or actor.id is None:
        return False
    return unseal(seal.sealed, f"{seal.subject_kind}:{seal.subject_id}") == actor.id


def stand_in(actor: Actor, persona_id: int | None) -> Actor:
    """The persona as whom the actor acts on what they handed in, else the actor; one statement."""
    if persona_id is None or persona_id == actor.id:
        return actor
    seal = session().scalar(_OF_PERSONA, {"persona_id": persona_id})
    if seal is None or seal.owner_token is None or not is_sealed_for(actor, seal):
        return actor
    return persona_actor(persona_id, AuthorMode.CONFIDENTIAL)


def persona_actor(persona_id: int, mode: AuthorMode) -> Actor:
    """A hidden author as services take them: may do what every agent may, leaves no name."""
    return Actor(
        id=persona_id,
        name=NAMES[mode],
        everywhere=ROLE_CAPABILITIES[Role.AGENT],
        is_hidden=True,
    )


def is_confidential(face: Face) -> bool:
    """Whether an author that a page shows is a sealed one."""
    return face.hue == HUES[AuthorMode.CONFIDENTIAL]


_MODES = select(PortalFact.value).where(PortalFact.name == MODES_FACT)


def list_modes() -> frozenset[AuthorMode]:
    """The modes this portal offers; all of them until an administrator chose."""
    stored = session().scalar(_MODES)
    if stored is None:
        return frozenset(AuthorMode)
    return frozenset(AuthorMode(one) for one in stored.split(",") if one in set(AuthorMode))


_FOLLOWED = select(FollowUp).where(FollowUp.phrase_tag == bindparam("phrase_tag"))


def list_followed(phrase_tag: bytes) -> list[FollowUp]:
    """What a phrase gives access to."""
    return list(session().scalars(_FOLLOWED, {"phrase_tag": phrase_tag}))


def count_seals() -> int:
    """How many things are sealed."""
    return session().scalar(select(func.count()).select_from(Seal)) or 0
