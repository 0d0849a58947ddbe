"""``flask people …``: accounts from the command line."""

import sys
from pathlib import Path

import click
from flask import current_app, url_for
from flask.cli import AppGroup

from portal.actor import PROGRAM, Role
from portal.database import reading, writing
from portal.errors import PortalError
from portal.i18n import gettext as _
from portal.people import imports, passwords, queries, services, sign_in
from portal.tables import TableError, open_table, read_rows

people = AppGroup("people", help="Accounts, roles and departments.")


def _fail(message: str, code: int = 1) -> None:
    click.echo(message, err=True)
    sys.exit(code)


@people.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--department", help="Key of the home department.")
@click.option("--role", type=click.Choice(list(Role)), default=Role.AGENT.value, show_default=True)
@click.option("--ask-password", is_flag=True, help="Ask for a password; else use a link.")
def add(email: str, name: str, department: str | None, role: str, ask_password: bool) -> None:
    """Add one account."""
    password_hash = None
    if ask_password:
        password_hash = passwords.hash_password(
            click.prompt("Password", hide_input=True, confirmation_prompt=True)
        )
    try:
        with writing():
            home = queries.find_department_by_key(department) if department else None
            if department and home is None:
                _fail(_("There is no department %(key)s.", key=department), 2)
            scope = home if Role(role) in {Role.HEAD, Role.DEPUTY, Role.HANDLER} else None
            services.add_person(
                PROGRAM,
                email,
                name=name,
                home=home,
                roles=[(Role.AGENT, None), (Role(role), scope)],
                password_hash=password_hash,
            )
    except PortalError as error:
        _fail(error.message)
    click.echo(f"{email} added.")


@people.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything, keep nothing.")
def import_(file: Path, dry_run: bool) -> None:
    """Add people and departments from a CSV file: all of it or, at the first fault, nothing."""
    try:
        with open_table(file) as stream, writing():
            rows = read_rows(stream, required=imports.REQUIRED, optional=imports.OPTIONAL)
            summary = imports.import_people(PROGRAM, rows)
            if dry_run:
                raise _DryRun(summary)
    except _DryRun as dry:
        summary = dry.summary
    except (TableError, PortalError) as error:
        _fail(f"{file.name}: {error}. Nothing was imported.")
    verb = "would be added" if dry_run else "added"
    click.echo(
        f"{summary.added} people {verb}, {summary.known} known already, "
        f"{summary.departments} departments {verb}."
    )


class _DryRun(Exception):
    def __init__(self, summary: imports.Summary) -> None:
        super().__init__()
        self.summary = summary


@people.command("sign-in-link")
@click.argument("email")
def sign_in_link(email: str) -> None:
    """Print a one-time link that signs EMAIL in; its making is audited."""
    with reading():
        person = queries.find_person_by_email(email)
    if person is None or not person.is_active:
        _fail(f"{email} has no active account.")
        return
    with writing():
        token = sign_in.make_link(PROGRAM, person)
    click.echo(_address(token))


def _address(token: str) -> str:
    with current_app.test_request_context(base_url=current_app.config["PUBLIC_URL"]):
        return url_for("people.link", token=token, _external=True)


COMMANDS = (people,)
