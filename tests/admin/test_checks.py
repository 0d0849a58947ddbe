"""The deploy check, and what must not be served at all."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal.actor import PROGRAM
from portal.admin.checks import find_refusal, is_public, list_far_faults, list_faults
from portal.config import Config
from portal.database import Database, reading, sqlite_path, writing
from portal.demand.services import add_reason
from portal.jobs.models import OutboxTask
from portal.migrations import runner
from portal.now import now
from portal.people import services
from tests.factories.people import make_department, make_headed_department
from tests.notifications.conftest import mailbox as mailbox
from tests.notifications.servers import Mailbox


@pytest.fixture
def world(config: Config, database: Database) -> Config:
    """Settings of a portal that everybody reaches, its file closed to others."""
    if path := sqlite_path(database.url):
        path.chmod(0o600)
    return replace(
        config,
        public_url="https://ideas.example.com",
        mail_url="smtp://mail.example.com",
        mail_from="ideas@example.com",
    )


def _faults(config: Config, database: Database) -> list[str]:
    with reading():
        return list(list_faults(config, database))


def _build() -> None:
    with writing():
        department, _head, _deputy = make_headed_department("Nordhafen", takes_orphans=True)
        add_reason(PROGRAM, "bill", name="Bill is wrong", owner=department)


def test_a_portal_in_order_has_no_faults(app: Flask, world: Config, database: Database) -> None:
    _build()
    assert _faults(world, database) == []
    assert find_refusal(world, database) is None


@pytest.mark.threat(93)
def test_what_would_be_dangerous_in_public_is_not_served(
    app: Flask, config: Config, world: Config, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sqlite_path(database.url)
    if path is not None:
        path.chmod(0o644)
        assert find_refusal(world, database) == (
            f"{path} is open to every account of this machine: chmod 600."
        )
        path.chmod(0o600)
    monkeypatch.setenv("FLASK_DEBUG", "1")
    refusal = find_refusal(world, database)
    assert refusal is not None
    assert refusal.startswith("FLASK_DEBUG is on")
    assert find_refusal(config, database) is None


def test_an_empty_portal_lacks_people(world: Config, database: Database) -> None:
    assert _faults(world, database) == [
        "Nobody has an account: flask people add, or start with DEMO=0 for a link."
    ]


def test_plain_http_a_readable_key_and_a_desk_without_head_are_named(
    app: Flask, config: Config, database: Database
) -> None:
    _build()
    with writing():
        make_department("Metering")
    key = Path(config.instance) / "secret_key"
    key.write_text("secret")
    key.chmod(0o644)
    faults = _faults(config, database)
    assert faults == [
        "PORTAL_PUBLIC_URL is plain http, which is for one machine alone.",
        f"{key} can be read by others: chmod 600.",
        "Metering has no head, so what it owes falls to the department above.",
    ]


def test_nothing_for_what_nobody_owns_and_no_reasons_are_named(
    world: Config, database: Database
) -> None:
    with writing():
        make_headed_department("Billing")
    desk, reasons = _faults(world, database)
    assert desk.startswith("No department takes what nobody owns")
    assert reasons.startswith("There are no contact reasons")


def test_tasks_that_wait_too_long_or_were_given_up_are_named(
    app: Flask, world: Config, database: Database
) -> None:
    _build()
    long_ago = now().replace(year=now().year - 1)
    with writing() as unit:
        for has_failed in (True, False):
            unit.add(
                OutboxTask(
                    kind="x",
                    delivery_id="d",
                    payload={},
                    created_at=long_ago,
                    run_at=long_ago,
                    has_failed=has_failed,
                )
            )
    late, failed = _faults(world, database)
    assert late.endswith("does the worker run?")
    assert failed == "1 tasks failed for good and wait for an administrator: /admin/jobs."


def test_a_demo_is_served_on_loopback_only(
    config: Config, world: Config, database: Database
) -> None:
    with writing():
        services.set_fact("demo_password", "known to all")
    assert not is_public(config)
    assert find_refusal(config, database) is None
    assert find_refusal(world, database) == (
        "This is a demo database with public passwords; it serves on loopback only."
    )


def test_a_demo_filled_half_way_is_not_served(config: Config, database: Database) -> None:
    with writing():
        services.set_fact("demo_unfinished", "yes")
    refusal = find_refusal(config, database)
    assert refusal is not None
    assert refusal.startswith("The demo data stops half way")


def test_a_database_without_tables_is_not_served(config: Config, database: Database) -> None:
    runner.downgrade(database, "base")
    try:
        assert find_refusal(config, database) == (
            "The database has no tables yet: flask --app wsgi db upgrade."
        )
        assert _faults(config, database)[0].startswith("The schema is at nothing")
    finally:
        runner.upgrade(database)


def test_the_command_prints_every_fault_and_exits_with_1(app: Flask, database: Database) -> None:
    _build()
    result = app.test_cli_runner().invoke(args=["portal", "check"])
    assert (result.exit_code, result.stdout) == (1, "")
    assert "PORTAL_PUBLIC_URL is plain http" in result.stderr


def test_letters_that_reach_nobody_are_named(app: Flask, world: Config, database: Database) -> None:
    _build()
    (folder,) = _faults(replace(world, mail_url="file:///tmp/mail"), database)
    assert "set PORTAL_MAIL_URL" in folder
    (sender,) = _faults(replace(world, mail_from="ideas@localhost"), database)
    assert "set PORTAL_MAIL_FROM" in sender


def test_a_mail_server_and_a_queue_that_do_not_answer_are_named(
    app: Flask, config: Config, mailbox: Mailbox
) -> None:
    assert list(list_far_faults(config)) == [
        f"No letters go out: 127.0.0.1:{mailbox.port} does not answer: "
        "[Errno 111] Connection refused."
    ]
    with mailbox.open():
        assert list(list_far_faults(config)) == []
        away = replace(config, queue_url=f"redis://127.0.0.1:{mailbox.port + 1}/0")
        (fault,) = list_far_faults(away)
        assert fault.startswith("The queue of PORTAL_QUEUE_URL does not answer")
