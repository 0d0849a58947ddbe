"""The shape of what administrators type about business hours."""

from collections.abc import Mapping
from datetime import date, time
from functools import lru_cache
from zoneinfo import available_timezones

from wtforms import (
    FileField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.core import Field
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.clocks.ical import MAX_NAME
from portal.i18n import gettext as _
from portal.text import one_line
from portal.web.fields import KeyField
from portal.web.forms import Form, text_of

MAX_LINES = 100_000
_WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


@lru_cache(maxsize=1)
def _zones() -> list[tuple[str, str]]:
    names = sorted(name for name in available_timezones() if "/" in name or name == "UTC")
    return [(name, name.replace("_", " ")) for name in names]


class HoursForm(Form):
    """When business is open."""

    time_zone = SelectField(_("Time zone"), [DataRequired()], choices=_zones)
    days = SelectMultipleField(
        _("Open on"),
        choices=lambda: [(str(1 << n), _(day)) for n, day in enumerate(_WEEKDAYS)],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    opens = TimeField(_("Opens at"), [InputRequired(_("Name the hour."))])
    closes = TimeField(_("Closes at"), [InputRequired(_("Name the hour."))])

    @property
    def weekdays(self) -> int:
        """The days as a mask: Monday is 1, Sunday is 64."""
        return sum({int(day) for day in self.days.data or ()})

    @property
    def hours(self) -> tuple[time, time]:
        """Opening and closing, once the form is valid."""
        assert self.opens.data is not None
        assert self.closes.data is not None
        return self.opens.data, self.closes.data

    def show_hours(self, weekdays: int, time_zone: str, opens: time, closes: time) -> None:
        """Fill in what is stored."""
        self.days.data = [str(1 << n) for n in range(7) if weekdays >> n & 1]
        self.time_zone.data, self.opens.data, self.closes.data = time_zone, opens, closes


class NewCalendarForm(HoursForm):
    """A calendar that is not there yet."""

    key = StringField(_("What it is called"), [DataRequired(), Length(max=64)])


class CalendarForm(HoursForm):
    """Hours, and days off: one a line, a date and what it is."""

    holidays = TextAreaField(_("Days off"), [Length(max=MAX_LINES)])

    def validate_holidays(self, field: Field) -> None:
        """Every line begins with a day of the calendar; the line that does not is named."""
        self.read_lines(field.data or "")

    def read_lines(self, lines: str) -> dict[date, str]:
        """The days of the lines; raises ValidationError with the number of the line."""
        found: dict[date, str] = {}
        for number, line in enumerate(lines.splitlines(), 1):
            said = one_line(line)
            if not said:
                continue
            day, _space, name = said.partition(" ")
            try:
                found[date.fromisoformat(day)] = name.strip()[:MAX_NAME] or _("Closed")
            except ValueError:
                raise ValidationError(
                    _("Line %(n)s does not begin with a day such as 2026-12-25.", n=number)
                ) from None
        return found

    @property
    def days_off(self) -> dict[date, str]:
        """The days off, once the form is valid."""
        return self.read_lines(text_of(self.holidays))

    def show_days(self, days: Mapping[date, str]) -> None:
        """Fill in days off, one a line."""
        lines = [f"{day.isoformat()} {name}" for day, name in sorted(days.items())]
        self.holidays.data = "\n".join(lines)


class ImportForm(Form):
    """An iCalendar file."""

    file = FileField(_("A file with days off (.ics)"), render_kw={"accept": ".ics,text/calendar"})


class GiveForm(Form):
    """A department that is to live by a calendar."""

    department = KeyField(_("Department"))
