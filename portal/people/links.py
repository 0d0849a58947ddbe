"""One-time links: how people come in without a password, and get one.

A link's token is 256 random bits of which the hash is stored; it works once, for a short
while, and only the newest one of a person works at all.
"""

from datetime import timedelta

from sqlalchemy import delete, update

from portal.actor import PROGRAM, Actor
from portal.audit.services import record
from portal.database import session
from portal.errors import Conflict, NotAllowed
from portal.i18n import gettext as _
from portal.now import now
from portal.people import policies
from portal.people.models import LinkPurpose, OneTimeLink, Person
from portal.people.queries import find_link, has_people
from portal.people.tokens import digest, new_token

LIFE = {
    LinkPurpose.SIGN_IN: timedelta(minutes=10),
    LinkPurpose.RESET: timedelta(minutes=60),
    LinkPurpose.INVITE: timedelta(days=7),
    LinkPurpose.ADMINISTRATOR: timedelta(days=7),
}
WITH_PASSWORD = frozenset({LinkPurpose.RESET, LinkPurpose.INVITE})
"""Links that ask for a new password on the way in."""


class LinkSpent(Conflict):
    """The link was used, was replaced by a newer one, has expired or never was."""

    def __init__(self) -> None:
        super().__init__(_("This link was used or has expired. Ask for a new one."))


def make_link(
    actor: Actor, person: Person | None, purpose: LinkPurpose = LinkPurpose.SIGN_IN
) -> str:
    """Make a link's token; without a person, the first administrator's.  Older ones stop working.

    Raises
    ------
    NotAllowed
        If the actor is no administrator, or the account is closed.
    Conflict
        If there is a first administrator already.
    """
    policies.can_make_link.require(actor)
    if person is None and has_people():
        raise Conflict(_("There are people already; the first administrator exists."))
    if person is not None and not person.is_active:
        raise NotAllowed(_("This account is closed."))
    purpose = purpose if person is not None else LinkPurpose.ADMINISTRATOR
    person_id = person.id if person is not None else None
    drop_links(person_id)
    token, moment = new_token(), now()
    session().add(
        OneTimeLink(
            token_hash=digest(token),
            person_id=person_id,
            purpose=purpose,
            created_at=moment,
            expires_at=moment + LIFE[purpose],
        )
    )
    record(actor, "link.made", "person", person_id, purpose=purpose.value)
    return token


def drop_links(person_id: int | None) -> None:
    """Let no link of a person (None: of the first administrator) open any more."""
    session().execute(delete(OneTimeLink).where(OneTimeLink.person_id == person_id))


def get_usable_link(token: str) -> OneTimeLink:
    """The link behind a token, while it still opens.

    Raises
    ------
    LinkSpent
        When it does not, whatever the reason.
    """
    link = find_link(digest(token))
    if link is None or link.used_at is not None or link.expires_at <= now():
        raise LinkSpent
    return link


def was_administrators(token: str) -> bool:
    """Whether this is, or was, a link that makes the first administrator."""
    link = find_link(digest(token))
    return link is not None and link.purpose is LinkPurpose.ADMINISTRATOR


def use_link(token: str) -> OneTimeLink:
    """Take a link; of any number who try at once, exactly one succeeds.

    Raises
    ------
    LinkSpent
        For all the others.
    """
    taken = session().scalar(
        update(OneTimeLink)
        .where(
            OneTimeLink.token_hash == digest(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now(),
        )
        .values(used_at=now())
        .returning(OneTimeLink.token_hash)
    )
    link = find_link(digest(token)) if taken else None
    if link is None:
        raise LinkSpent
    record(PROGRAM, "link.used", "person", link.person_id, purpose=link.purpose.value)
    return link
