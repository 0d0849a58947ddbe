"""``flask similar …``: measuring how well like is found by like."""

import json
from pathlib import Path

import click

from portal.i18n import gettext as _
from portal.ideas.evaluation import evaluate, read_pairs, read_texts

LINES = (
    ("auc", _("area under the ROC curve")),
    ("recall_at_1", _("twin found first")),
    ("recall_at_5", _("twin among five")),
    ("milliseconds_per_query", _("milliseconds per query")),
    ("pairs", _("pairs")),
    ("true_pairs", _("pairs that are the same")),
    ("texts", _("texts searched")),
)
_file = click.Path(path_type=Path)


@click.group("similar")
def similar() -> None:
    """Ideas that say the same."""


@similar.command("evaluate")
@click.argument("file", type=_file)
@click.option("--among", type=_file, help="A CSV file with a column text: search these as well.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def evaluate_file(file: Path, among: Path | None, as_json: bool) -> None:
    """Measure on FILE: CSV with columns a, b and is_duplicate (1 or 0), .gz or not."""
    found = evaluate(read_pairs(file), read_texts(among) if among else ())
    if as_json:
        click.echo(json.dumps(found))
        return
    for name, label in LINES:
        click.echo(f"{label:<28}{found[name]}")


COMMANDS = (similar,)
