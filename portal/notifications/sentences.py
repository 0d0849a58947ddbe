"""What a move means to the people it concerns; pure, in the reader's own words."""

from dataclasses import dataclass

from portal.i18n import gettext as _
from portal.ideas.lifecycle import Move
from portal.notifications.models import NoticeClass

OWED = NoticeClass.OWED
INFORMATION = NoticeClass.INFORMATION


@dataclass(frozen=True, slots=True)
class Words:
    """How a message reads and how much it insists."""

    notice_class: NoticeClass
    title: str


def to_author(move: Move, *, title: str, department: str) -> Words | None:
    """What the originators of an idea hear of a move; None where it is no news to them."""
    said = {
        Move.RECEIVE: (INFORMATION, _("%(department)s has “%(title)s”.")),
        Move.ASK: (OWED, _("%(department)s asks you about “%(title)s”.")),
        Move.RETURN_UNANSWERED: (
            INFORMATION,
            _("Nobody answered, so “%(title)s” is back with %(department)s."),
        ),
        Move.TRANSFER: (INFORMATION, _("“%(title)s” is with %(department)s now.")),
        Move.ACCEPT: (OWED, _("%(department)s said yes to “%(title)s”.")),
        Move.DECLINE: (OWED, _("%(department)s said no to “%(title)s”, and why.")),
        Move.DEFER: (OWED, _("%(department)s put off “%(title)s”, and says until when.")),
        Move.ACCEPT_COST: (
            OWED,
            _("%(department)s signed that the calls behind “%(title)s” go on, and their price."),
        ),
        Move.REOPEN: (INFORMATION, _("“%(title)s” is looked at again by %(department)s.")),
        Move.POINT_OUT: (OWED, _("“%(title)s” exists already, says %(department)s.")),
        Move.MERGE: (OWED, _("“%(title)s” was joined to another idea; you stay an author.")),
        Move.UNMERGE: (INFORMATION, _("“%(title)s” stands on its own again.")),
        Move.TEST: (OWED, _("%(department)s tries out “%(title)s”.")),
        Move.VETO: (OWED, _("“%(title)s” cannot be tried out yet, and why.")),
        Move.APPEAL: (INFORMATION, _("“%(title)s” was appealed.")),
        Move.COMMIT: (OWED, _("%(department)s promised “%(title)s”, with a date.")),
        Move.START: (INFORMATION, _("Work on “%(title)s” has begun.")),
        Move.IMPLEMENT: (OWED, _("“%(title)s” is live.")),
        Move.VALIDATE: (OWED, _("“%(title)s” worked: its benefit is signed.")),
        Move.FIND_NOT_PROVEN: (OWED, _("“%(title)s”: no effect could be shown.")),
        Move.FIND_HARMFUL: (OWED, _("“%(title)s” made things worse; it will be taken back.")),
        Move.ROLL_BACK: (INFORMATION, _("“%(title)s” was taken back.")),
        Move.CLOSE: (INFORMATION, _("“%(title)s” is done and closed.")),
        Move.STOP: (OWED, _("“%(title)s” was stopped, and why.")),
    }.get(move)
    if said is None:
        return None
    notice_class, sentence = said
    return Words(notice_class, sentence % {"department": department, "title": title})


def to_handler(move: Move, *, title: str) -> Words | None:
    """What the person hears whom an idea waits on now."""
    said = {
        Move.RECEIVE: _("“%(title)s” waits for your answer."),
        Move.ANSWER: _("Your question about “%(title)s” was answered."),
        Move.RETURN_UNANSWERED: _("“%(title)s” waits for your decision again."),
        Move.TRANSFER: _("“%(title)s” was handed to you."),
        Move.ACCEPT: _("“%(title)s” waits for a promise: who, until when."),
        Move.REOPEN: _("“%(title)s” waits for your decision again."),
        Move.UNMERGE: _("“%(title)s” waits for your decision again."),
        Move.VETO: _("“%(title)s” waits for your decision again."),
        Move.APPEAL: _("“%(title)s” was appealed: decide it anew."),
        Move.COMMIT: _("You promised “%(title)s”."),
        Move.MEASURE: _("“%(title)s” is being measured."),
        Move.FIND_HARMFUL: _("“%(title)s” made things worse: take it back."),
    }.get(move)
    return None if said is None else Words(OWED, said % {"title": title})


def about_order(state: str, item: str) -> str:
    """What became of an order, for whoever placed it."""
    said = {
        "approved": _("“%(item)s” is approved."),
        "fulfilled": _("“%(item)s” is on its way to you. Say when you have it."),
        "refunded": _("“%(item)s” was taken back; your points are yours again."),
    }.get(state, _("“%(item)s” moved on."))
    return said % {"item": item}
