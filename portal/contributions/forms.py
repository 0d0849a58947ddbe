"""The shape of what is typed about tasks."""

from wtforms import SelectField, TextAreaField
from wtforms.fields.core import Field
from wtforms.validators import DataRequired, Length, ValidationError

from portal.i18n import gettext as _
from portal.web.forms import Form, OnceForm

MAX_WORDS = 4000
MAX_ID = 10**15


class AskForm(OnceForm):
    """Another department and its task; the choices are filled in by the view that shows them."""

    department = SelectField(
        _("Which department"), [DataRequired()], coerce=int, choices=[], validate_choice=False
    )
    task = TextAreaField(_("What you need from it"), [DataRequired(), Length(max=MAX_WORDS)])

    def validate_department(self, field: Field) -> None:
        """A number that can be a department's; whether there is one is asked later."""
        if not 0 < field.data <= MAX_ID:
            raise ValidationError(_("Choose a department."))


class SettleForm(Form):
    """What the department signs, or why it gives the task back; the button says which."""

    words = TextAreaField(_("What you did, or why not"), [DataRequired(), Length(max=MAX_WORDS)])
