"""``flask notifications …``: the letters of the past, as files."""

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup

from portal.database import reading
from portal.notifications.letters import write_digest, write_letter
from portal.notifications.models import NoticeClass
from portal.notifications.post import Folder, MailRefused
from portal.notifications.queries import list_sent

notifications = AppGroup("notifications", help="Letters to people.")


@notifications.command("mailbox")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--person", help="Only the letters to this address.")
def mailbox(folder: Path, person: str | None) -> None:
    """Write every letter that was sent into FOLDER, one folder a person, to open and look.

    They are written anew from what is stored, so they say what stands there now.
    """
    with reading():
        rows = [row for row in list_sent() if person is None or row.email == person]
    count = 0
    with click.progressbar(list(_by_letter(rows)), label="Letters") as letters:
        for news in letters:
            count += _write(folder, news)
    click.echo(f"{count} letters in {folder}.")


def _by_letter(rows: Sequence[Any]) -> Iterator[list[Any]]:
    """Rows that went in one letter: each for itself, or all of a person's digest of a day."""

    def letter_of(row: Any) -> tuple[int, date | int]:
        is_alone = not row.is_digest
        return row.person_id, row.notice_id if is_alone else row.settled_at.date()

    ordered = sorted(rows, key=lambda row: (row.person_id, row.is_digest, row.notice_id))
    for _letter, found in groupby(ordered, key=letter_of):
        yield list(found)


def _write(folder: Path, news: list[Any]) -> int:
    moment = max(row.settled_at for row in news)
    is_digest = news[0].is_digest and news[0].notice_class is NoticeClass.INFORMATION
    try:
        letter = (
            write_digest(news[::-1], [], moment) if is_digest else write_letter(news[0], moment)
        )
    except MailRefused:
        return 0
    Folder(folder / news[0].email).carry(letter)
    return 1


COMMANDS = (notifications,)
