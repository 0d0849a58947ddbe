"""``flask portal …``: commands about the portal as a whole."""

import sys

import click
from flask import current_app
from flask.cli import AppGroup

from portal.admin.checks import list_far_faults, list_faults
from portal.database import active, reading

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


COMMANDS = (portal,)
