"""What administrators do about work that failed."""

from portal.actor import Actor
from portal.admin.policies import can_settle_tasks
from portal.audit.services import record
from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.jobs import services as outbox
from portal.jobs.models import OutboxTask
from portal.text import normalise

SUBJECT = "task"
MAX_REASON = 240


def try_task_again(actor: Actor, task: OutboxTask) -> None:
    """Let a task that failed start over."""
    can_settle_tasks.require(actor)
    outbox.try_again(task)
    record(actor, "task.tried_again", SUBJECT, task.id, kind=task.kind)


def try_all_again(actor: Actor) -> int:
    """Let everything that failed start over; how many."""
    can_settle_tasks.require(actor)
    count = outbox.try_all_again()
    record(actor, "task.all_tried_again", SUBJECT, None, count=count)
    return count


def give_task_up(actor: Actor, task: OutboxTask, *, reason: str) -> None:
    """Leave a task that failed undone, for a reason that the next one reads."""
    can_settle_tasks.require(actor)
    said = normalise(reason)
    if not said:
        raise RuleBroken(_("Say why it is left undone."), field="reason")
    if len(said) > MAX_REASON:
        raise RuleBroken(_("Too long: 240 characters are the most."), field="reason")
    outbox.give_up(task, reason=said)
    record(actor, "task.given_up", SUBJECT, task.id, kind=task.kind)
