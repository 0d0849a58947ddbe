"""What every kind of notice says, in the list and in its letter; pure.

A kind names who hears of what: ``author.accept`` is what the originators of an idea hear of a
yes.  ``title`` is the news in one sentence, the subject of its letter too; ``then`` is what
follows from it for whoever reads it.  Both are translated when they are used.
"""

from portal.i18n import gettext as _
from portal.notifications.kinds import INFORMATION, OWED, Kind
from portal.notifications.moves import AUTHOR, HANDLER, SUPPORTER

KINDS: dict[str, Kind] = {
    **{f"author.{move}": kind for move, kind in AUTHOR.items()},
    **{f"supporter.{move}": kind for move, kind in SUPPORTER.items()},
    **{f"handler.{move}": kind for move, kind in HANDLER.items()},
    "idea.comment": Kind(
        INFORMATION,
        _("Somebody wrote about “%(title)s”."),
        _("Answer below it, where everybody who follows the idea reads it."),
    ),
    "idea.progress": Kind(
        INFORMATION,
        _("“%(title)s” moves on: there is a note on how far it is."),
        _("The promised date stands on the page of the idea."),
    ),
    "idea.date_changed": Kind(
        INFORMATION,
        _("The promised date of “%(title)s” moved."),
        _("The first date stays readable beside the new one."),
    ),
    "clock.nudge": Kind(
        INFORMATION,
        _("Three quarters of the time for “%(title)s” are gone."),
        _("It waits on you; its page shows until when."),
    ),
    "clock.over": Kind(
        OWED,
        _("The time for “%(title)s” is over, and it waits on you."),
        _("Its author sees that too. If you cannot say more yet, say what holds it up."),
    ),
    "clock.over_above": Kind(
        OWED,
        _("%(department)s is over its time with “%(title)s”."),
        _("It waits on somebody of yours. Help them, or answer it yourself."),
    ),
    "clock.over_author": Kind(
        INFORMATION,
        _("%(department)s is over its time with “%(title)s”."),
        _("Once, you can ask whoever stands above to step in: the button is on its page."),
    ),
    "clock.twice": Kind(
        OWED,
        _("%(department)s has taken twice its time for “%(title)s”."),
        _("You stand above whoever answers. See that it is answered, or answer it yourself."),
    ),
    "clock.raised": Kind(
        OWED,
        _("Its author asks you to step in: “%(title)s” is over its time."),
        _("You stand above whoever answers. See that it is answered, or answer it yourself."),
    ),
    "clock.raised_holder": Kind(
        INFORMATION,
        _("The author of “%(title)s” escalated it: its time is over."),
        _("It still waits on you, and whoever stands above you knows."),
    ),
    "clock.week": Kind(
        INFORMATION,
        _("Over their time this week: %(count)s ideas, %(twice)s of them by twice."),
        _("The board of ageing shows where they stand."),
    ),
    "stand.began": Kind(
        OWED,
        _("You stand in for %(name)s until %(day)s. Waiting on you now: %(count)s."),
        _("Their clocks run on as they were. What is not answered by then goes back to them."),
    ),
    "stand.back": Kind(
        OWED,
        _("You are back. Waiting on you again: %(count)s."),
        _("Your inbox has them, with the clocks as they ran meanwhile."),
    ),
    "stand.ended": Kind(
        INFORMATION,
        _("%(name)s is back. No longer waiting on you: %(count)s."),
        _("What you answered stays answered."),
    ),
    "chair.received": Kind(
        OWED,
        _("You answer in place of %(name)s now. Waiting on you: %(count)s."),
        _("Your inbox has them, with the clocks as they run."),
    ),
    "chair.given": Kind(
        INFORMATION,
        _("%(name)s answers in your place now. Passed on: %(count)s."),
        _("What you decided stays decided."),
    ),
    "note.named": Kind(
        OWED,
        _("%(name)s asks you in a private note on “%(title)s”."),
        _("Only who decides on it and whom the note names can read it. Answer there."),
    ),
    "transfer.called_back": Kind(
        INFORMATION,
        _("“%(title)s” was handed to you by mistake, and taken back."),
        _("There is nothing left for you to do about it."),
    ),
    "desk.full": Kind(
        INFORMATION,
        _("“%(title)s” went to %(name)s: your desk is full."),
        _("Its clock runs there. You can take it back from your inbox."),
    ),
    "desk.taken_back": Kind(
        INFORMATION,
        _("%(name)s took back what had come to you from a full desk: %(count)s."),
        _("There is nothing left for you to do about it."),
    ),
    "part.asked": Kind(
        OWED,
        _("%(owner)s needs a part of %(department)s for “%(title)s”."),
        _("Sign that it is done, or give it back. The task has a clock of its own."),
    ),
    "part.passed": Kind(
        OWED,
        _("The part of %(department)s for “%(title)s” waits on you now."),
        _("Sign that it is done, or give it back. Its clock runs on as it was."),
    ),
    "part.moved_on": Kind(
        INFORMATION,
        _("The part of %(department)s for “%(title)s” waits on somebody else now."),
        _("There is nothing left for you to do about it."),
    ),
    "part.given": Kind(
        OWED,
        _("%(department)s did its part for “%(title)s”."),
        _("What they signed stands on the page of the idea."),
    ),
    "part.refused": Kind(
        OWED,
        _("%(department)s gave its part for “%(title)s” back, and why."),
        _("Decide without it, or ask somebody else."),
    ),
    "part.withdrawn": Kind(
        INFORMATION,
        _("The part of %(department)s for “%(title)s” is not needed any more."),
        _("There is nothing left for you to do about it."),
    ),
    "part.nudge": Kind(
        INFORMATION,
        _("Three quarters of the time for your part in “%(title)s” are gone."),
        _("Another department waits for it; the page of the idea shows until when."),
    ),
    "part.over": Kind(
        OWED,
        _("The time for the part of %(department)s in “%(title)s” is over, and it waits on you."),
        _("If you cannot do it, give it back and say why: that helps more than silence."),
    ),
    "part.over_asker": Kind(
        INFORMATION,
        _("%(department)s is over its time with its part in “%(title)s”."),
        _("You can decide without it. Whoever stands above them hears of it as it goes on."),
    ),
    "part.over_above": Kind(
        OWED,
        _("%(department)s is over its time with its part in “%(title)s”."),
        _("It waits on somebody of yours. Help them, or do it yourself."),
    ),
    "part.twice": Kind(
        OWED,
        _("%(department)s has taken twice its time for its part in “%(title)s”."),
        _("You stand above whoever owes it. See that it is done, or give it back."),
    ),
    "idea.joined": Kind(
        INFORMATION,
        _("“%(other)s” was joined to “%(title)s”."),
        _("Its authors have a part in it now. The page of the idea shows the shares."),
    ),
    "idea.parted": Kind(
        INFORMATION,
        _("“%(other)s” was taken out of “%(title)s” again."),
        _("Shares and supporters are as they were without it."),
    ),
    "seal.asked": Kind(
        OWED,
        _("An administrator asks to open a seal."),
        _("Read the reason, then agree or refuse, with yours."),
    ),
    "seal.open": Kind(
        OWED, _("The seal is open for an hour."), _("After that it is shut again by itself.")
    ),
    "seal.shut": Kind(
        OWED, _("The seal stays shut."), _("The person of trust says why on its page.")
    ),
    "seal.opened": Kind(
        OWED,
        _("The seal on what you handed in was opened. Two people saw your name."),
        _("Both reasons are kept. Your representative knows what you can do."),
    ),
    "anonymous.refused": Kind(
        INFORMATION,
        _("What you sent about “%(title)s” came too late."),
        _("Its page shows what happened in the meantime."),
    ),
    "impact.measured": Kind(
        OWED,
        _("“%(title)s” is measured. Check the evidence and sign."),
        _("Approve it, approve a part, or return it with a reason."),
    ),
    "impact.returned": Kind(
        OWED,
        _("“%(title)s” came back from the validator, with a reason."),
        _("Mend the case and hand it in again."),
    ),
    "redemption.approved": Kind(
        INFORMATION, _("“%(item)s” is approved."), _("You hear again when it is on its way.")
    ),
    "redemption.fulfilled": Kind(
        INFORMATION,
        _("“%(item)s” is on its way to you."),
        _("Say when you have it."),
    ),
    "redemption.refunded": Kind(
        INFORMATION,
        _("“%(item)s” was taken back; your points are yours again."),
        _("The statement of your points shows it."),
    ),
    "redemption.moved": Kind(
        INFORMATION, _("“%(item)s” moved on."), _("The order's page shows where it stands.")
    ),
    "points.arrived": Kind(
        INFORMATION,
        _("%(points)s points arrived for “%(title)s”."),
        _("Spend them in the catalogue, or keep them: they last three years."),
    ),
    "mail.refused": Kind(
        OWED,
        _("Mails to you come back, so nothing more is sent to your address."),
        _("Nothing is lost: everything stands in your notices. Have your address corrected."),
    ),
    "mail.refused_other": Kind(
        OWED,
        _("Mails to %(name)s come back, so nothing more is sent to them."),
        _("Correct the address, then send again what did not arrive."),
    ),
}
"""Every kind of notice there is; one that is not here cannot be sent."""
