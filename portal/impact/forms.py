"""The shape of claims and signatures; their rules live in the services."""

from wtforms import HiddenField, RadioField, StringField, TextAreaField, ValidationError
from wtforms.fields.core import Field
from wtforms.validators import Length, NumberRange, Optional

from portal.i18n import gettext as _
from portal.impact.models import BenefitKind, Outcome
from portal.impact.services import MAX_LABEL
from portal.web.fields import IntegerField
from portal.web.forms import Form

MAX_SENTENCE = 2000
MAX_EVIDENCE = 500


class SignForm(Form):
    """A signature; ``analysis`` names what the validator has read."""

    outcome = RadioField(_("What do you sign?"), validate_choice=False)
    share_percent = IntegerField(_("Approved part, in percent"), [Optional(), NumberRange(1, 99)])
    sentence = TextAreaField(_("Your sentence"), [Length(max=MAX_SENTENCE)])
    evidence = StringField(_("The line that moved"), [Length(max=MAX_EVIDENCE)])
    analysis = HiddenField()

    def validate_outcome(self, field: Field) -> None:
        """One of the outcomes; whether the evidence carries it is asked later."""
        if field.data not in set(Outcome):
            raise ValidationError(_("Choose what you sign."))


class ClaimForm(Form):
    """A claim for the department; its fields carry a prefix, because two forms share a page."""

    kind = RadioField(_("What kind of money is it?"), validate_choice=False)
    label = StringField(_("What it is"), [Length(max=MAX_LABEL)])
    share_percent = IntegerField(_("Share of the measured change, in percent"), [Optional()])
    evidence = StringField(_("The line that moved"), [Length(max=MAX_EVIDENCE)])

    def validate_kind(self, field: Field) -> None:
        """One of the kinds."""
        if field.data not in set(BenefitKind):
            raise ValidationError(_("Choose a kind; kinds are never added together."))
