"""What administrators have masked, in every process at once."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.actor import Role
from portal.audit.models import AuditRow
from portal.config import Config
from portal.database import Database, reading, release, writing
from portal.masking import mask, settled
from portal.now import now
from portal.people.models import SignInSession
from tests.factories.people import make_person
from tests.support.client import Client
from tests.support.statements import counting

HOUSE = "6212 3456 7890 1232"
"""A number that is a card by its digits, unless the house says that it is its own."""
PAGE = "/admin/masking"


@pytest.fixture
def administrator(app: Flask, client: Client) -> Client:
    """An administrator's browser."""
    with writing():
        person = make_person("Bram de Wit", role=Role.ADMINISTRATOR)
    return client.sign_in(person)


def _set(administrator: Client, formats: str = "", *kinds: str, **more: str) -> int:
    fields = {"kinds": list(kinds), "own_formats": formats, **more}
    return administrator.post(PAGE, fields).status_code


@pytest.mark.threat(61, 62)
def test_a_change_holds_from_the_next_text_on_and_is_in_the_audit_log(
    administrator: Client,
) -> None:
    text = f"Contract {HOUSE}, ann@example.com, +49 30 1234567."
    assert "[card" in mask(text).text
    assert "[mail]" in mask(text).text
    assert _set(administrator, "6212 ####", "phone") == 422  # a blank is none of a format's signs
    assert _set(administrator, "6212############\n\n 6212############ ", "phone") == 303
    release()
    assert mask(text).text == f"Contract {HOUSE}, ann@example.com, [phone ••67]."
    with reading() as unit:
        kept = unit.scalars(select(AuditRow).where(AuditRow.action == "masking.set")).one()
    assert kept.details == {
        "kinds": ["card", "phone"],
        "own_formats": ["6212############"],
        "kinds_before": ["account", "card", "email", "phone"],
        "own_formats_before": [],
    }
    page = administrator.get(PAGE)
    assert "6212############" in page.text


def test_a_card_is_masked_whatever_is_chosen(administrator: Client) -> None:
    assert _set(administrator, "") == 303
    release()
    assert mask("4111 1111 1111 1111 and DE89370400440532013000").text == (
        "[card ••1111] and DE89370400440532013000"
    )


@pytest.mark.threat(61)
@pytest.mark.parametrize(
    "too_wide",
    [
        "################",
        "4###############",
        "41##############",
        "411#-####-####-####",
        "A####",
        "#",
    ],
)
def test_a_format_that_would_let_cards_through_is_refused(
    too_wide: str, administrator: Client
) -> None:
    answer = administrator.post(PAGE, {"kinds": [], "own_formats": f"KD-####\n{too_wide}"})
    assert answer.status_code == 422
    assert "cover too much" in answer.text
    release()
    assert "[card" in mask("4111111111111111").text


def test_an_example_is_tried_with_what_is_typed_and_nothing_is_kept(
    administrator: Client,
) -> None:
    typed = {"kinds": ["email"], "own_formats": "6212############", "action": "try"}
    example = f"Contract {HOUSE}, card 4111111111111111, ann@example.com"
    shown = administrator.post(PAGE, {**typed, "example": example})
    assert shown.status_code == 200
    assert f"Contract {HOUSE}, card [card ••1111], [mail]" in shown.text
    release()
    assert "[card" in mask(HOUSE).text
    with reading() as unit:
        rows = unit.scalars(select(AuditRow).where(AuditRow.action == "masking.set")).all()
    assert rows == []


@pytest.mark.threat(17)
def test_the_choice_asks_again_for_a_password_that_is_older_than_ten_minutes(
    app: Flask, client: Client
) -> None:
    with writing():
        agent = make_person()
        administrator = make_person("Bram de Wit", role=Role.ADMINISTRATOR)
    assert client.sign_in(agent).get(PAGE).status_code == 404
    client.sign_in(administrator)
    with writing() as unit:
        unit.execute(update(SignInSession).values(proved_at=now() - timedelta(minutes=11)))
    assert client.get(PAGE).status_code == 303
    assert _set(client) == 403


def test_a_unit_asks_once_and_a_text_without_figures_never(app: Flask, database: Database) -> None:
    def asked(statements: list[str]) -> list[str]:
        return [one for one in statements if "portal_facts" in one]

    with counting(database) as statements, reading():
        mask("Nothing to see here.")
        assert not asked(statements)
        for _text in range(5):
            mask("Call 030 1234567 or ann@example.com.")
        assert len(asked(statements)) == 1
    with counting(database) as statements:
        with settled():
            for _text in range(5):
                mask("Call 030 1234567 or ann@example.com.")
        assert len(asked(statements)) == 1


@pytest.mark.threat(62)
def test_another_process_follows_without_a_restart(
    administrator: Client, database: Database, config: Config
) -> None:
    """The worker is such a process: it is told before and after the change, and never restarted."""
    program = (
        "import sys;from portal.app import create_app;from portal.config import read_config\n"
        "create_app(read_config())\n"
        "from portal.masking import mask;from portal.database import release\n"
        "for line in sys.stdin: print(mask(line).text, end='', flush=True); release()\n"
    )
    known = {
        "PORTAL_INSTANCE": str(config.instance),
        "PORTAL_DATABASE_URL": config.database_url,
        "PORTAL_SEALING_KEY": str(config.sealing_key),
        "PORTAL_SECRET_KEY": config.secret_key,
    }
    environment = {name: value for name, value in os.environ.items() if name != "PORTAL_TEST_DATA"}
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**environment, **known},
    ) as other:  # fmt: skip
        assert other.stdin
        assert other.stdout

        def say(words: str) -> str:
            other.stdin.write(f"{words}\n")
            other.stdin.flush()
            return other.stdout.readline().strip()

        assert say("ann@example.com") == "[mail]"
        assert _set(administrator, "", "phone") == 303
        assert say("ann@example.com") == "ann@example.com"
        other.stdin.close()
