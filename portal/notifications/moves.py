"""What each step of an idea says to its authors, to whoever meets the same, and to its handler."""

from portal.i18n import gettext as _
from portal.ideas.lifecycle import Move
from portal.notifications.kinds import INFORMATION, OWED, Kind

AUTHOR = {
    Move.RECEIVE: Kind(
        INFORMATION,
        _("%(department)s has “%(title)s”."),
        _("The page of your idea shows who answers, and until when."),
    ),
    Move.ASK: Kind(
        OWED,
        _("%(department)s asks you about “%(title)s”."),
        _("Your idea waits for your answer. A sentence is enough."),
    ),
    Move.RETURN_UNANSWERED: Kind(
        INFORMATION,
        _("Nobody answered, so “%(title)s” is back with %(department)s."),
        _("They decide with what they know. A comment still helps them."),
    ),
    Move.TRANSFER: Kind(
        INFORMATION,
        _("“%(title)s” is with %(department)s now."),
        _("Your clock runs on: handing it over does not start it again."),
    ),
    Move.ACCEPT: Kind(
        OWED,
        _("%(department)s said yes to “%(title)s”."),
        _("Next they promise a date, with a person who stands for it. You hear of that too."),
    ),
    Move.DECLINE: Kind(
        OWED,
        _("%(department)s said no to “%(title)s”, and why."),
        _("The page of your idea says what would change the answer."),
    ),
    Move.DEFER: Kind(
        OWED,
        _("%(department)s put off “%(title)s”, and says until when."),
        _("On that day it is looked at again by itself."),
    ),
    Move.ACCEPT_COST: Kind(
        OWED,
        _("%(department)s signed that the calls behind “%(title)s” go on, and their price."),
        _("The page of your idea shows the price, who signed it, and when it is looked at again."),
    ),
    Move.REOPEN: Kind(
        INFORMATION,
        _("“%(title)s” is looked at again by %(department)s."),
        _("The page of your idea shows who answers, and until when."),
    ),
    Move.POINT_OUT: Kind(
        OWED,
        _("“%(title)s” exists already, says %(department)s."),
        _("The page of your idea leads there. If it is something else, appeal."),
    ),
    Move.MERGE: Kind(
        OWED,
        _("“%(title)s” was joined to another idea; you stay an author."),
        _("What becomes of the other one is news of yours too."),
    ),
    Move.UNMERGE: Kind(
        INFORMATION,
        _("“%(title)s” stands on its own again."),
        _("The page of your idea shows who answers, and until when."),
    ),
    Move.TEST: Kind(
        OWED,
        _("%(department)s tries out “%(title)s”."),
        _("The page of your idea shows how long, and what decides."),
    ),
    Move.VETO: Kind(
        OWED,
        _("“%(title)s” cannot be tried out yet, and why."),
        _("It waits for a decision again."),
    ),
    Move.APPEAL: Kind(
        INFORMATION,
        _("“%(title)s” was appealed."),
        _("Somebody higher up decides it anew."),
    ),
    Move.COMMIT: Kind(
        OWED,
        _("%(department)s promised “%(title)s”, with a date."),
        _("The page of your idea shows who promised it, until when, and what done means."),
    ),
    Move.START: Kind(
        INFORMATION,
        _("Work on “%(title)s” has begun."),
        _("How far it is stands on the page of your idea."),
    ),
    Move.IMPLEMENT: Kind(
        OWED,
        _("“%(title)s” is live."),
        _("Look for it on your next contact, and say whether you see the change."),
    ),
    Move.VALIDATE: Kind(
        OWED,
        _("“%(title)s” worked: its benefit is signed."),
        _("The page of your idea shows what was measured, and your share of it."),
    ),
    Move.FIND_NOT_PROVEN: Kind(
        OWED,
        _("“%(title)s”: no effect could be shown."),
        _("That is an honest result, and it earns points like one."),
    ),
    Move.FIND_HARMFUL: Kind(
        OWED,
        _("“%(title)s” made things worse; it will be taken back."),
        _("Finding that out is worth points too."),
    ),
    Move.ROLL_BACK: Kind(
        INFORMATION,
        _("“%(title)s” was taken back."),
        _("The page of your idea keeps what was learned."),
    ),
    Move.CLOSE: Kind(
        INFORMATION,
        _("“%(title)s” is done and closed."),
        _("Its page stays, with everything that happened."),
    ),
    Move.STOP: Kind(
        OWED,
        _("“%(title)s” was stopped, and why."),
        _("The page of your idea keeps what was done until then."),
    ),
}

SUPPORTER = {
    Move.ACCEPT: Kind(
        OWED,
        _("%(department)s said yes to “%(title)s”, which you meet too."),
        _("Your example helped. Next they promise a date."),
    ),
    Move.DECLINE: Kind(
        OWED,
        _("%(department)s said no to “%(title)s”, which you meet too, and why."),
        _("The page of the idea says what would change the answer."),
    ),
    Move.DEFER: Kind(
        OWED,
        _("%(department)s put off “%(title)s”, which you meet too, and says until when."),
        _("On that day it is looked at again by itself."),
    ),
    Move.ACCEPT_COST: Kind(
        OWED,
        _("%(department)s signed that the calls behind “%(title)s” go on, and their price."),
        _("The page of the idea shows the price, who signed it, and when it is looked at again."),
    ),
    Move.POINT_OUT: Kind(
        OWED,
        _("“%(title)s”, which you meet too, exists already, says %(department)s."),
        _("The page of the idea leads there."),
    ),
    Move.MERGE: Kind(
        OWED,
        _("“%(title)s”, which you meet too, was joined to another idea."),
        _("You are counted there."),
    ),
    Move.UNMERGE: Kind(
        INFORMATION,
        _("“%(title)s”, which you meet too, stands on its own again."),
        _("You are counted there as before."),
    ),
    Move.TEST: Kind(
        OWED,
        _("%(department)s tries out “%(title)s”, which you meet too."),
        _("The page of the idea shows how long, and what decides."),
    ),
    Move.COMMIT: Kind(
        INFORMATION,
        _("%(department)s promised “%(title)s”, with a date."),
        _("The page of the idea shows who promised it, and until when."),
    ),
    Move.IMPLEMENT: Kind(
        INFORMATION,
        _("“%(title)s”, which you met too, is live."),
        _("Look for it on your next contact, and say whether you see the change."),
    ),
    Move.VALIDATE: Kind(
        INFORMATION,
        _("“%(title)s”, which you met too, worked: its benefit is signed."),
        _("The page of the idea shows what was measured."),
    ),
    Move.FIND_NOT_PROVEN: Kind(
        INFORMATION,
        _("“%(title)s”, which you met too: no effect could be shown."),
        _("If you still meet it, say so with a new example."),
    ),
    Move.FIND_HARMFUL: Kind(
        INFORMATION,
        _("“%(title)s”, which you met too, made things worse; it will be taken back."),
        _("The page of the idea shows what was measured."),
    ),
    Move.STOP: Kind(
        INFORMATION,
        _("“%(title)s”, which you met too, was stopped, and why."),
        _("If you still meet it, say so with a new example."),
    ),
    Move.WITHDRAW: Kind(
        INFORMATION,
        _("“%(title)s”, which you met too, was taken back by whoever wrote it."),
        _("If you still meet it, an idea of your own brings it back."),
    ),
}

HANDLER = {
    Move.RECEIVE: Kind(
        OWED,
        _("“%(title)s” waits for your answer."),
        _("Decide, ask or hand it over. Its clock is running."),
    ),
    Move.ANSWER: Kind(
        OWED,
        _("Your question about “%(title)s” was answered."),
        _("It waits for your decision again, and its clock runs on."),
    ),
    Move.RETURN_UNANSWERED: Kind(
        OWED,
        _("“%(title)s” waits for your decision again."),
        _("Nobody answered your question in time. Decide with what you know."),
    ),
    Move.TRANSFER: Kind(
        OWED,
        _("“%(title)s” was handed to you."),
        _("Take it or give it back, with a sentence. The author's clock runs on."),
    ),
    Move.ACCEPT: Kind(
        OWED,
        _("“%(title)s” waits for a promise: who, until when."),
        _("Name a person, a date and what done means."),
    ),
    Move.REOPEN: Kind(
        OWED,
        _("“%(title)s” waits for your decision again."),
        _("Its day has come. Decide with what is known now."),
    ),
    Move.UNMERGE: Kind(
        OWED,
        _("“%(title)s” waits for your decision again."),
        _("It stands on its own again."),
    ),
    Move.VETO: Kind(
        OWED,
        _("“%(title)s” waits for your decision again."),
        _("It is not tried out, so it needs another answer."),
    ),
    Move.APPEAL: Kind(
        OWED,
        _("“%(title)s” was appealed: decide it anew."),
        _("Its page shows the first answer, and why it is questioned."),
    ),
    Move.TEST: Kind(
        OWED,
        _("“%(title)s” is tried out, and it is yours."),
        _("Say at its end what was learned."),
    ),
    Move.COMMIT: Kind(
        OWED,
        _("You promised “%(title)s”."),
        _("The date and what done means stand on its page, for everybody to read."),
    ),
    Move.START: Kind(
        OWED,
        _("Work on “%(title)s” has begun, and it is yours."),
        _("Say how far it is every few weeks, until it is live."),
    ),
    Move.IMPLEMENT: Kind(
        OWED,
        _("“%(title)s” is live and waits for you."),
        _("See that it is confirmed and measured."),
    ),
    Move.MEASURE: Kind(
        OWED,
        _("“%(title)s” is being measured."),
        _("There is nothing to do but keep the points of its metric coming."),
    ),
    Move.FIND_HARMFUL: Kind(
        OWED,
        _("“%(title)s” made things worse: take it back."),
        _("Say on its page when it is undone."),
    ),
}
