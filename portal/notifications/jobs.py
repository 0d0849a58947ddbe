"""The worker's part in telling people."""

from datetime import datetime

from portal.columns import JsonObject
from portal.jobs.services import handles
from portal.notifications.services import LETTER, TELL
from portal.notifications.telling import DIGEST, plan, send_digest, send_letter


@handles(TELL)
def plan_letters(payload: JsonObject) -> None:
    """Decide how new notices go by mail."""
    plan(payload["notices"])


@handles(LETTER)
def send_one(payload: JsonObject) -> None:
    """Send the letter about one notice."""
    send_letter(payload["delivery"], payload["copy"])


@handles(DIGEST)
def send_collected(payload: JsonObject) -> None:
    """Send a person's digest."""
    send_digest(payload["person"], datetime.fromisoformat(payload["until"]))
