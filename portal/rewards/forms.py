"""Forms around points."""

from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import UUID, DataRequired, Length

from portal.i18n import format_number
from portal.i18n import gettext as _
from portal.rewards.vouchers import SIZES
from portal.web.forms import Form, OnceForm


class RedeemForm(OnceForm):
    """One button; what it holds makes it count once."""

    nonce = HiddenField(validators=[UUID(_("Open the catalogue again, then order."))])


class VoucherForm(Form):
    """The code of a voucher."""

    code = StringField(_("The code"), [DataRequired(_("Type the code.")), Length(max=60)])


class TakeOutForm(OnceForm):
    """How many points of a sealed idea become a voucher."""

    points = SelectField(
        _("How many points"),
        coerce=int,
        choices=lambda: [(size, format_number(size)) for size in SIZES],
    )
