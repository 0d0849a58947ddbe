"""The deploy check: what would go wrong in production, each in one sentence."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from sqlalchemy import func, select

from portal.config import LOOPBACK, Config
from portal.database import Database, reading, session, sqlite_path
from portal.demand.models import ContactReason
from portal.jobs.models import OutboxTask
from portal.jobs.queries import count_tasks
from portal.migrations import runner
from portal.notifications.post import MailAway, Smtp, office
from portal.notifications.queries import count_lost
from portal.now import now
from portal.people.models import Department
from portal.people.queries import find_fact, has_people

LATE_MINUTES = 15
PUBLIC_DEMO = "This is a demo database with public passwords; it serves on loopback only."
UNFINISHED = "The demo data stops half way: make run, or flask portal demo-data, begins it anew."


def is_public(config: Config) -> bool:
    """Whether more than this machine reaches the portal."""
    return urlsplit(config.public_url).hostname not in LOOPBACK


def is_public_demo(config: Config) -> bool:
    """Whether a database with public passwords would be served to more than this machine."""
    return is_public(config) and find_fact("demo_password") is not None


def find_refusal(config: Config, database: Database) -> str | None:
    """Why this database must not be served at all, in one line; None when it may be.

    Raises
    ------
    DatabaseUnreachable
        If it does not answer.
    """
    database.check()
    if runner.current_version(database) is None:
        return "The database has no tables yet: flask --app wsgi db upgrade."
    if is_public(config):
        if os.environ.get("FLASK_DEBUG", "0").casefold() not in {"", "0", "false", "no"}:
            return "FLASK_DEBUG is on, which shows the program to everybody; unset it."
        path = sqlite_path(database.url)
        if path is not None and path.stat().st_mode & 0o007:
            return f"{path} is open to every account of this machine: chmod 600."
    with reading():
        if find_fact("demo_unfinished") is not None:
            return UNFINISHED
        if is_public_demo(config):
            return PUBLIC_DEMO
    return None


def list_faults(config: Config, database: Database) -> Iterator[str]:
    """Everything that is wrong; nothing when the portal may go live."""
    version, newest = runner.current_version(database), runner.latest_version()
    if version != newest:
        yield f"The schema is at {version or 'nothing'}, the code at {newest}: flask db upgrade."
        return
    yield from _list_setting_faults(config)
    if not has_people():
        yield "Nobody has an account: flask people add, or start with DEMO=0 for a link."
        return
    yield from _list_desk_faults()
    yield from _list_queue_faults()
    yield from _list_mail_faults(config)


def list_far_faults(config: Config) -> Iterator[str]:
    """What is wrong with other servers; asking them takes a while, so no page does."""
    from portal.jobs.queue import open_queue  # the queue engine stays out of the web

    try:
        queue = open_queue(config.queue_url)
        queue.storage.queue_size()
        queue.storage.close()
    except Exception as error:
        yield f"The queue of PORTAL_QUEUE_URL does not answer: {' '.join(str(error).split())}."
    carrier = office().carrier
    if isinstance(carrier, Smtp):
        try:
            carrier.check()
        except MailAway as error:
            yield f"No letters go out: {' '.join(str(error).split())}."


def _list_mail_faults(config: Config) -> Iterator[str]:
    if is_public(config) and config.mail_url.startswith("file:"):
        yield "Letters go into a folder and to nobody: set PORTAL_MAIL_URL and PORTAL_MAIL_FROM."
    elif is_public(config) and config.mail_from.endswith("@localhost"):
        yield "Letters come from ideas@localhost, which servers refuse: set PORTAL_MAIL_FROM."
    if lost := count_lost():
        yield f"{lost} letters did not arrive: /admin/letters."


def _list_setting_faults(config: Config) -> Iterator[str]:
    if not config.is_secure:
        yield "PORTAL_PUBLIC_URL is plain http, which is for one machine alone."
    if is_public_demo(config):
        yield PUBLIC_DEMO
    if find_fact("demo_unfinished") is not None:
        yield UNFINISHED
    key = config.instance / "secret_key"
    if key.exists() and key.stat().st_mode & 0o077:
        yield f"{key} can be read by others: chmod 600."


def _list_desk_faults() -> Iterator[str]:
    headless = session().scalars(
        select(Department.name).where(Department.head_id.is_(None), Department.is_team.is_(False))
    )
    for name in headless:
        yield f"{name} has no head, so what it owes falls to the department above."
    if session().scalar(select(Department.id).where(Department.takes_orphans)) is None:
        yield "No department takes what nobody owns; ideas without a reason could not be sent."
    if session().scalar(select(func.count()).select_from(ContactReason)) == 0:
        yield "There are no contact reasons, so nothing is routed by reason."


def _list_queue_faults() -> Iterator[str]:
    oldest = session().scalar(
        select(func.min(OutboxTask.run_at)).where(OutboxTask.finished_at.is_(None))
    )
    if oldest is not None and (now() - oldest).total_seconds() > LATE_MINUTES * 60:
        yield f"A task has waited since {oldest:%Y-%m-%d %H:%M} UTC: does the worker run?"
    failed = count_tasks().failed
    if failed:
        yield f"{failed} tasks failed for good and wait for an administrator: /admin/jobs."
