"""The base of every form: shape only; rules live in services."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.fields.core import Field

from portal.errors import RuleBroken


class Form(FlaskForm):
    """A form that can take a broken rule back onto the field it is about.

    Its hidden fields carry the token, which the gate has checked before any view runs.
    """

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

    class Meta(FlaskForm.Meta):
        """A filter changes nothing, so it needs no token."""

        csrf = False


class OnceForm(Form):
    """A form whose second arrival (double click, Back and again) does nothing new."""

    nonce = HiddenField()


def text_of(field: StringField) -> str:
    """What was typed into a text field, never None."""
    return field.data or ""
