"""The boards: who really moved what, and where ideas wait."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.boards import funnel as funnels
from portal.boards import queries
from portal.boards.forms import PeriodForm
from portal.boards.queries import Entry, Leaderboard, Level, Period
from portal.boards.ranking import Place
from portal.errors import NotFound, RuleBroken
from portal.i18n import gettext as _
from portal.now import midnight, today
from portal.tables import Cell, csv_lines
from portal.web.access import requires
from portal.web.answers import download, page

boards = Blueprint("boards", __name__)

EARLIEST_YEAR, LATEST_YEAR = 2000, 2100


def _period() -> tuple[PeriodForm, Period]:
    form = PeriodForm(request.args)
    if not form.validate():
        raise RuleBroken(_("A period needs two days such as 2026-01-31."), field="from")
    usual = queries.last_year(today())
    start, end = form.start.data or usual.start, form.end.data or usual.end
    if start > end:
        raise RuleBroken(_("The period ends before it begins."), field="to")
    if start.year < EARLIEST_YEAR or end.year > LATEST_YEAR:
        years = {"first": EARLIEST_YEAR, "last": LATEST_YEAR}
        raise RuleBroken(_("A period lies between %(first)s and %(last)s.", **years), field="from")
    form.start.data, form.end.data = start, end
    return form, Period(start, end)


def _level(value: str | None) -> Level:
    try:
        return Level(value or Level.DEPARTMENTS)
    except ValueError:
        raise NotFound(_("There is no such board.")) from None


@boards.get("/boards/impact")
@requires(Capability.READ)
def impact() -> ResponseReturnValue:
    """Who really moved what, ranked by the low end of what was proven and signed."""
    form, period = _period()
    board = queries.get_leaderboard(_level(request.args.get("level")), period)
    return page("boards/impact.html", board=board, form=form, levels=list(Level), query=_query())


@boards.get("/boards/impact.csv")
@requires(Capability.READ, audit="export.impact", is_sensitive=True)
def impact_csv() -> ResponseReturnValue:
    """The leaderboard as a table for other programs."""
    _form, period = _period()
    board = queries.get_leaderboard(_level(request.args.get("level")), period)
    return _csv(f"impact-{board.level}", HEADER, _lines(board))


HEADER = ("rank", "shared", "name", "people", "low", "mid", "high", "per_head_low", "ideas")


def _lines(board: Leaderboard) -> Iterator[tuple[Cell, ...]]:
    for place in board.places:
        yield _line(place)


def _line(place: Place[Entry]) -> tuple[Cell, ...]:
    entry = place.entry
    total = entry.total
    return (
        place.rank,
        place.is_shared,
        entry.name,
        entry.heads,
        total.low / 100,
        total.mid / 100,
        total.high / 100,
        entry.ranked.low / 100,
        entry.ideas,
    )


@boards.get("/boards/impact/<any(departments, teams, people):level>/<id:group_id>")
@requires(Capability.READ)
def credits(level: str, group_id: int) -> ResponseReturnValue:
    """The list behind one row of the leaderboard."""
    form, period = _period()
    name = queries.find_group_name(Level(level), group_id)
    if name is None:
        raise NotFound(_("There is nothing here that you can see."))
    rows = queries.list_credits(Level(level), group_id, period)
    sums = [sum(getattr(row, f"{end}_minor") for row in rows) for end in ("low", "mid", "high")]
    return page(
        "boards/credits.html",
        name=name,
        rows=rows,
        sums=sums,
        level=level,
        form=form,
        query=_query(),
    )


@boards.get("/boards/funnel")
@requires(Capability.LEAD)
def funnel() -> ResponseReturnValue:
    """How far ideas get, and where they wait."""
    form, period = _period()
    return page(
        "boards/funnel.html",
        steps=funnels.count_steps(*_moments(period)),
        ageing=funnels.list_ageing(),
        form=form,
        query=_query(),
    )


@boards.get("/boards/funnel.csv")
@requires(Capability.LEAD, audit="export.funnel", is_sensitive=True)
def funnel_csv() -> ResponseReturnValue:
    """Where ideas wait, as a table for other programs."""
    rows = [(row.state, row.count, row.overdue, row.oldest_days) for row in funnels.list_ageing()]
    return _csv("funnel", ("state", "ideas", "overdue", "oldest_days"), iter(rows))


def _moments(period: Period) -> tuple[datetime, datetime]:
    return midnight(period.start), midnight(period.end + timedelta(days=1))


def _query() -> dict[str, str]:
    """The period of this page, for links that keep it."""
    return {name: request.args[name] for name in ("from", "to") if request.args.get(name)}


def _csv(name: str, header: tuple[str, ...], rows: Iterator[tuple[Cell, ...]]) -> Response:
    return download("".join(csv_lines(header, rows)), f"{name}.csv", "text/csv")
