"""The pages of measured changes, as a browser without JavaScript sees them."""

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from jinja2 import Environment
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.actor import Role
from portal.database import Database, reading, writing
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.impact import labels
from portal.impact.models import BenefitLine, Validation
from portal.impact.queries import get_result
from portal.impact.series import parse_series
from portal.jobs.services import run_ready_tasks
from portal.now import at
from tests.factories.impact import GO_LIVE, JUDGED, Measured, make_judged, make_measured
from tests.factories.people import make_person
from tests.support.client import Client
from tests.support.statements import counting

SENTENCE = "The partner's invoice fell by what the calls say."
EVIDENCE = "Overflow partner, invoice line 4."


@pytest.fixture(autouse=True)
def _then() -> Iterator[None]:
    with at(JUDGED):
        yield


def _url(measured: Measured, action: str = "") -> str:
    return f"/impact/I-{measured.idea.number}{action}"


def _h1s(page: TestResponse) -> int:
    return len(re.findall(r"<h1\b", page.text))


def _repeated_ids(page: TestResponse) -> set[str]:
    ids = re.findall(r'\sid="([^"]+)"', page.text)
    return {one for one in ids if ids.count(one) > 1}


def _statements(database: Database, ask: Callable[[], TestResponse]) -> int:
    with counting(database) as seen:
        assert ask().status_code == 200
    return sum(not statement.startswith("BEGIN") for statement in seen)


def _claim(client: Client, measured: Measured, **changes: str) -> TestResponse:
    fields = {"claim-kind": "hard", "claim-label": "Overflow partner", "claim-evidence": EVIDENCE}
    return client.post(_url(measured, "/claim"), {**fields, **changes})


def _sign(client: Client, measured: Measured, **changes: str) -> TestResponse:
    given = client.fields(client.get(_url(measured)), _url(measured, "/validate"))
    fields = {"outcome": "approved", "sentence": SENTENCE, "evidence": EVIDENCE}
    return client.post(
        _url(measured, "/validate"), {"analysis": given["analysis"], **fields, **changes}
    )


def test_a_change_goes_all_the_way_from_its_verdict_to_a_signature(
    client: Client, new_client: Callable[[], Client]
) -> None:
    measured = make_judged()
    department = client.sign_in(measured.accepted.deputy)
    before = department.get(_url(measured))
    assert _h1s(before) == 1
    assert _repeated_ids(before) == set()
    assert "It worked." in before.text
    assert "Evidence B" in before.text
    assert "Nobody has signed yet" in before.text
    assert "/validate" not in before.text
    assert _claim(department, measured).status_code == 303
    validator = new_client().sign_in(measured.validator)
    to_sign = validator.get(_url(measured))
    assert _repeated_ids(to_sign) == set()
    assert EVIDENCE in to_sign.text
    assert "/claim" not in to_sign.text
    answer = _sign(validator, measured)
    assert (answer.status_code, answer.location) == (303, _url(measured))
    signed = department.get(_url(measured))
    assert "Signed, in full" in signed.text
    assert "Priya Nair" in signed.text
    assert "Finance" in signed.text
    with reading() as reader:
        assert reader.get_one(Idea, measured.idea.id).state is State.VALIDATED
        assert reader.scalars(select(BenefitLine.is_validated)).all() == [True]


def test_a_refused_signature_keeps_what_was_typed(client: Client) -> None:
    measured = make_judged()
    client.sign_in(measured.validator)
    page = _sign(client, measured, sentence="Too short.")
    assert page.status_code == 422
    assert "Too short." in page.text
    assert EVIDENCE in page.text
    assert "at least 20 characters" in page.text
    assert _sign(client, measured, outcome="").status_code == 422
    assert _sign(client, measured, outcome="wonderful").status_code == 422
    with reading() as reader:
        assert reader.scalar(select(Validation.id)) is None


def test_a_refused_claim_keeps_what_was_typed(client: Client) -> None:
    measured = make_judged()
    client.sign_in(measured.accepted.deputy)
    page = _claim(client, measured, **{"claim-evidence": ""})
    assert page.status_code == 422
    assert "Overflow partner" in page.text
    assert "line that moved" in page.text
    assert _claim(client, measured, **{"claim-share_percent": "101"}).status_code == 422
    assert _claim(client, measured, **{"claim-kind": "gold"}).status_code == 422


def test_what_is_not_proven_is_not_offered_to_approve_nor_taken(client: Client) -> None:
    measured = make_judged(primary=950)
    client.sign_in(measured.validator)
    page = client.get(_url(measured))
    assert "We cannot tell yet" in page.text
    assert "Only a measured improvement can be approved." in page.text
    assert 'value="approved"' not in page.text
    assert _sign(client, measured).status_code == 422
    assert _sign(client, measured, outcome="not_proven").status_code == 303


def test_a_validator_of_the_department_reads_why_they_cannot_sign(client: Client) -> None:
    measured = make_judged()
    with writing():
        own = make_person("Own", home=measured.accepted.department, role=Role.VALIDATOR)
    client.sign_in(own)
    page = client.get(_url(measured))
    assert "You belong to the department that made the change." in page.text
    assert "/validate" not in page.text
    refused = client.post(
        _url(measured, "/validate"), {"outcome": "approved", "sentence": SENTENCE}
    )
    assert refused.status_code == 403
    assert "You belong to the department that made the change." in refused.text


def test_those_who_validate_nothing_find_no_such_page(client: Client) -> None:
    measured = make_judged()
    client.sign_in(measured.accepted.author)
    assert _sign_without_form(client, measured).status_code == 404
    assert client.post(_url(measured, "/claim")).status_code == 404


def _sign_without_form(client: Client, measured: Measured) -> TestResponse:
    return client.post(_url(measured, "/validate"), {"outcome": "approved", "sentence": SENTENCE})


def test_a_change_that_is_too_early_says_when_there_is_enough(client: Client) -> None:
    measured = make_measured()
    client.sign_in(measured.validator)
    assert "Not analysed yet." in client.get(_url(measured)).text
    with at(GO_LIVE):
        run_ready_tasks()
        page = client.get(_url(measured))
    assert "Too early." in page.text
    assert "6 more weeks" in page.text
    assert _h1s(page) == 1


def test_an_idea_that_is_not_measured_has_no_such_page(client: Client) -> None:
    measured = make_judged()
    client.sign_in(measured.validator)
    assert client.get("/impact/I-999999").status_code == 404
    with writing() as unit:
        unit.get_one(Idea, measured.idea.id).submitted_at = None
    assert client.get(_url(measured)).status_code == 404


def test_asking_for_a_fresh_analysis_says_that_it_is_under_way(client: Client) -> None:
    measured = make_judged()
    client.sign_in(measured.validator)
    assert client.post(_url(measured, "/analyse")).status_code == 303
    assert "New points are being analysed." in client.get(_url(measured)).text
    run_ready_tasks()
    assert "New points are being analysed." not in client.get(_url(measured)).text
    client.sign_in(measured.accepted.author)
    assert client.post(_url(measured, "/analyse")).status_code == 403


def test_the_weeks_come_as_a_file_that_the_command_line_reads(client: Client) -> None:
    measured = make_judged()
    client.sign_in(measured.accepted.author)
    answer = client.get(_url(measured, "/points.csv"))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    series = parse_series(answer.data)
    assert len(series) == 33
    assert answer.text.count("transition") == 1
    assert answer.text.count("after") == 12


def test_the_table_under_the_chart_says_what_the_chart_shows(client: Client) -> None:
    measured = make_judged()
    client.sign_in(measured.accepted.author)
    page = client.get(_url(measured))
    assert len(re.findall(r'<tr data-kind="baseline"', page.text)) == 20
    assert len(re.findall(r'<tr data-kind="after"[^>]*data-signal="[^"]+"', page.text)) == 12
    assert "Baseline locked 1 Jun 2026, 20 points" in page.text


def test_the_list_shows_validators_first_what_waits_for_a_signature(client: Client) -> None:
    measured = make_judged()
    make_judged(primary=950)
    make_measured()
    client.sign_in(measured.validator)
    page = client.get("/impact")
    assert _h1s(page) == 1
    assert page.text.count("/impact/I-") == 2
    counts = re.findall(r'show=(\w+)"[^>]*>[^<]*<span class="num"> (\d+)', page.text)
    assert dict(counts) == {
        "to_sign": "2",
        "all": "3",
        "improved": "1",
        "not_proven": "1",
        "harmed": "0",
        "too_early": "1",
    }
    for show, count in counts:
        assert client.get(f"/impact?show={show}").text.count("/impact/I-") == int(count)
    client.sign_in(measured.accepted.author)
    assert client.get("/impact").text.count("/impact/I-") == 3


def test_an_empty_list_says_what_will_stand_there(client: Client) -> None:
    with writing():
        reader = make_person()
    client.sign_in(reader)
    for show in ("all", "to_sign", "harmed"):
        assert "empty" in client.get(f"/impact?show={show}").text


def test_the_pages_ask_the_database_a_fixed_number_of_times(
    client: Client, database: Database
) -> None:
    measured = make_judged()
    client.sign_in(measured.validator)
    one = _statements(database, lambda: client.get("/impact?show=all"))
    assert one <= 4
    assert _statements(database, lambda: client.get(_url(measured))) <= 14
    make_judged(primary=950)
    assert _statements(database, lambda: client.get("/impact?show=all")) == one


def test_the_fragment_for_the_page_of_the_idea_takes_two_statements(
    app: Flask, client: Client, database: Database
) -> None:
    measured = make_judged()
    client.sign_in(measured.validator)
    _sign(client, measured)
    idea = measured.idea
    with reading(), counting(database) as seen:
        result = get_result(idea.id)
    assert sum(not statement.startswith("BEGIN") for statement in seen) == 2
    environment: Environment = app.jinja_env
    with app.test_request_context("/"):
        html = environment.get_template("impact/_result.html").render(
            idea=idea, result=result, impact_labels=labels
        )
    assert html.count('id="result"') == 1
    assert "Signed, in full, Priya Nair" in html
    assert SENTENCE.split(" ")[0] in html
