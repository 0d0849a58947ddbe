"""What administrators fill in."""

from typing import Any

from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.fields.core import Field
from wtforms.validators import InputRequired, Length, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from portal.admin.entries import Asked, is_thing
from portal.admin.erasing import MAX_REASON as MAX_WHY
from portal.admin.masking import CHOICES
from portal.admin.services import MAX_REASON
from portal.i18n import gettext as _
from portal.identifiers import Kind
from portal.own_formats import MAX_FORMATS, MAX_LENGTH
from portal.text import one_line
from portal.web.fields import DateField
from portal.web.forms import FilterForm, Form


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


def _plain(typed: str | None) -> str:
    return one_line(typed or "")


class EraseForm(Form):
    """Why a person is forgotten, and their address once more."""

    reason = StringField(_("Why?"), [InputRequired(), Length(max=MAX_WHY)])
    address = StringField(_("Type their address to confirm"), [InputRequired(), Length(max=254)])


class LogForm(FilterForm):
    """What the audit log is narrowed to."""

    who = StringField(_("Who"), [Length(max=254)], filters=[_plain])
    action = StringField(
        _("What"),
        [Optional(), Regexp("[a-z_.]{1,64}$", message=_("Such as idea. or role.granted"))],
        filters=[_plain],
    )
    thing = StringField(_("Which thing"), [Optional(), Length(max=60)], filters=[_plain])
    first = DateField(_("From"), [Optional()])
    last = DateField(_("To"), [Optional()])

    def validate_thing(self, field: Field) -> None:
        """A ref, or a kind with or without its key."""
        if not is_thing(field.data):
            raise ValidationError(_("Such as I-1042, or person 7, or role"))

    def asked(self) -> Asked:
        """What was asked for; a filter that means nothing narrows nothing."""
        return Asked(
            who=self._kept(self.who) or "",
            action=self._kept(self.action) or "",
            thing=self._kept(self.thing) or "",
            first=self._kept(self.first),
            last=self._kept(self.last),
        )

    @staticmethod
    def _kept(field: Field) -> Any:
        return None if field.errors else field.data
