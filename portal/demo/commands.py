"""``flask portal demo-data``: a believable year of a contact centre."""

import sys
import time

import click
from flask import current_app

from portal.admin.commands import portal
from portal.config import Config
from portal.database import active
from portal.demo.days import ZONE
from portal.demo.filling import CannotFill, filling
from portal.demo.hidden import tell_hidden
from portal.demo.plan import INSIGHT_COUNTS, plan
from portal.demo.play import play
from portal.demo.routing import set_routing
from portal.now import today


@portal.command("demo-data")
@click.option("--size", type=click.Choice(list(INSIGHT_COUNTS)), default="small")
@click.option("--seed", type=int, default=1, show_default=True, help="Equal seeds, equal years.")
@click.option("--today", "end", type=click.DateTime(["%Y-%m-%d"]), help="The day the year ends.")
def demo_data(size: str, seed: int, end: object) -> None:
    """Fill an empty portal with the year of a contact centre, through its own services."""
    started = time.monotonic()
    day = end.date() if hasattr(end, "date") else today(ZONE)
    config: Config = current_app.extensions["portal"]
    try:
        with filling(active(), config.instance):
            report = play(plan(seed, size, day), _tell if sys.stderr.isatty() else _quiet)
            set_routing()
            tell_hidden(day)
    except CannotFill as error:
        click.echo(str(error), err=True)
        sys.exit(1)
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
