"""Eight processes that read and then write the same row lose nothing."""

from multiprocessing import get_context

import pytest
from sqlalchemy import insert, select

from portal.database import Database, lock_row, use, writing
from portal.numbers import Counter

PROCESSES = 8
STEPS = 250
COUNTER = select(Counter).where(Counter.letter == "X")


def count_up(url: str) -> None:
    """Read the counter and write it back one higher, each time in a unit of its own."""
    database = use(Database(url))
    for _ in range(STEPS):
        with writing() as unit:
            counter = unit.scalars(lock_row(COUNTER)).one()
            counter.last = counter.last + 1
    database.close()


@pytest.mark.slow
@pytest.mark.threat(78)
def test_eight_processes_count_to_two_thousand(database: Database) -> None:
    with writing() as unit:
        unit.execute(insert(Counter).values(letter="X", last=0))
    url = database.url.render_as_string(hide_password=False)
    spawn = get_context("spawn")
    processes = [spawn.Process(target=count_up, args=(url,)) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [process.exitcode for process in processes] == [0] * PROCESSES
    with writing() as unit:
        assert unit.scalars(COUNTER).one().last == PROCESSES * STEPS
