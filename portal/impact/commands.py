"""``flask impact``: judge a change, or chart a process, from a CSV file."""

import json
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import click

from portal.i18n import gettext as _
from portal.impact.series import (
    Period,
    Series,
    SeriesError,
    SeriesUnreadable,
    parse_label,
    read_series,
)
from portal.metrics.xmr import Label, chart_dict, control_chart, signal_dicts, signals

P = ParamSpec("P")


@click.group("impact")
def impact() -> None:
    """Did it work: control charts and verdicts."""


def _label(text: str) -> Label:
    """A date such as 2026-03-01, or the number of a point."""
    label = parse_label(text)
    if label is None:
        raise click.BadParameter(_("write it as 2026-03-01 or as a whole number"))
    return label


def _faults_in_one_line(command: Callable[P, None]) -> Callable[P, None]:
    """Turn a series that cannot be used into one line on stderr and an exit code.

    1 where the file has a fault, 2 where it is no file that can be read.
    """

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except SeriesError as error:
            click.echo(str(error), err=True)
            raise SystemExit(2 if isinstance(error, SeriesUnreadable) else 1) from None

    return run


_file = click.argument("file", type=click.Path(path_type=Path))
_as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_period = click.option(
    "--period", type=click.Choice([p.value for p in Period]), help="Default: read off."
)


@impact.command("analyse")
@_file
@click.option("--change-date", type=_label, metavar="DATE", required=True, help="Day of go-live.")
@click.option("--comparison", type=click.Path(path_type=Path), help="A series left untouched.")
@click.option("--better", type=click.Choice(["lower", "higher"]), default="lower")
@click.option("--transition", type=click.IntRange(0, 1000), default=0, help="Points left out.")
@_period
@_as_json
@_faults_in_one_line
def analyse_file(
    file: Path,
    change_date: Label,
    comparison: Path | None,
    better: str,
    transition: int,
    period: str | None,
    as_json: bool,
) -> None:
    """Say whether a change that went live on a date moved the series in FILE."""
    from portal.impact.analysis import analyse  # numpy stays out of the web process

    analysis = analyse(
        _read(file, period),
        change_date,
        comparison=_read(comparison, period) if comparison else None,
        better=better,
        transition_periods=transition,
    )
    result = analysis.as_dict()
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, allow_nan=False))
    else:
        _print_analysis(result)


@impact.command("xmr")
@_file
@click.option(
    "--baseline-points", type=click.IntRange(2), help="Limits from the first N points alone."
)
@_period
@_as_json
@_faults_in_one_line
def chart_file(file: Path, baseline_points: int | None, period: str | None, as_json: bool) -> None:
    """Print the control chart of the series in FILE and its signals."""
    series = _read(file, period)
    result = _chart(series, baseline_points or len(series))
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False, allow_nan=False))
        return
    _print_rows(_baseline_rows(result["baseline"]))
    _print_signals(result["signals"])


def _read(path: Path, period: str | None) -> Series:
    return read_series(path, Period(period) if period else None)


def _chart(series: Series, baseline_points: int) -> dict[str, Any]:
    if len(series) < 2:
        raise SeriesError(_("A control chart needs at least two points."))
    if baseline_points > len(series):
        raise SeriesError(_("The series has only %(n)s points.", n=len(series)))
    chart = control_chart(series.values[:baseline_points])
    found = signals(chart, series.points())
    return {"baseline": chart_dict(chart), "signals": signal_dicts(found)}


def _print_analysis(result: dict[str, Any]) -> None:
    effect = result["effect"]
    click.echo(result["sentence"])
    _print_rows(
        [
            (_("verdict"), result["verdict"]),
            (_("grade"), result["grade"]),
            *_baseline_rows(result["baseline"]),
            (_("change"), _number(effect["estimate"])),
            (_("95 % interval"), f"{_number(effect['ci_low'])} … {_number(effect['ci_high'])}"),
            (_("relative"), _percent(effect["relative"])),
            (_("smallest detectable"), _number(result["minimum_detectable_effect"])),
            (_("points before, after"), f"{effect['n_before']}, {effect['n_after']}"),
        ]
    )
    _print_signals(result["signals"])
    for warning in result["warnings"]:
        click.echo(_("Mind: %(warning)s", warning=warning))


def _baseline_rows(baseline: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (_("mean"), _number(baseline["mean"])),
        (_("limits"), f"{_number(baseline['lower_limit'])} … {_number(baseline['upper_limit'])}"),
        (_("moving range, mean"), _number(baseline["moving_range_mean"])),
        (_("moving range, limit"), _number(baseline["moving_range_limit"])),
        (_("points"), str(baseline["points"])),
    ]


def _print_rows(rows: Sequence[tuple[str, str]]) -> None:
    width = max(len(name) for name, _value in rows)
    for name, value in rows:
        click.echo(f"{name:<{width}}  {value}")


def _print_signals(found: Sequence[dict[str, str]]) -> None:
    for signal in found:
        click.echo(_("signal  %(date)s  %(rule)s", date=signal["date"], rule=signal["rule"]))


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.6g}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{value:+.1%}"


COMMANDS = (impact,)


COMMANDS = (impact,)
