"""Forms around points."""

from wtforms import HiddenField
from wtforms.validators import UUID

from portal.i18n import gettext as _
from portal.web.forms import OnceForm


class RedeemForm(OnceForm):
    """One button; what it holds makes it count once."""

    nonce = HiddenField(validators=[UUID(_("Open the catalogue again, then order."))])
