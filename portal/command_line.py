"""What all commands have in common: a fault is one line on standard error and exit code 1."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
from alembic.util import CommandError
from sqlalchemy.exc import DatabaseError

from portal.errors import PortalError
from portal.tables import TableError


def speak_plainly(command: click.Command) -> None:
    """Let a command, or every command of a group, end a fault of its material in one line."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            speak_plainly(below)
    elif command.callback is not None and not hasattr(command.callback, "speaks_plainly"):
        command.callback = _plainly(command.callback)


def _plainly(callback: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(callback)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return callback(*args, **kwargs)
        except (PortalError, TableError, CommandError) as error:
            _end(str(error))
        except DatabaseError as error:
            reason = str(error.orig).strip().splitlines()[0]
            _end(f"The database refuses: {reason}. Is it there and upgraded? flask db check")
        except OSError as error:
            _end(f"{error.filename or 'The machine refuses'}: {error.strerror or error}.")

    vars(run)["speaks_plainly"] = True
    return run


def _end(message: str) -> None:
    click.echo(" ".join(message.split()), err=True)
    raise SystemExit(1)
