"""``flask demand …``: contact reasons from the command line."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.actor import PROGRAM
from portal.database import writing
from portal.demand import imports
from portal.errors import PortalError
from portal.tables import TableError, open_table, read_rows

demand = AppGroup("demand", help="Contact reasons, their owners and costs.")


@demand.command("import-reasons")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything, keep nothing.")
def import_reasons(file: Path, dry_run: bool) -> None:
    """Add contact reasons from a CSV file: all of it or, at the first fault, nothing.

    Columns: key, name and any of parent, owner, avoidable_cost, full_cost.
    """
    try:
        summary = _import(file, dry_run=dry_run)
    except (TableError, PortalError) as error:
        click.echo(f"{file.name}: {error}. Nothing was imported.", err=True)
        sys.exit(1)
    verb = "would be added" if dry_run else "added"
    click.echo(f"{summary.added} contact reasons {verb}, {summary.known} known already.")


class _DryRun(Exception):
    def __init__(self, summary: imports.Summary) -> None:
        super().__init__()
        self.summary = summary


def _import(file: Path, *, dry_run: bool) -> imports.Summary:
    try:
        with open_table(file) as stream, writing():
            rows = read_rows(stream, required=imports.REQUIRED, optional=imports.OPTIONAL)
            summary = imports.import_reasons(PROGRAM, rows)
            if dry_run:
                raise _DryRun(summary)
    except _DryRun as dry:
        return dry.summary
    return summary


COMMANDS = (demand,)
