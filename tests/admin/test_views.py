"""The administrators' overview."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.actor import Role
from portal.audit.models import AuditRow
from portal.database import Database, reading, writing
from portal.jobs.models import OutboxTask
from portal.now import now
from portal.people.models import Person
from tests.factories.people import make_person
from tests.support.client import Client
from tests.support.statements import counting


def test_the_overview_is_for_administrators_and_names_what_is_missing(
    app: Flask, client: Client
) -> None:
    with writing():
        administrator = make_person("Bram de Wit", role=Role.ADMINISTRATOR)
        agent = make_person()
    assert client.sign_in(agent).get("/admin/").status_code == 404
    page = client.sign_in(administrator).get("/admin/")
    assert page.status_code == 200
    assert page.text.count("<h1") == 1
    assert "There are no contact reasons" in page.text


def _fail_task(number: int) -> int:
    """A task that failed for good."""
    with writing() as unit:
        task = OutboxTask(
            kind="test.letter",
            payload={"n": number},
            delivery_id=f"d-{number}",
            created_at=now(),
            run_at=now(),
            attempts=8,
            finished_at=now(),
            has_failed=True,
            last_error="ConnectionRefusedError: <the receiver> is away",
        )
        unit.add(task)
        unit.flush()
        return task.id


@pytest.fixture
def administrator(app: Flask) -> Person:
    """An administrator."""
    with writing():
        return make_person("Bram de Wit", role=Role.ADMINISTRATOR)


def test_what_failed_is_listed_with_its_error_and_started_again(
    app: Flask, client: Client, administrator: Person
) -> None:
    task_id = _fail_task(1)
    page = client.sign_in(administrator).get("/admin/jobs")
    assert page.text.count("<h1") == 1
    assert "&lt;the receiver&gt; is away" in page.text
    assert client.post(f"/admin/jobs/{task_id}/again").status_code == 303
    with reading() as session:
        task = session.get_one(OutboxTask, task_id)
        assert (task.has_failed, task.attempts, task.finished_at) == (False, 0, None)
        assert session.scalar(select(AuditRow.action).order_by(AuditRow.seq.desc()).limit(1)) == (
            "task.tried_again"
        )
    assert client.post(f"/admin/jobs/{task_id}/again").status_code == 409


def test_giving_up_needs_a_reason_that_stays_with_the_task(
    app: Flask, client: Client, administrator: Person
) -> None:
    task_id = _fail_task(1)
    client.sign_in(administrator)
    address = f"/admin/jobs/{task_id}/give-up"
    assert client.post(address, {"reason": " "}).status_code == 422
    assert client.post(address, {"reason": "The receiver closed down."}).status_code == 303
    assert "The receiver closed down." in client.get("/admin/jobs").text
    assert client.post(address, {"reason": "Again."}).status_code == 409


def test_everything_that_failed_starts_over_in_one_go_but_not_what_was_given_up(
    app: Flask, client: Client, administrator: Person
) -> None:
    first, second, left = (_fail_task(number) for number in range(3))
    client.sign_in(administrator)
    client.post(f"/admin/jobs/{left}/give-up", {"reason": "Not needed any more."})
    assert client.post("/admin/jobs/again").status_code == 303
    with reading() as session:
        failed = select(OutboxTask.id).where(OutboxTask.has_failed)
        assert list(session.scalars(failed)) == [left]
        assert session.get_one(OutboxTask, first).run_at is not None
        assert session.get_one(OutboxTask, second).last_error is not None


def test_the_page_of_tasks_asks_the_same_whether_few_or_many_failed(
    app: Flask, client: Client, administrator: Person, database: Database
) -> None:
    client.sign_in(administrator)
    counts = []
    for number in (1, 20):
        for serial in range(number):
            _fail_task(100 * number + serial)
        client.get("/admin/jobs")
        with counting(database) as statements:
            client.get("/admin/jobs")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_tasks_are_for_administrators(app: Flask, client: Client) -> None:
    task_id = _fail_task(1)
    with writing():
        agent = make_person()
    client.sign_in(agent)
    assert client.get("/admin/jobs").status_code == 404
    assert client.post(f"/admin/jobs/{task_id}/again").status_code == 404
    assert client.post(f"/admin/jobs/{task_id}/give-up", {"reason": "No."}).status_code == 404
