"""``flask metrics …``: weeks of a metric from the command line."""

import sys
from pathlib import Path

import click
from flask.cli import AppGroup

from portal.actor import PROGRAM
from portal.database import writing
from portal.errors import PortalError
from portal.metrics import imports
from portal.metrics.queries import find_metric
from portal.tables import TableError, open_table, read_rows
from portal.text import compare_key

metrics = AppGroup("metrics", help="What is measured, and its weeks.")


class _DryRun(Exception):
    """Rolls the unit back after everything was checked."""


@metrics.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--metric", "key", required=True, help="Key of the metric.")
@click.option("--dry-run", is_flag=True, help="Check everything, keep nothing.")
def import_(file: Path, key: str, dry_run: bool) -> None:
    """Record weeks of a metric from a CSV file: all of it or, at a fault, nothing.

    Columns: period_start with numerator and denominator, or with value.  A week with another
    figure than before is kept as a new version.
    """
    try:
        changed, total = _import(file, key, dry_run=dry_run)
    except _UnknownMetric:
        click.echo(f"There is no metric {key}.", err=True)
        sys.exit(2)
    except (TableError, PortalError) as error:
        click.echo(f"{file.name}: {error}\nNothing was imported.", err=True)
        sys.exit(1)
    verb = "would be recorded" if dry_run else "recorded"
    click.echo(f"{changed} weeks {verb}, {total - changed} known already.")


class _UnknownMetric(Exception):
    """No metric has this key."""


def _import(file: Path, key: str, *, dry_run: bool) -> tuple[int, int]:
    counts = (0, 0)
    try:
        with open_table(file) as stream, writing():
            metric = find_metric(compare_key(key))
            if metric is None:
                raise _UnknownMetric
            rows = read_rows(stream, required=imports.REQUIRED, optional=imports.OPTIONAL)
            counts = imports.import_points(PROGRAM, metric, rows)
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    return counts


COMMANDS = (metrics,)
