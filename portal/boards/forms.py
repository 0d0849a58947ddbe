"""The period of a board, in the query string."""

from wtforms.validators import Optional

from portal.i18n import gettext as _
from portal.web.fields import DateField
from portal.web.forms import FilterForm


class PeriodForm(FilterForm):
    """From one day to another, both included."""

    start = DateField(_("From"), [Optional()], name="from")
    end = DateField(_("Until"), [Optional()], name="to")
