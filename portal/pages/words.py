"""What the first page says; pure."""

from datetime import datetime

from portal.i18n import gettext as _
from portal.i18n import local
from portal.ideas.lifecycle import State


def greeting(moment: datetime, name: str) -> str:
    """A greeting by the reader's own clock."""
    hour, first = local(moment).hour, name.split()[0] if name else ""
    if hour < 11:
        return _("Good morning, %(name)s", name=first)
    if hour < 18:
        return _("Hello, %(name)s", name=first)
    return _("Good evening, %(name)s", name=first)


def owed(state: State, title: str, department: str | None, *, may_judge: bool = False) -> str:
    """What the reader owes an idea that waits on them; only some may judge what was measured."""
    measuring = (
        _("Measured, to be judged: %(title)s") if may_judge else _("Being measured: %(title)s")
    )
    sentence = {
        State.TRIAGE: _("Decide: %(title)s"),
        State.NEEDS_INFO: _("%(department)s asks about: %(title)s"),
        State.APPEALED: _("Hear the appeal: %(title)s"),
        State.DEFERRED: _("To be looked at again: %(title)s"),
        State.COST_ACCEPTED: _("These calls go on until: %(title)s"),
        State.TESTING: _("Being tried: %(title)s"),
        State.ACCEPTED: _("Promise who and when: %(title)s"),
        State.COMMITTED: _("You promised: %(title)s"),
        State.IN_PROGRESS: _("You promised: %(title)s"),
        State.IMPLEMENTED: _("Live, to be closed: %(title)s"),
        State.MEASURING: measuring,
        State.HARMFUL: _("Take it back: %(title)s"),
    }.get(state, _("Waits on you: %(title)s"))
    return sentence % {"title": title, "department": department or _("Somebody")}


OWED_ICONS = {
    State.TRIAGE: "inbox",
    State.NEEDS_INFO: "message-circle",
    State.APPEALED: "scale",
    State.DEFERRED: "calendar-clock",
    State.COST_ACCEPTED: "banknote",
    State.TESTING: "target",
    State.ACCEPTED: "handshake",
    State.COMMITTED: "truck",
    State.IN_PROGRESS: "hammer",
    State.IMPLEMENTED: "flag",
    State.MEASURING: "chart-line",
    State.HARMFUL: "rotate-ccw",
}
"""The picture of each thing that can be owed (symbols of ``static/icons.svg``)."""
