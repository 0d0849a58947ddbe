"""The shape of what an administrator types about contact reasons."""

from decimal import Decimal

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import DataRequired, Length, NumberRange, Optional

from portal.demand.services import MAX_COST_MINOR, MAX_KEY, MAX_NAME
from portal.i18n import gettext as _
from portal.web.fields import DateField, DecimalField
from portal.web.forms import Form

_MOST = Decimal(MAX_COST_MINOR) / 100
_MONEY = (Optional(), NumberRange(0, _MOST))


def minor(field: DecimalField) -> int:
    """Money that was typed, in minor units; 0 for none."""
    return round((field.data or Decimal(0)) * 100)


class CostForm(Form):
    """What one contact costs from a day on."""

    avoidable_cost = DecimalField(_("Avoidable cost of one contact"), _MONEY)
    full_cost = DecimalField(_("Full cost of one contact"), _MONEY)
    valid_from = DateField(_("From"), [Optional()])


class ReasonForm(CostForm):
    """A new contact reason."""

    key = StringField(_("Key"), [DataRequired(), Length(max=MAX_KEY)])
    name = StringField(_("Name"), [DataRequired(), Length(max=MAX_NAME)])
    parent = SelectField(_("Part of"), coerce=int)
    owner = SelectField(_("Owned by"), coerce=int)


class ReasonEditForm(Form):
    """Name and owner of a contact reason."""

    name = StringField(_("Name"), [DataRequired(), Length(max=MAX_NAME)])
    owner = SelectField(_("Owned by"), coerce=int)
    is_active = BooleanField(_("In use"))
