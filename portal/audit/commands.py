"""``flask audit …``: prove the log."""

import click
from flask.cli import AppGroup

from portal.audit.services import verify_chain
from portal.database import reading

audit = AppGroup("audit", help="The audit log.")


@audit.command("verify")
def verify() -> None:
    """Prove that no row of the audit log was changed, removed or reordered."""
    with reading():
        fault = verify_chain()
    if fault:
        click.echo(fault, err=True)
        raise SystemExit(1)
    click.echo("The audit log holds from its first row to its head.")


COMMANDS = (audit,)
