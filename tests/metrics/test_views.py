"""The registry's pages."""

from dataclasses import dataclass

import pytest

from portal.actor import Role
from portal.database import Database, writing
from portal.metrics import queries, services
from portal.metrics.models import Metric
from portal.now import today
from portal.people.models import Department, Person
from tests.factories.delivery import make_accepted
from tests.factories.metrics import make_metric, mondays
from tests.factories.people import actor_of, make_person
from tests.support.client import Client
from tests.support.statements import counting


@dataclass(frozen=True)
class Registry:
    """A metric, who measures it, and who does not."""

    department: Department
    handler: Person
    agent: Person
    metric: Metric

    @property
    def url(self) -> str:
        """The metric's page."""
        return f"/metrics/M-{self.metric.number}"


@pytest.fixture
def registry(client: Client) -> Registry:
    """A metric with 16 weeks and a locked baseline."""
    with writing():
        accepted = make_accepted()
        metric = make_metric(accepted.department, weeks=16)
        services.lock_baseline(actor_of(accepted.head), metric, accepted.idea, until=today())
        handler = make_person(role=Role.HANDLER, scope=accepted.department)
    return Registry(accepted.department, handler, accepted.author, metric)


def test_the_list_shows_the_last_week_and_a_line(client: Client, registry: Registry):
    page = client.sign_in(registry.agent).get("/metrics")
    assert page.status_code == 200
    assert page.text.count("<h1>") == 1
    assert registry.metric.name in page.text
    assert 'class="spark"' in page.text
    assert "New metric" not in page.text


def test_an_empty_registry_says_what_will_be_there(client: Client):
    with writing():
        person = make_person()
    assert "Nothing is measured yet" in client.sign_in(person).get("/metrics").text


def test_the_chart_has_its_table_and_limits(client: Client, registry: Registry):
    page = client.sign_in(registry.agent).get(registry.url)
    assert page.status_code == 200
    assert page.text.count("<h1>") == 1
    assert 'data-chart="xmr"' in page.text
    assert page.text.count('data-kind="baseline"') == 16
    assert "data-mean=" in page.text
    assert "Locked baselines" in page.text
    assert "Record a week" not in page.text


def test_a_metric_without_weeks_has_a_page(client: Client, registry: Registry):
    with writing():
        metric = make_metric(registry.department)
    page = client.sign_in(registry.handler).get(f"/metrics/M-{metric.number}")
    assert "No week is recorded yet" in page.text
    assert "Record a week" in page.text


@pytest.mark.parametrize("number", ["M-99999", "M-0", "X-1", "M-1x"])
def test_an_unknown_metric_is_not_there(client: Client, registry: Registry, number: str):
    assert client.sign_in(registry.agent).get(f"/metrics/{number}").status_code == 404


def test_a_week_is_recorded_by_hand_and_twice_is_once(client: Client, registry: Registry):
    client.sign_in(registry.handler)
    week = {"period_start": today().isoformat()}
    with writing():
        metric = make_metric(registry.department)
    url = f"/metrics/M-{metric.number}"
    for _ in range(2):
        answer = client.post(f"{url}/points", {**week, "numerator": "95", "denominator": "10000"})
        assert (answer.status_code, answer.location) == (303, url)
    assert [point.value for point in queries.list_points(metric.id)] == [9.5]


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"period_start": "2999-01-04", "value": "9"},
        {"period_start": "yesterday", "value": "9"},
        {"period_start": "2026-03-02"},
        {"period_start": "2026-03-02", "numerator": "9"},
        {"period_start": "2026-03-02", "value": "nan"},
        {"period_start": "2026-03-02", "numerator": "9", "denominator": "0"},
    ],
)
def test_a_week_that_cannot_be_kept_shows_the_form_again(
    client: Client, registry: Registry, typed: dict[str, str]
):
    answer = client.sign_in(registry.handler).post(f"{registry.url}/points", typed)
    assert answer.status_code == 422
    assert "field-error" in answer.text
    assert answer.text.count("<h1>") == 1
    assert len(queries.list_points(registry.metric.id)) == 16


def test_those_who_do_not_measure_record_nothing(client: Client, registry: Registry):
    client.sign_in(registry.agent)
    week = {"period_start": mondays(1)[0].isoformat(), "value": "9"}
    assert client.post(f"{registry.url}/points", week).status_code == 404
    assert client.get("/metrics/new").status_code == 404
    with writing():
        stranger = make_person(role=Role.HANDLER, scope=make_accepted().department)
    assert client.sign_in(stranger).post(f"{registry.url}/points", week).status_code == 403


def test_the_weeks_leave_as_a_table(client: Client, registry: Registry):
    answer = client.sign_in(registry.agent).get(f"{registry.url}/points.csv")
    lines = answer.text.splitlines()
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert lines[0] == "period_start,numerator,denominator,value"
    assert len(lines) == 17


def test_a_metric_is_defined_for_a_department_one_measures_for(client: Client, registry: Registry):
    client.sign_in(registry.handler)
    page = client.get("/metrics/new")
    assert page.text.count("<h1>") == 1
    typed = {
        "name": "Calls about letters",
        "key": "Letter calls",
        "numerator_name": "calls",
        "denominator_name": "letters",
        "per": "1000",
        "unit": "per 1,000 letters",
        "decimals": "1",
        "direction": "lower",
        "perspective": "operations",
        "department": str(registry.department.id),
        "reason": "0",
    }
    answer = client.post("/metrics/new", typed)
    assert answer.status_code == 303
    again = client.post("/metrics/new", typed)
    assert again.status_code == 422
    assert "is taken" in again.text
    assert 'value="Letter calls"' in again.text
    with writing():
        other = make_accepted().department
    assert client.post("/metrics/new", {**typed, "department": str(other.id)}).status_code == 422


def test_the_list_asks_the_same_few_questions_however_long_it_is(
    client: Client, registry: Registry, database: Database
):
    client.sign_in(registry.agent).get("/metrics")
    with counting(database) as few:
        client.get("/metrics")
    with writing():
        for number in range(5):
            make_metric(registry.department, name=f"Metric {number}", weeks=3)
    with counting(database) as many:
        client.get("/metrics")
    assert len(many) == len(few) <= 8
