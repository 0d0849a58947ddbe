"""What administrators fill in."""

from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.admin.masking import CHOICES
from portal.admin.services import MAX_REASON
from portal.i18n import gettext as _
from portal.identifiers import Kind
from portal.own_formats import MAX_FORMATS, MAX_LENGTH
from portal.web.forms import Form


class GiveUpForm(Form):
    """Why a task is left undone."""

    reason = StringField(_("Why it is left undone"), [InputRequired(), Length(max=MAX_REASON)])


def _kind_word(kind: Kind) -> str:
    return {
        Kind.CARD: _("Card numbers"),
        Kind.ACCOUNT: _("Account numbers (IBAN)"),
        Kind.EMAIL: _("Mail addresses"),
        Kind.PHONE: _("Phone numbers"),
    }[kind]


class MaskingForm(Form):
    """What is masked in what people write, and what is tried with it."""

    kinds = SelectMultipleField(
        _("Masked beside card numbers"),
        choices=lambda: [(kind.value, _kind_word(kind)) for kind in CHOICES],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    own_formats = TextAreaField(
        _("Numbers of the house, which are never masked"),
        [Length(max=MAX_FORMATS * (MAX_LENGTH + 2))],
    )
    example = TextAreaField(_("A sentence to try it with"), [Length(max=2000)])
