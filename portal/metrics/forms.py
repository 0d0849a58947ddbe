"""The shape of what people type about metrics."""

from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.i18n import gettext as _
from portal.metrics.labels import direction_label, perspective_label
from portal.metrics.models import Direction, Perspective
from portal.web.fields import DateField, FloatField, IntegerField
from portal.web.forms import Form


class PointForm(Form):
    """One week: two counts, or the value alone."""

    period_start = DateField(_("Week from"), [DataRequired()])
    numerator = FloatField(_("Counted"), [Optional()])
    denominator = FloatField(_("Out of"), [Optional()])
    value = FloatField(_("Or the value itself"), [Optional()])


class MetricForm(Form):
    """A new metric."""

    name = StringField(_("What is counted"), [DataRequired(), Length(max=160)])
    key = StringField(_("Short name"), [DataRequired(), Length(max=64)])
    numerator_name = StringField(_("Counted things"), [DataRequired(), Length(max=80)])
    denominator_name = StringField(_("Out of"), [DataRequired(), Length(max=80)])
    per = IntegerField(_("Per how many"), [InputRequired()], default=1000)
    unit = StringField(_("Unit"), [DataRequired(), Length(max=80)])
    decimals = IntegerField(_("Decimals"), [InputRequired()], default=1)
    direction = SelectField(
        _("Which way is better"),
        choices=lambda: [(each.value, direction_label(each)) for each in Direction],
    )
    perspective = SelectField(
        _("Whom it speaks for"),
        choices=lambda: [(each.value, perspective_label(each)) for each in Perspective],
    )
    smallest_worthwhile = FloatField(_("Smallest change worth having"), [Optional()])
    department = SelectField(_("Department"), coerce=int)
    reason = SelectField(_("Contact reason"), coerce=int)
