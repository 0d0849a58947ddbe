"""``flask insights …``: what customers said, from files."""

import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from flask import current_app
from flask.cli import AppGroup

from portal.actor import PROGRAM
from portal.config import Config
from portal.errors import PortalError
from portal.i18n import format_number, ngettext
from portal.insights.imports import OPTIONAL, REQUIRED, Checked, Import
from portal.tables import TableError

MOST_FAULTS = 20

insights = AppGroup("insights", help="What customers said or suffered.")


def _parse_map(_context: object, _option: object, pairs: tuple[str, ...]) -> dict[str, str]:
    """``label=reason``: the file's column label is our reason."""
    rename = {}
    for pair in pairs:
        theirs, sign, ours = pair.partition("=")
        if not (sign and theirs.strip() and ours.strip() in {*REQUIRED, *OPTIONAL}):
            known = ", ".join((*REQUIRED, *OPTIONAL))
            raise click.BadParameter(f"{pair!r} is not THEIRS=OURS with OURS one of {known}.")
        rename[theirs.strip()] = ours.strip()
    return rename


@insights.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything, store nothing.")
@click.option("--progress", is_flag=True, help="Show progress even where nobody seems to watch.")
@click.option(
    "--map",
    "rename",
    metavar="THEIRS=OURS",
    multiple=True,
    callback=_parse_map,
    help="The file's column THEIRS is our column OURS; may be repeated.",
)
@click.option("--skip-bad", is_flag=True, help="Name the faulty rows and import the others.")
def import_(
    file: Path, dry_run: bool, progress: bool, rename: dict[str, str], skip_bad: bool
) -> None:
    """Import insights from a CSV file (also .csv.gz); at a fault, nothing is imported.

    Columns: text and any of occurred_at, channel, reason, moment, severity, segment, minutes,
    author, external_id. A row that was imported before is left out.
    """
    config: Config = current_app.extensions["portal"]
    with _failing(file, "Nothing was imported."):
        source = Import(file, zone=ZoneInfo(config.time_zone), rename=rename)
        checked = source.check()
    _report(file, checked, skip_bad=skip_bad)
    if dry_run:
        click.echo(_sentence(checked.rows, "can be imported", checked))
        return
    with (
        _failing(file, "Run the same command again to go on where it stopped."),
        _progress(checked.rows, always=progress) as advance,
    ):
        added = source.run(PROGRAM, advance)
    click.echo(_sentence(added, "imported", checked, known=checked.rows - added))


@contextmanager
def _failing(file: Path, then: str) -> Iterator[None]:
    try:
        yield
    except (TableError, PortalError, OSError, EOFError, zlib.error) as error:
        click.echo(f"{file.name}: {str(error).rstrip('.')}. {then}", err=True)
        sys.exit(1)


def _report(file: Path, checked: Checked, *, skip_bad: bool) -> None:
    """Name the faulty rows; stop unless the others are wanted without them."""
    shown = checked.faults if skip_bad else checked.faults[:MOST_FAULTS]
    for fault in shown:
        click.echo(f"{file.name}: {fault}", err=True)
    if checked.faults and not skip_bad:
        more = len(checked.faults) - len(shown)
        tail = f"{format_number(more)} more such rows. " if more else ""
        click.echo(f"{file.name}: {tail}Nothing was imported.", err=True)
        sys.exit(1)


def _sentence(count: int, verb: str, checked: Checked, known: int = 0) -> str:
    rows = ngettext("%(shown)s insight", "%(shown)s insights", count, shown=format_number(count))
    parts = [f"{rows} {verb}"]
    if known:
        parts.append(f"{format_number(known)} known already")
    if checked.faults:
        parts.append(f"{format_number(len(checked.faults))} faulty rows left out")
    return ", ".join(parts) + "."


@contextmanager
def _progress(rows: int, *, always: bool) -> Iterator[Callable[[int], None]]:
    """A bar for a terminal; lines where it was asked for without one; else silence."""
    if sys.stderr.isatty():
        with click.progressbar(length=rows, file=sys.stderr) as bar:
            yield bar.update
        return
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        if always:
            click.echo(f"{format_number(done)} of {format_number(rows)}", err=True)

    yield advance


COMMANDS = (insights,)
