"""``flask rewards`` as an operator uses it."""

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from portal.database import reading, writing
from portal.rewards import queries
from tests.factories.rewards import make_item, make_redemption, make_rich_person


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["rewards", *arguments])


def test_an_empty_and_a_used_ledger_hold(app: Flask) -> None:
    assert run(app, "check").exit_code == 0
    with writing():
        make_redemption(make_rich_person(), make_item())
    result = run(app, "check")
    assert result.exit_code == 0
    assert result.stdout.startswith("The ledger holds")


@pytest.mark.threat(51)
def test_a_fault_is_named_and_ends_with_one(app: Flask) -> None:
    with writing() as unit:
        make_redemption(make_rich_person(), make_item())
        unit.flush()
    with writing() as unit:
        unit.execute(text("UPDATE accounts SET balance = balance + 7 WHERE kind = 'held'"))
    result = run(app, "check")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "All points add up to 7, not to zero.",
        "Account held says 187, its postings add up to 180.",
    ]


def test_the_catalogue_is_filled_from_the_command_line(app: Flask) -> None:
    added = run(app, "add", "coffee", "--name", "Coffee bar card", "--price", "180", "--stock", "2")
    assert added.exit_code == 0
    assert run(app, "restock", "coffee", "3").exit_code == 0
    with reading():
        assert queries.get_item_row("coffee").stock == 5
    again = run(app, "add", "coffee", "--name", "Coffee", "--price", "1")
    assert again.exit_code == 1
    assert again.stderr == "The key coffee is taken.\n"
    assert run(app, "restock", "tea", "3").exit_code == 1
