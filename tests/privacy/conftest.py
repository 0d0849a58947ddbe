"""The house whose letters go to a real SMTP server, as the letters' own tests have it."""

from tests.notifications.conftest import box, house, mailbox

__all__ = ["box", "house", "mailbox"]
