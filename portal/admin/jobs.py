"""What the clockwork does for the whole store."""

from datetime import timedelta

from portal.admin.erasing import erase_again
from portal.audit.heads import export_head, kept_under
from portal.columns import JsonObject
from portal.database import active, compact, reading
from portal.jobs.services import every, handles
from portal.rendering import list_rendered, render_stale

COMPACT = "database.compact"
_MOST_BATCHES = 20


@every(timedelta(minutes=1), "admin.render_markdown")
def render_markdown() -> None:
    """Render what came in unrendered, or was rendered by older rules, in short units.

    What is left after some batches waits for the next minute, so that tasks get their turn.
    """
    for table in list_rendered():
        for _batch in range(_MOST_BATCHES):
            if not render_stale(table):
                break


@every(timedelta(days=1), "audit.sign_head")
def sign_head() -> None:
    """Sign where the audit log ends, once a day."""
    with reading():
        export_head(kept_under())


@every(timedelta(hours=1), "admin.erase_again")
def forget_again() -> None:
    """Whom a restored backup brought back is forgotten again, before anything else is done."""
    if erase_again(kept_under()):
        compact(active())


@handles(COMPACT)
def compact_database(_payload: JsonObject) -> None:
    """Leave nothing in the database's files of what was erased."""
    compact(active())
