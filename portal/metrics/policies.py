"""Who may say what is measured, record it, and freeze a baseline."""

from portal.actor import Actor, Capability
from portal.i18n import gettext as _
from portal.ideas.models import Idea
from portal.metrics.models import Metric
from portal.people.models import Department
from portal.policy import policy

_MEASURES = _("Only those who measure for this department can do this.")


@policy(Department, "measure", otherwise=_MEASURES)
def can_measure(actor: Actor, department: Department) -> bool:
    """Those who measure for the department add its metrics."""
    return actor.can(Capability.MEASURE, department.id)


@policy(Metric, "record", otherwise=_MEASURES)
def can_record(actor: Actor, metric: Metric) -> bool:
    """Those who measure for the metric's department record its weeks."""
    return actor.can(Capability.MEASURE, metric.department_id)


@policy(Metric, "lock", otherwise=_("A baseline is locked by those who deliver the idea."))
def can_lock(actor: Actor, metric: Metric, idea: Idea) -> bool:
    """Those who deliver the idea, or measure for the metric's department."""
    return can_record(actor, metric) or actor.can(Capability.DELIVER, idea.owner_department_id)
