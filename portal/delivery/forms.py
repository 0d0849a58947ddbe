"""The shape of what people type between a yes and a change that is live."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

import wtforms
from wtforms import (
    FieldList,
    FormField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from portal.delivery.credit import MAX_SHARES, Share, default_split
from portal.delivery.labels import choice_label, role_label, track_label
from portal.delivery.models import CreditRole, Track
from portal.delivery.terms import MAX_MONEY_MINOR, MAX_TEXT
from portal.i18n import gettext as _
from portal.metrics.models import Perspective
from portal.metrics.queries import MetricChoice
from portal.people.queries import Face
from portal.web.fields import DateField, DecimalField, FloatField, IntegerField
from portal.web.forms import Form

SPARE_ROWS = 2
THE_PERSON = 0
"""Stands in the split for whoever is named in the promise."""

_WORDS = (DataRequired(), Length(max=MAX_TEXT))
_MONEY = (Optional(), NumberRange(0, MAX_MONEY_MINOR // 100))


def minor(field: DecimalField) -> int:
    """Money that was typed, in minor units; 0 for none."""
    return round((field.data or Decimal(0)) * 100)


class CreditRow(wtforms.Form):
    """One part of the credit; a row without a percentage is left out."""

    person = SelectField(_("Who"), coerce=int)
    role = SelectField(
        _("For"), choices=lambda: [(each.value, role_label(each)) for each in CreditRole]
    )
    percent = IntegerField(_("Percent"), [Optional()])


class CommitForm(Form):
    """A promise."""

    person_id = SelectField(_("Who does it"), coerce=int, default=THE_PERSON)
    due_on = DateField(_("Until when"), [DataRequired()])
    definition_of_done = TextAreaField(_("Done means"), _WORDS)
    track = RadioField(
        _("How much proof"),
        choices=lambda: [(each.value, track_label(each)) for each in Track],
        default=Track.QUICK.value,
    )
    metric_id = SelectField(_("The metric that shall move"), coerce=int, default=0)
    guardrail_ids = SelectMultipleField(
        _("What must not get worse"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    forecast_percent = FloatField(_("Forecast, in percent"), [Optional()])
    investment = DecimalField(_("Cost, once"), _MONEY)
    running = DecimalField(_("Cost a year"), _MONEY)
    credit = FieldList(FormField(CreditRow), max_entries=MAX_SHARES)

    def offer(self, people: Sequence[Face], metrics: Sequence[MetricChoice]) -> None:
        """Fill the choices; of all metrics only those for customers and employees guard."""
        named = [(face.id, _named(face)) for face in people]
        present = [(face.id, _named(face)) for face in people if face.hue >= 0]
        self.person_id.choices = [(THE_PERSON, _("Choose a person")), *present]
        self.metric_id.choices = [
            (0, _("None")),
            *((choice.id, choice_label(choice)) for choice in metrics),
        ]
        self.guardrail_ids.choices = [
            (choice.id, choice_label(choice))
            for choice in metrics
            if choice.perspective is not Perspective.OPERATIONS
        ]
        for row in self.credit:
            row.form.person.choices = [(THE_PERSON, _("Who does it")), *named]

    def propose(self, originators: Iterable[int]) -> None:
        """Begin with the default split and room for more."""
        for person_id, role, percent in default_split(list(originators), THE_PERSON):
            self.credit.append_entry({"person": person_id, "role": role.value, "percent": percent})
        for _row in range(SPARE_ROWS):
            self.credit.append_entry({"role": CreditRole.DEVELOPER.value})

    def shares(self) -> list[Share] | None:
        """The split as it was typed; None where no row was sent, so that the default holds."""
        if not len(self.credit):
            return None
        return [
            (
                row.form.person.data or self.person_id.data,
                CreditRole(row.form.role.data),
                row.form.percent.data,
            )
            for row in self.credit
            if row.form.percent.data is not None
        ]

    @property
    def credit_errors(self) -> list[str]:
        """What is wrong with the split, in sentences."""
        said = [error for error in self.credit.errors if isinstance(error, str)]
        if len(said) < len(self.credit.errors):
            said.append(_("A part of credit is a person, what it is for, and a whole percentage."))
        return said


def _named(face: Face) -> str:
    return f"{face.name} ({face.note})" if face.note else face.name


class ImplementForm(Form):
    """The report that a change is live."""

    go_live_on = DateField(_("Live since"), [DataRequired()])
    what_changes = TextAreaField(_("What changes for you on a contact"), _WORDS)
    evidence = TextAreaField(_("What proves it"), _WORDS)
    evidence_url = StringField(_("Link to it"), [Optional(), Length(max=500)])


class StepForm(Form):
    """A step that is taken with a sentence."""

    sentence = TextAreaField(_("Your sentence"), _WORDS)


class CloseForm(Form):
    """A step that may be taken without a word."""

    sentence = TextAreaField(_("Your sentence"), [Optional(), Length(max=MAX_TEXT)])


class DateForm(Form):
    """A promised day that moves."""

    due_on = DateField(_("The new day"), [DataRequired()])
    reason = TextAreaField(_("Why it moves"), _WORDS)
