"""``flask db …``: the schema."""

import sys

import click
from flask.cli import AppGroup

from portal.database import active
from portal.migrations import runner

db = AppGroup("db", help="The schema: upgrade, downgrade, check.")


@db.command("upgrade")
@click.argument("target", default="head")
def upgrade(target: str) -> None:
    """Bring the schema to TARGET (the newest version by default)."""
    runner.upgrade(active(), target)
    click.echo(f"The schema is at {runner.current_version(active())}.")


@db.command("downgrade")
@click.argument("target", default="-1")
def downgrade(target: str) -> None:
    """Take the schema back to TARGET (one step by default)."""
    runner.downgrade(active(), target)
    click.echo(f"The schema is at {runner.current_version(active()) or 'nothing'}.")


@db.command("check")
def check() -> None:
    """Say whether the schema is at the newest version and matches the models."""
    version, newest = runner.current_version(active()), runner.latest_version()
    if version != newest:
        click.echo(f"The schema is at {version or 'nothing'}, the code at {newest}.", err=True)
        sys.exit(1)
    found = runner.differences(active())
    for difference in found:
        click.echo(f"differs: {difference}", err=True)
    if found:
        sys.exit(1)
    click.echo(f"The schema is at {version} and matches the models.")
