"""What a person signs in with, and where they are signed in: the verbs."""

from sqlalchemy import bindparam, select, update

from portal.actor import Actor, Role
from portal.audit.services import record
from portal.database import session
from portal.errors import NotFound, RuleBroken
from portal.i18n import gettext as _
from portal.people import policies, second_factor, throttle
from portal.people.links import drop_links
from portal.people.models import Person, RoleAssignment, SignInSession
from portal.people.queries import find_fact
from portal.people.sign_in import (
    Limits,
    account_key,
    close_session,
    end_sessions,
    list_sessions,
    rotate_session,
)
from portal.people.tokens import digest


def set_password(actor: Actor, person: Person, *, password_hash: str) -> None:
    """Give somebody a new password: their own doing, or by a link that was theirs.

    Every browser of theirs is signed out, older links stop working, and the brake lets go.
    """
    policies.can_choose_password.require(actor, person)
    person.password_hash = password_hash
    end_sessions(person.id)
    drop_links(person.id)
    throttle.release_brake(session(), account_key(person.email))
    record(actor, "person.password_changed", "person", person.id)


def prove(actor: Actor, token: str) -> str:
    """Note that the actor has just shown who they are; the session's new id."""
    record(actor, "person.proved", "person", actor.id)
    return rotate_session(token)


def rotate_and_end_others(actor: Actor, token: str) -> str:
    """After a change of what the actor signs in with: this browser's new id, and no other's."""
    assert actor.id is not None
    fresh = rotate_session(token)
    end_sessions(actor.id, but=digest(fresh))
    return fresh


def confirm_enrolment(actor: Actor, token: str) -> str:
    """The session's new id once its person has set up what their role asks for."""
    fresh = rotate_and_end_others(actor, token)
    session().execute(
        update(SignInSession).where(SignInSession.id_hash == digest(fresh)).values(must_enrol=False)
    )
    return fresh


def turn_off_second_factor(actor: Actor, asked_of: frozenset[Role]) -> None:
    """Turn one's own second factor off.

    Raises
    ------
    RuleBroken
        If the actor's role asks for one.
    """
    assert actor.id is not None
    if needs_second_factor(actor.id, asked_of):
        raise RuleBroken(_("Your role needs a second factor, so it stays on."))
    second_factor.turn_off(actor, actor.id)


def end_own_session(actor: Actor, key: str, limits: Limits) -> bytes:
    """Sign one of the actor's own browsers out; the hash of its id.

    Raises
    ------
    NotFound
        If there is none with this key, or it is somebody else's.
    """
    assert actor.id is not None
    found = next((one for one in list_sessions(actor.id, limits) if one.key == key), None)
    if found is None:
        raise NotFound(_("This browser is signed out already."))
    close_session(found.id_hash)
    record(actor, "session.ended", "person", actor.id)
    return found.id_hash


def end_other_sessions(actor: Actor, this: bytes) -> int:
    """Sign all of the actor's browsers out but this one; how many there were."""
    assert actor.id is not None
    count = end_sessions(actor.id, but=this)
    record(actor, "session.ended", "person", actor.id, count=count)
    return count


def sign_out_everywhere(actor: Actor, person: Person) -> int:
    """Sign every browser of somebody else out; how many there were."""
    policies.can_sign_out.require(actor, person)
    count = end_sessions(person.id)
    record(actor, "session.ended", "person", person.id, count=count)
    return count


def remove_second_factor(actor: Actor, person: Person) -> None:
    """Turn somebody's second factor off, because their app is lost; they sign in again."""
    policies.can_remove_second_factor.require(actor, person)
    second_factor.turn_off(actor, person.id)
    end_sessions(person.id)


_ROLES = select(RoleAssignment.role).where(
    RoleAssignment.person_id == bindparam("person_id"), RoleAssignment.ended_at.is_(None)
)


def list_roles(person_id: int) -> frozenset[Role]:
    """The roles somebody holds anywhere."""
    return frozenset(session().scalars(_ROLES, {"person_id": person_id}))


def needs_second_factor(person_id: int, asked_of: frozenset[Role]) -> bool:
    """Whether somebody's roles ask for a second factor; in a demo nobody's do."""
    return bool(asked_of & list_roles(person_id)) and find_fact("demo_password") is None
