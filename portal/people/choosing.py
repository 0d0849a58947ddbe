"""Choosing a password: what the rules say to what was typed."""

from portal.errors import RuleBroken
from portal.people import passwords, second_factor
from portal.people.blueprint import settings
from portal.people.forms import NewPasswordForm
from portal.people.models import Person
from portal.web.forms import text_of


def shortest(person: Person) -> int:
    """How many characters this person's password has at least."""
    has_code = second_factor.get_standing(person.id).is_on
    return passwords.MIN_LENGTH_WITH_CODE if has_code else passwords.MIN_LENGTH


def hash_chosen(form: NewPasswordForm, name: str, email: str, *, low: int) -> str | None:
    """The hash of what was chosen; None, with the reason on its field, where it will not do."""
    try:
        passwords.check_new(text_of(form.password), name, email, settings().site_name, low=low)
    except RuleBroken as error:
        form.add_error(error)
        return None
    return passwords.hash_password(text_of(form.password))
