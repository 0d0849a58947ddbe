"""Who may attach, take back and redact files; pure."""

from portal.actor import Actor, Capability
from portal.attachments.models import Attachment, State
from portal.i18n import gettext as _
from portal.policy import policy

ANONYMOUS_FILES = False
"""Whether something handed in without a name takes files: a file tells more than its pixels."""


def takes_files(*, is_anonymous: bool) -> bool:
    """Whether files may be attached to what is handed in this way."""
    return ANONYMOUS_FILES or not is_anonymous


@policy(Attachment, "read")
def can_read(actor: Actor, file: Attachment) -> bool:
    """A clean file is for everybody who sees what it belongs to; the rest is its sender's."""
    if file.state is State.CLEAN:
        return True
    if file.state is State.REDACTED:
        return is_sender(actor, file) or can_redact(actor)
    return file.state is not State.REMOVED and is_sender(actor, file)


@policy(Attachment, "remove", otherwise=_("Only the person who attached it can remove it."))
def is_sender(actor: Actor, file: Attachment) -> bool:
    """Whoever attached it; until when is a rule of what it belongs to."""
    return actor.id is not None and actor.id == file.person_id


@policy(Attachment, "redact", otherwise=_("Only an administrator can do this."))
def can_redact(actor: Actor) -> bool:
    """Administrators take away what should never have been here, and say why."""
    return actor.can(Capability.ADMINISTER)
