"""All commands: help, wrong use, and a database that is not there."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import click
import pytest
from click.testing import Result
from flask import Flask

from portal import database as storage
from portal.app import create_app
from portal.config import read_config

OF_THE_WHOLE_DATABASE = (
    ("audit", "verify"),
    ("people", "sign-in-link", "a@test.example"),
    ("people", "add", "a@test.example", "--name", "Ada"),
    ("rewards", "check"),
    ("rewards", "restock", "mug", "1"),
    ("portal", "demo-data"),
)
FILES = (
    ("people", "import"),
    ("insights", "import"),
    ("demand", "import-reasons"),
    ("metrics", "import", "--metric", "m"),
    ("impact", "xmr"),
    ("impact", "analyse", "--change-date", "2026-01-01"),
)


@pytest.fixture
def bare_app(tmp_path: Path) -> Iterator[Flask]:
    """A portal whose database has no tables."""
    config = read_config({"PORTAL_INSTANCE": str(tmp_path)})
    made = create_app(config)
    yield made
    storage.release()
    storage.active().close()


def _commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from _commands(command, (*path, name))


def _run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=arguments)


def test_every_command_answers_help(bare_app: Flask) -> None:
    commands = list(_commands(bare_app.cli))
    assert ("people", "import") in commands
    assert ("worker",) in commands
    for command in commands:
        result = _run(bare_app, *command, "--help")
        assert result.exit_code == 0, command
        about = [line for line in result.stdout.splitlines()[1:] if line.strip()]
        assert about[0].strip() != "Options:", f"{command} does not say what it does"


def test_a_command_used_wrongly_says_so_and_exits_with_2(bare_app: Flask) -> None:
    for command in _commands(bare_app.cli):
        result = _run(bare_app, *command, "--no-such-option")
        assert (result.exit_code, result.stdout) == (2, ""), command
        assert "No such option" in result.stderr


@pytest.mark.parametrize("command", OF_THE_WHOLE_DATABASE, ids=" ".join)
def test_a_database_without_tables_is_said_in_one_line(
    bare_app: Flask, command: tuple[str, ...]
) -> None:
    result = _run(bare_app, *command)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("The database refuses: no such table")
    assert result.stderr.count("\n") == 1


def test_a_database_that_does_not_answer_is_said_in_one_line(tmp_path: Path) -> None:
    config = read_config({"PORTAL_INSTANCE": str(tmp_path)})
    away = "postgresql+psycopg://portal:hunter2@127.0.0.1:1/portal"
    app = create_app(replace(config, database_url=away))
    for command in (("db", "upgrade"), ("db", "check"), ("portal", "check"), ("audit", "verify")):
        result = _run(app, *command)
        assert (result.exit_code, result.stdout) == (1, ""), command
        assert result.stderr.startswith("The database refuses: connection failed")
        assert result.stderr.count("\n") == 1
        assert "hunter2" not in result.stderr
    storage.active().close()


def test_a_version_that_nobody_knows_is_said_in_one_line(bare_app: Flask) -> None:
    result = _run(bare_app, "db", "upgrade", "9999")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "9999" in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"a\0b\n",
        b"\xef\xbb\xbf",
        b'"' * 999,
        b",".join([b"c"] * 10_000),
        b"email,name,text,key,period_start,value\n1,2\n",
        b"date,value\nyesterday,much\n",
    ],
    ids=["empty", "utf-16", "nul", "bom", "quotes", "wide", "short row", "words"],
)
def test_a_broken_file_is_refused_in_one_line(app: Flask, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.csv"
    path.write_bytes(content)
    for command in FILES:
        result = _run(app, *command, str(path))
        assert result.exit_code in {1, 2}, (command, result.output)
        assert isinstance(result.exception, SystemExit), (command, result.exception)
        assert result.stdout == "", command
        assert result.stderr.strip(), command
        assert "Traceback" not in result.stderr


def test_a_folder_is_no_file(app: Flask, tmp_path: Path) -> None:
    for command in FILES:
        result = _run(app, *command, str(tmp_path))
        assert result.exit_code == 2, command
        assert isinstance(result.exception, SystemExit), command
