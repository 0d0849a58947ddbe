"""The words for directions and perspectives; nothing keys on them."""

from portal.i18n import gettext as _
from portal.metrics.models import Direction, Perspective
from portal.metrics.xmr import Rule


def direction_label(direction: Direction) -> str:
    """Which way is better."""
    return {Direction.LOWER: _("less is better"), Direction.HIGHER: _("more is better")}[direction]


def perspective_label(perspective: Perspective) -> str:
    """Whom a metric speaks for."""
    return {
        Perspective.OPERATIONS: _("The operation"),
        Perspective.CUSTOMER: _("Customers"),
        Perspective.EMPLOYEE: _("Us who work here"),
    }[perspective]


def rule_label(rule: Rule) -> str:
    """Why a week stands out."""
    return {
        Rule.OUTSIDE_LIMITS: _("outside the limits"),
        Rule.EIGHT_ON_ONE_SIDE: _("eighth in a row on one side"),
        Rule.THREE_OF_FOUR_NEAR_LIMIT: _("three of four near a limit"),
    }[rule]
