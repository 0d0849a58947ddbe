"""How a notice reads and how much it insists; pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.i18n import gettext as _
from portal.notifications.models import NoticeClass

OWED = NoticeClass.OWED
INFORMATION = NoticeClass.INFORMATION


@dataclass(frozen=True, slots=True)
class Kind:
    """How a notice reads and how much it insists."""

    notice_class: NoticeClass
    title: str
    then: str

    def say(self, values: Mapping[str, str]) -> str:
        """The news in the reader's language."""
        return _(self.title) % values

    def say_then(self) -> str:
        """What follows from it, in the reader's language."""
        return _(self.then)
