"""``flask rewards …``: prove the ledger, fill the catalogue."""

import sys

import click
from flask.cli import AppGroup

from portal.actor import PROGRAM
from portal.database import reading, writing
from portal.errors import PortalError
from portal.rewards import queries, services
from portal.rewards.models import TaxClass
from portal.rewards.proof import check_ledger

rewards = AppGroup("rewards", help="Points and what they buy.")


@rewards.command("check")
def check() -> None:
    """Prove the ledger: every sum, every balance, every order."""
    with reading():
        faults = check_ledger()
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(1)
    click.echo("The ledger holds: every sum is zero, every balance is what its postings say.")


@rewards.command("add")
@click.argument("key")
@click.option("--name", required=True, help="What it is called in the catalogue.")
@click.option("--description", default="", help="One sentence.")
@click.option("--icon", default="gift", show_default=True, help="A picture of static/icons.svg.")
@click.option("--price", required=True, type=click.IntRange(1), help="In points.")
@click.option("--stock", type=click.IntRange(0), help="Pieces; without it there is always one.")
@click.option("--taxed", is_flag=True, help="Payroll taxes it.")
def add(
    key: str, name: str, description: str, icon: str, price: int, stock: int | None, taxed: bool
) -> None:
    """Offer something new in the catalogue."""
    try:
        with writing():
            services.add_item(
                PROGRAM,
                key,
                name=name,
                description=description,
                icon=icon,
                price_points=price,
                tax_class=TaxClass.TAXED if taxed else TaxClass.UNTAXED,
                stock=stock,
            )
    except PortalError as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    click.echo(f"{key} is in the catalogue.")


@rewards.command("restock")
@click.argument("key")
@click.argument("pieces", type=click.IntRange(1))
def restock(key: str, pieces: int) -> None:
    """Add pieces to the stock of something in the catalogue."""
    try:
        with writing():
            services.restock(PROGRAM, queries.get_item(key), pieces)
    except PortalError as error:
        click.echo(error.message, err=True)
        sys.exit(1)
    click.echo(f"{pieces} more of {key}.")


COMMANDS = (rewards,)
