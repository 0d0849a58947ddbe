"""``flask routing …``: learning where items belong, and measuring how well."""

import json
from pathlib import Path

import click
from sqlalchemy.exc import DatabaseError

from portal.columns import JsonObject
from portal.database import reading
from portal.i18n import gettext as _
from portal.routing.examples import Examples, read_examples, require_two_labels
from portal.routing.router import DEFAULT_PERCENT, get_setting

LINES = (
    ("accuracy", _("right at once")),
    ("accuracy_at_3", _("right among three")),
    ("macro_f1", _("macro F1")),
    ("coverage", _("sure enough to act alone")),
    ("accuracy_at_confidence", _("right when it acts alone")),
    ("calibration_error", _("expected calibration error")),
    ("milliseconds_per_item", _("milliseconds per item")),
    ("training_seconds", _("seconds to learn")),
    ("examples", _("examples")),
    ("labels", _("labels")),
)


@click.group("routing")
def routing() -> None:
    """Where items belong: the learned router."""


_file = click.Path(path_type=Path)
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_confidence = click.option(
    "--confidence",
    type=click.IntRange(1, 100),
    help="Percent from which the router acts alone.  Default: as the portal is set.",
)


@routing.command("evaluate")
@click.argument("train", type=_file)
@click.argument("test", type=_file)
@_confidence
@_as_json
def evaluate_files(train: Path, test: Path, confidence: int | None, as_json: bool) -> None:
    """Learn from TRAIN, measure on TEST: CSV files with columns text and label, .gz or not."""
    known, held = _read(train), read_examples(test)
    unknown = set(held.labels) - set(known.labels)
    if unknown:
        count = sum(label in unknown for label in held.labels)
        click.echo(
            _(
                "%(count)s rows of %(name)s bear a label that %(train)s does not have "
                "(%(some)s): they count as wrong.",
                count=count,
                name=test.name,
                train=train.name,
                some=", ".join(label[:40] for label in sorted(unknown)[:3]),
            ),
            err=True,
        )
    from portal.routing.evaluation import evaluate  # numpy stays out of the web process

    _print(evaluate(known, held, confidence or _configured()), as_json)


@routing.command("cross-validate")
@click.argument("file", type=_file)
@click.option("--folds", type=click.IntRange(2, 20), default=5, show_default=True)
@click.option("--seed", type=click.IntRange(0, 2**31), default=1, show_default=True)
@click.option("--examples", type=click.IntRange(2), help="Learn from only so many examples.")
@_confidence
@_as_json
def cross_validate_file(
    file: Path,
    folds: int,
    seed: int,
    examples: int | None,
    confidence: int | None,
    as_json: bool,
) -> None:
    """Learn from all folds of FILE but one and measure on that one, in turn."""
    known = _read(file)
    if len(known.texts) < folds:
        raise click.UsageError(_("There are fewer rows than folds."))
    from portal.routing.evaluation import cross_validate  # numpy stays out of the web process

    percent = confidence or _configured()
    found = cross_validate(known, percent, folds=folds, seed=seed, limit=examples)
    _print(found, as_json)


def _configured() -> int:
    """The confidence that the portal is set to; the default where there is no portal yet."""
    try:
        with reading():
            return get_setting().confidence_percent
    except DatabaseError:
        return DEFAULT_PERCENT


def _read(path: Path) -> Examples:
    examples = read_examples(path)
    require_two_labels(examples, path.name)
    return examples


def _print(found: JsonObject, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, allow_nan=False))
        return
    spread = found.get("spread", {})
    for name, label in LINES:
        value = "–" if found[name] is None else str(found[name])
        click.echo(f"{label:<28}{value}" + (f" ± {spread[name]}" if name in spread else ""))


COMMANDS = (routing,)
