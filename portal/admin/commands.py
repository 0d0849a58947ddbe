"""``flask portal …``: commands about the portal as a whole."""

import sys
from typing import NoReturn

import click
from flask import current_app
from flask.cli import AppGroup

from portal.actor import PROGRAM
from portal.admin import erasing, giving
from portal.admin.checks import list_far_faults, list_faults
from portal.audit.heads import kept_under
from portal.audit.services import record
from portal.database import active, compact, reading, writing
from portal.errors import PortalError
from portal.notifications import post
from portal.people.commands import people
from portal.people.models import Person
from portal.people.queries import find_person_by_email, get_person

portal = AppGroup("portal", help="The portal as a whole.")


@portal.command("check")
def check() -> None:
    """Say what would go wrong in production; exit 1 if anything would."""
    with reading():
        config = current_app.extensions["portal"]
        faults = [*list_faults(config, active()), *list_far_faults(config)]
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(1)
    click.echo("Ready: nothing to complain about.")


def _fail(message: str, code: int = 1) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)


def _find(email: str) -> Person:
    person = find_person_by_email(email)
    if person is None or person.hue < 0:
        _fail(f"{email} has no account.")
    return person


@people.command("erase")
@click.argument("email")
@click.option("--reason", help="Why, in one sentence; it stays in the audit log.")
@click.option("--dry-run", is_flag=True, help="Say what it would touch, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask for the address once more.")
def erase(email: str, reason: str | None, dry_run: bool, yes: bool) -> None:
    """Forget a person for good: name, address, secrets, notices and drafts go.

    What they did stays, with a former colleague.  Afterwards the database's files are written
    anew, during which nobody can write.
    """
    with reading():
        person = _find(email)
        would = erasing.preview(person)
        mentions = erasing.find_mentions(person)
    _say(would)
    if would.faults:
        _fail("\n".join(would.faults))
    if dry_run:
        return
    if not reason:
        _fail("--reason is missing: say why, in one sentence.", 2)
    if not yes and click.prompt("Type the address to erase it for good") != email:
        _fail("That is another address. Nothing was erased.", 2)
    try:
        with writing():
            erasing.erase_person(PROGRAM, get_person(person.id), reason=reason, mentions=mentions)
    except PortalError as error:
        _fail(error.message)
    erasing.remember(kept_under(), person)
    letters = post.forget(person.email, person.name)
    compact(active())
    click.echo(f"Erased; {letters} letters in the folder of mails went too.")


def _say(would: erasing.Preview) -> None:
    counts = {**would.goes, "drafts": would.drafts, "mentions in texts": would.mentions}
    for title, found in (("Goes", counts), ("Stays, without the name", would.stays)):
        said = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in found.items())
        click.echo(f"{title}: {said or 'nothing'}.")


@people.command("data")
@click.argument("email")
def data(email: str) -> None:
    """Print everything that is kept of a person, as JSON; what is sealed is for them alone."""
    with reading():
        person = _find(email)
        collected = giving.write_down(giving.collect(person, [person.id]))
    with writing():
        record(PROGRAM, "export.person", "person", person.id)
    click.echo(collected, nl=False)


COMMANDS = (portal,)
