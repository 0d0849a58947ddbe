"""``flask people …``: accounts from the command line."""

import sys
from pathlib import Path
from typing import NoReturn

import click
from flask import current_app, url_for
from flask.cli import AppGroup

from portal.actor import PROGRAM, Role
from portal.database import reading, writing
from portal.errors import PortalError
from portal.i18n import gettext as _
from portal.people import imports, links, passwords, queries, services
from portal.people.models import Department, LinkPurpose
from portal.tables import TableError, open_table, read_rows

people = AppGroup("people", help="Accounts, roles and departments.")

_OF_A_DEPARTMENT = (Role.HEAD, Role.DEPUTY, Role.HANDLER)


def _fail(message: str, code: int = 1) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(code)


@people.command("add")
@click.argument("email")
@click.option("--name", required=True, help="The person's name.")
@click.option("--department", help="Key of the home department.")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    default=Role.AGENT.value,
    show_default=True,
)
@click.option("--ask-password", is_flag=True, help="Ask for a password; else use a link.")
def add(email: str, name: str, department: str | None, role: str, ask_password: bool) -> None:
    """Add one account; a head or deputy takes the chair of the department."""
    if Role(role) in _OF_A_DEPARTMENT and not department:
        _fail(_("A %(role)s needs --department.", role=role), 2)
    password_hash = _ask_password(name, email) if ask_password else None
    try:
        with writing():
            home = _find_department(department) if department else None
            _add(email, name, home, Role(role), password_hash)
    except PortalError as error:
        _fail(error.message)
    click.echo(f"{email} added.")


def _add(
    email: str, name: str, home: Department | None, role: Role, password_hash: str | None
) -> None:
    person = services.add_person(PROGRAM, email, name=name, home=home, password_hash=password_hash)
    if home is not None and role in {Role.HEAD, Role.DEPUTY}:
        services.seat(PROGRAM, home, role, person)
    else:
        services.grant_role(PROGRAM, person, role, home if role is Role.HANDLER else None)


def _ask_password(*about: str) -> str:
    password = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    try:
        passwords.check_new(password, *about, current_app.extensions["portal"].site_name)
    except PortalError as error:
        _fail(error.message)
    return passwords.hash_password(password)


def _find_department(key: str) -> Department:
    department = queries.find_department_by_key(key)
    if department is None:
        _fail(_("There is no department %(key)s.", key=key), 2)
    return department


@people.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything, keep nothing.")
@click.option("--orphans-desk", metavar="KEY", help="The department that gets what nobody owns.")
def import_(file: Path, dry_run: bool, orphans_desk: str | None) -> None:
    """Add people and departments from a CSV file: all of it or, at the first fault, nothing.

    Columns: email, name and any of department, department_name, parent, role and takes_orphans
    (yes for the department that gets what nobody owns).
    """
    try:
        summary = _import(file, orphans_desk, dry_run=dry_run)
    except (TableError, PortalError) as error:
        _fail(f"{file.name}: {str(error).rstrip('.')}. Nothing was imported.")
    verb = "would be added" if dry_run else "added"
    click.echo(
        f"{summary.added} people {verb}, {summary.known} known already, "
        f"{summary.departments} departments {verb}."
    )


class _DryRun(Exception):
    def __init__(self, summary: imports.Summary) -> None:
        super().__init__()
        self.summary = summary


def _import(file: Path, orphans_desk: str | None, *, dry_run: bool) -> imports.Summary:
    try:
        with open_table(file) as stream, writing():
            rows = read_rows(stream, required=imports.REQUIRED, optional=imports.OPTIONAL)
            summary = imports.import_people(PROGRAM, rows)
            if orphans_desk:
                services.name_orphans_desk(PROGRAM, _find_department(orphans_desk))
            if dry_run:
                raise _DryRun(summary)
    except _DryRun as dry:
        return dry.summary
    return summary


@people.command("sign-in-link")
@click.argument("email")
@click.option(
    "--for",
    "purpose",
    type=click.Choice(["sign_in", "reset", "invite"]),
    default="sign_in",
    show_default=True,
    help="Only sign in (10 minutes), or also choose a password (60 minutes, 7 days).",
)
def sign_in_link(email: str, purpose: str) -> None:
    """Print a one-time link that signs EMAIL in; its making is audited."""
    with reading():
        person = queries.find_person_by_email(email)
    if person is None or not person.is_active:
        _fail(_("%(email)s has no active account.", email=email))
    with writing():
        token = links.make_link(PROGRAM, person, LinkPurpose(purpose))
    click.echo(_address(token))


def _address(token: str) -> str:
    with current_app.test_request_context(base_url=current_app.config["PUBLIC_URL"]):
        return url_for("people.link", token=token, _external=True)


COMMANDS = (people,)
