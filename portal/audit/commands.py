"""``flask audit …``: prove the log, and sign where it ends."""

import sys
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup

from portal.audit.heads import (
    BadHead,
    export_head,
    find_public_key,
    kept_under,
    list_heads,
    read_heads,
)
from portal.audit.services import get_head, verify_chain
from portal.database import reading

audit = AppGroup("audit", help="The audit log.")


def _fail(message: str) -> NoReturn:
    click.echo(message, err=True)
    sys.exit(1)


@audit.command("verify")
@click.option(
    "--head",
    "files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A signed head that was kept elsewhere; may be given many times.",
)
def verify(files: tuple[Path, ...]) -> None:
    """Prove that no row of the audit log was changed, removed, reordered or cut off.

    Heads under instance/audit/ are checked too; those kept on another machine prove more.
    """
    instance = kept_under()
    try:
        heads = read_heads([*list_heads(instance), *files], find_public_key(instance))
    except BadHead as error:
        _fail(str(error))
    with reading():
        fault = verify_chain(heads)
        rows = get_head()[0]
    if fault:
        _fail(fault)
    click.echo(
        f"The audit log holds from its first row to its head: {rows} rows, "
        f"{len(heads)} signed heads."
    )


@audit.command("head")
def head() -> None:
    """Sign the log's last row, print it, and keep it under instance/audit/."""
    with reading():
        file = export_head(kept_under())
    click.echo(file.read_text(), nl=False)


COMMANDS = (audit,)
