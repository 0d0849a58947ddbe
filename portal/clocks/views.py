"""Business hours: which calendars there are, what they say, and who lives by them."""

from datetime import date

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from portal.actor import Capability
from portal.clocks import queries, setting
from portal.clocks.forms import CalendarForm, GiveForm, ImportForm, NewCalendarForm
from portal.clocks.ical import MAX_BYTES, Found, read_days_off
from portal.clocks.models import Calendar
from portal.database import writing
from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.i18n import ngettext
from portal.now import today
from portal.people.queries import get_department, list_departments
from portal.web.access import actor, requires
from portal.web.answers import page, see
from portal.web.forms import text_of
from portal.web.rates import Rate

clocks = Blueprint("clocks", __name__)

YEARS_AHEAD = 3


@clocks.get("/admin/calendars")
@requires(Capability.ADMINISTER)
def index() -> ResponseReturnValue:
    """Every calendar, and how many departments have it."""
    found = queries.list_calendars()
    return page(
        "clocks/index.html",
        calendars=found,
        default=queries.DEFAULT_CALENDAR,
        has_default=any(one.key == queries.DEFAULT_CALENDAR for one, _count in found),
        weekday_names=_weekday_names,
    )


def _weekday_names(weekdays: int) -> str:
    names = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]
    return ", ".join(name for n, name in enumerate(names) if weekdays >> n & 1)


@clocks.route("/admin/calendars/new", methods=["GET", "POST"])
@requires(Capability.ADMINISTER, audit="calendar.added", rate=Rate.CHANGE)
def new_calendar() -> ResponseReturnValue:
    """Add a calendar; its days off come after."""
    form = NewCalendarForm()
    if form.validate_on_submit():
        with form.catching(), writing():
            opens, closes = form.hours
            made = setting.add_calendar(
                actor(),
                text_of(form.key),
                time_zone=form.time_zone.data or "",
                opens=opens,
                closes=closes,
                weekdays=form.weekdays,
            )
        if not form.errors and not form.form_errors:
            return see(".calendar", calendar_id=made.id, toast=_("Added."))
    elif request.method == "GET":
        usual = queries.get_calendar(None)
        form.show_hours(usual.weekdays, usual.zone.key, usual.opens, usual.closes)
        form.key.data = request.args.get("name", "")[:64]
    status = 422 if request.method == "POST" else 200
    return page("clocks/new.html", status=status, form=form)


@clocks.route("/admin/calendars/<id:calendar_id>", methods=["GET", "POST"])
@requires(Capability.ADMINISTER, audit="calendar.changed", rate=Rate.CHANGE)
def calendar(calendar_id: int) -> ResponseReturnValue:
    """One calendar: hours, days off, and who lives by it."""
    form = CalendarForm()
    if form.validate_on_submit():
        with form.catching(), writing():
            opens, closes = form.hours
            count = setting.change_calendar(
                actor(),
                queries.get_stored_calendar(calendar_id),
                time_zone=form.time_zone.data or "",
                opens=opens,
                closes=closes,
                weekdays=form.weekdays,
                holidays=form.days_off,
                since=_since(),
            )
        if not form.errors and not form.form_errors:
            return see(".calendar", calendar_id=calendar_id, toast=_kept(count))
    stored = queries.get_stored_calendar(calendar_id)
    if request.method == "GET":
        _show(form, stored)
    return _page(stored, form, status=422 if request.method == "POST" else 200)


def _since() -> date:
    """Days off are shown and changed from the first of this year on."""
    return date(today().year, 1, 1)


def _show(form: CalendarForm, stored: Calendar) -> None:
    form.show_hours(stored.weekdays, stored.time_zone, stored.opens, stored.closes)
    form.show_days(queries.map_days_off(stored.id, _since()))


def _kept(count: int) -> str:
    return ngettext(
        "Kept. %(n)s open clock is due at another moment.",
        "Kept. %(n)s open clocks are due at another moment.",
        count,
    )


def _page(
    stored: Calendar,
    form: CalendarForm,
    *,
    import_form: ImportForm | None = None,
    found: Found | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    departments = list_departments(teams=True)
    given = set(queries.list_departments_by(stored.id, stored.key))
    give_form = GiveForm(formdata=None)
    give_form.department.choices = [
        (one.id, one.name) for one in departments if one.id not in given
    ]
    return page(
        "clocks/calendar.html",
        status=status,
        stored=stored,
        form=form,
        import_form=import_form or ImportForm(formdata=None),
        found=found,
        give_form=give_form,
        departments=[one for one in departments if one.id in given],
        is_default=stored.key == queries.DEFAULT_CALENDAR,
    )


@clocks.post("/admin/calendars/<id:calendar_id>/import")
@requires(Capability.ADMINISTER, audit="calendar.previewed", rate=Rate.UPLOAD)
def read_file(calendar_id: int) -> ResponseReturnValue:
    """Show the days off of a file beside those that are there; nothing is kept yet."""
    stored = queries.get_stored_calendar(calendar_id)
    form, import_form = CalendarForm(formdata=None), ImportForm()
    _show(form, stored)
    sent = request.files.get("file")
    data = b""
    if sent is not None:
        data = sent.read(MAX_BYTES + 1)
        sent.close()
    try:
        if not data:
            raise RuleBroken(_("Choose a file first."))
        since = _since()
        found = read_days_off(data, first=since, last=date(since.year + YEARS_AHEAD, 12, 31))
    except RuleBroken as error:
        import_form.file.errors = [error.message]
        return _page(stored, form, import_form=import_form, status=422)
    with writing():
        setting.note_preview(actor(), stored, count=len(found.days))
    form.show_days({**found.days, **queries.map_days_off(calendar_id, since)})
    return _page(stored, form, found=found)


@clocks.post("/admin/calendars/<id:calendar_id>/departments")
@requires(Capability.ADMINISTER, audit="calendar.given", rate=Rate.CHANGE)
def give(calendar_id: int) -> ResponseReturnValue:
    """Let a department live by this calendar."""
    form = GiveForm()
    if not form.validate_on_submit():
        stored = queries.get_stored_calendar(calendar_id)
        shown = CalendarForm(formdata=None)
        _show(shown, stored)
        return _page(stored, shown, status=422)
    with writing():
        department = get_department(form.department.data or 0)
        stored = queries.get_stored_calendar(calendar_id)
        is_default = stored.key == queries.DEFAULT_CALENDAR
        count = setting.give_calendar(actor(), department.id, None if is_default else stored)
    return see(".calendar", calendar_id=calendar_id, toast=_kept(count))


@clocks.post("/admin/calendars/<id:calendar_id>/departments/<id:department_id>/end")
@requires(Capability.ADMINISTER, audit="calendar.given", rate=Rate.CHANGE)
def take_away(calendar_id: int, department_id: int) -> ResponseReturnValue:
    """Let a department live by the default calendar again."""
    with writing():
        queries.get_stored_calendar(calendar_id)
        count = setting.give_calendar(actor(), get_department(department_id).id, None)
    return see(".calendar", calendar_id=calendar_id, toast=_kept(count))
