"""What administrators fill in."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from portal.admin.services import MAX_REASON
from portal.i18n import gettext as _
from portal.web.forms import Form


class GiveUpForm(Form):
    """Why a task is left undone."""

    reason = StringField(_("Why it is left undone"), [InputRequired(), Length(max=MAX_REASON)])
