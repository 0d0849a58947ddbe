"""The reader's words for channels, demand, severity and friction."""

from portal.i18n import gettext as _
from portal.insights.models import Channel, DemandType, Friction


def channel_word(channel: Channel) -> str:
    """How the customer got in touch."""
    return {
        Channel.PHONE: _("Phone"),
        Channel.CHAT: _("Chat"),
        Channel.EMAIL: _("Mail"),
        Channel.LETTER: _("Letter"),
        Channel.SHOP: _("Shop"),
        Channel.OTHER: _("Other"),
    }[channel]


def demand_answer(demand_type: DemandType) -> str:
    """The answer to: should this contact have been needed?"""
    return {
        DemandType.VALUE: _("Yes"),
        DemandType.FAILURE: _("No"),
        DemandType.UNSURE: _("Not sure"),
    }[demand_type]


def demand_word(demand_type: DemandType) -> str:
    """What kind of contact it was."""
    return {
        DemandType.VALUE: _("Wanted contact"),
        DemandType.FAILURE: _("Avoidable contact"),
        DemandType.UNSURE: _("Not sure whether it was needed"),
    }[demand_type]


def severity_word(severity: int) -> str:
    """How bad it was for the customer, 1 to 4."""
    return {
        1: _("A nuisance"),
        2: _("Cost them time"),
        3: _("Cost them money"),
        4: _("Harm"),
    }[severity]


def friction_word(friction: Friction) -> str:
    """What made the contact hard."""
    return {
        Friction.REPEAT_ID: _("Had to identify again"),
        Friction.SLOW_SYSTEM: _("Our system was slow"),
        Friction.DROPPED_CHANNEL: _("Another channel failed first"),
        Friction.MENU_MAZE: _("Lost in the menu"),
        Friction.TRANSFER: _("Was passed on"),
        Friction.POLICY: _("A rule of ours stood in the way"),
        Friction.UNCLEAR_LETTER: _("A letter was unclear"),
        Friction.PROMISE_BROKEN: _("A promise was not kept"),
    }[friction]
