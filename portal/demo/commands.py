"""``flask portal demo-data``: a believable year of a contact centre."""

import sys
import time

import click

from portal.admin.commands import portal
from portal.database import reading
from portal.demo.plan import INSIGHT_COUNTS, plan
from portal.demo.play import play
from portal.now import today
from portal.people.queries import has_people


@portal.command("demo-data")
@click.option("--size", type=click.Choice(list(INSIGHT_COUNTS)), default="small")
@click.option("--seed", type=int, default=1, show_default=True, help="Equal seeds, equal years.")
@click.option("--today", "end", type=click.DateTime(["%Y-%m-%d"]), help="The day the year ends.")
def demo_data(size: str, seed: int, end: object) -> None:
    """Fill an empty portal with the year of a contact centre, through its own services."""
    with reading():
        if has_people():
            click.echo(
                "There are people already; demo data only goes into an empty portal.", err=True
            )
            sys.exit(1)
    started = time.monotonic()
    day = end.date() if hasattr(end, "date") else today("Europe/Berlin")
    report = play(plan(seed, size, day), _tell if sys.stderr.isatty() else _quiet)
    for refusal in report.refused:
        click.echo(f"refused on {refusal}", err=True)
    click.echo(
        f"{report.insights} insights and {report.happenings} happenings in "
        f"{time.monotonic() - started:.0f} s."
    )


def _tell(what: str, done: int, whole: int) -> None:
    click.echo(f"\r{what}: {done} of {whole}", nl=done >= whole, err=True)


def _quiet(_what: str, _done: int, _whole: int) -> None:
    """Nobody watches."""


COMMANDS = ()
