"""Fields for numbers and days that take plain ASCII digits, and no more than a database keeps.

WTForms' own take what Python's ``int``, ``float`` and ``strptime`` take: digits of other
scripts, underscores, NaN, and thousands of digits, on which its range check overflows.
"""

import re
from typing import Any

import wtforms
from wtforms.form import BaseForm

WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
DECIMAL = re.compile(r"[-+]?[0-9]{1,15}(?:\.[0-9]{0,15})?")
DAY = re.compile(r"(?:19|2[0-9])[0-9]{2}-[0-9]{1,2}-[0-9]{1,2}")
"""Of the centuries that people live and plan in, so that a day more or an hour less is one too."""
KEY = re.compile(r"[0-9]{1,15}")


def _plain(pattern: re.Pattern[str], fault: str, valuelist: list[str]) -> list[str]:
    """What was typed, without white space around it; raises ValueError where it is not plain."""
    typed = [value.strip() for value in valuelist[:1]]
    if typed and not pattern.fullmatch(typed[0]):
        raise ValueError(fault)
    return typed


class IntegerField(wtforms.IntegerField):
    """A whole number of at most 18 digits."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        fault = self.gettext("Not a valid integer value.")
        super().process_formdata(_plain(WHOLE, fault, valuelist))


class DecimalField(wtforms.DecimalField):
    """A number with a decimal point, exact."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        fault = self.gettext("Not a valid decimal value.")
        super().process_formdata(_plain(DECIMAL, fault, valuelist))


class FloatField(wtforms.FloatField):
    """A number with a decimal point, as measured."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        fault = self.gettext("Not a valid float value.")
        super().process_formdata(_plain(DECIMAL, fault, valuelist))


class DateField(wtforms.DateField):
    """A day, written as in ISO 8601."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        fault = self.gettext("Not a valid date value.")
        super().process_formdata(_plain(DAY, fault, valuelist))


class KeyField(wtforms.SelectField):
    """A choice by the key of a row; whether there is such a row is asked where it is used.

    ``data`` is None or 0 where nothing was chosen, which is an error here.
    """

    def __init__(self, label: str | None = None, **options: Any) -> None:
        super().__init__(label, coerce=int, validate_choice=False, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was chosen."""
        fault = self.gettext("Not a valid choice.")
        super().process_formdata(_plain(KEY, fault, valuelist))

    def pre_validate(self, form: BaseForm) -> None:
        """Something has to be chosen."""
        if not self.data and not self.process_errors:
            raise wtforms.ValidationError(self.gettext("This field is required."))
