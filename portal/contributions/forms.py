"""The shape of what is typed about tasks."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from portal.i18n import gettext as _
from portal.web.fields import KeyField
from portal.web.forms import Form, OnceForm

MAX_WORDS = 4000


class AskForm(OnceForm):
    """Another department and its task; the choices are filled in by the view that shows them."""

    department = KeyField(_("Which department"), choices=[])
    task = TextAreaField(_("What you need from it"), [DataRequired(), Length(max=MAX_WORDS)])


class SettleForm(Form):
    """What the department signs, or why it gives the task back; the button says which."""

    words = TextAreaField(_("What you did, or why not"), [DataRequired(), Length(max=MAX_WORDS)])
