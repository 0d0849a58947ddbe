"""The base of every form: shape only; rules live in services."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from uuid import uuid4

from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import HiddenField, StringField
from wtforms.fields.core import Field

from portal.errors import RuleBroken
from portal.i18n import gettext as _
from portal.identifiers import Kind
from portal.masking import Finding, Masked, describe, mask
from portal.text import normalise
from portal.web.arrivals import SentDifferently

_NONCE = re.compile("[0-9A-Za-z-]{1,36}")

OWN_WORDS = {
    "This field is required.": _("This is missing."),
    "Not a valid choice.": _("Choose one from the list."),
    "Invalid Choice: could not coerce.": _("Choose one from the list."),
    "Not a valid date value.": _("This is not a day of the calendar."),
    "Not a valid integer value.": _("This is not a whole number."),
    "Not a valid decimal value.": _("This is not a number."),
    "Not a valid float value.": _("This is not a number."),
    "Field cannot be longer than %(max)d characters.": _(
        "Too long: %(max)d characters are the most."
    ),
}
"""What WTForms says about a field, in the words of the portal."""


class Words:
    """The translations WTForms asks for: the portal's own words where it has some."""

    def gettext(self, message: str) -> str:
        """The portal's sentence for one of WTForms."""
        return OWN_WORDS.get(message, message)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The portal's sentence for one of WTForms about a length."""
        chosen = singular if n == 1 else plural
        return OWN_WORDS.get(chosen, chosen)


class Form(FlaskForm):
    """A form that can take a broken rule back onto the field it is about.

    Its hidden fields carry the token, which the gate has checked before any view runs.
    """

    class Meta(FlaskForm.Meta):
        """Errors are said in the words of the portal."""

        def get_translations(self, form: FlaskForm) -> Words:
            """The words for errors."""
            return Words()

        def render_field(self, field: Field, render_kw: dict[str, Any]) -> Markup:
            """A hidden field carries no id, for a page may hold several forms."""
            own = {"id": False} if isinstance(field, HiddenField) else {}
            drawn: Markup = super().render_field(field, {**own, **render_kw})
            return drawn

    own_words: ClassVar[tuple[str, ...]] = ()
    """The fields that hold what somebody tells in words of their own."""
    masked = ""
    """What was masked in them, in sentences, where the writer has to see it before it is sent."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the shape; the writer's own words come back masked where it is wrong."""
        is_valid: bool = super().validate(extra_validators)
        if not is_valid:
            self.must_be_shown_masked()
        return is_valid

    def must_be_shown_masked(self) -> bool:
        """Mask the writer's own words in place; whether something was, so that it is shown first.

        The fields then hold the masked text, so sending them again asks nothing more.
        """
        counts: Counter[Kind] = Counter()
        for name in self.own_words:
            found = _mask_typed(self._fields[name].data or "")
            if found.found:
                self._fields[name].data = found.text
                counts.update({finding.kind: finding.count for finding in found.found})
        self.masked = describe([Finding(kind, counts[kind]) for kind in Kind if counts[kind]])
        return bool(self.masked)

    def add_error(self, error: RuleBroken) -> None:
        """Show a broken rule at its field, or above the form."""
        field: Field | None = self._fields.get(error.field or "")
        if field is None:
            self.form_errors.append(error.message)
        else:
            field.errors = [*field.errors, error.message]

    @contextmanager
    def catching(self) -> Iterator[None]:
        """Run a unit; a broken rule lands in ``self.errors`` instead of leaving the view."""
        try:
            yield
        except RuleBroken as error:
            self.add_error(error)


class FilterForm(FlaskForm):
    """A form that lives in the query string."""

    class Meta(Form.Meta):
        """A filter changes nothing, so it needs no token."""

        csrf = False


class OnceForm(Form):
    """A form whose second arrival (double click, Back and again) does nothing new.

    A nonce that is none of ours is dropped: such a form is simply new each time.  One whose
    nonce was used for something else gets a new one, to be sent as what it is.
    """

    nonce = HiddenField(filters=[lambda value: value if _NONCE.fullmatch(value or "") else None])

    def add_error(self, error: RuleBroken) -> None:
        """Show a broken rule; see :class:`Form`."""
        super().add_error(error)
        if isinstance(error, SentDifferently):
            self.nonce.data = str(uuid4())


def _mask_typed(typed: str) -> Masked:
    """As it would be stored; what cannot be kept at all is for the service to refuse."""
    try:
        return mask(normalise(typed))
    except RuleBroken:
        return Masked(typed)


def text_of(field: StringField) -> str:
    """What was typed into a text field, never None."""
    return field.data or ""
