"""``make faults-worker``: kill the worker again and again, and count what arrived.

While events are written (some of their units roll back), a worker delivers them and is killed
with SIGKILL at random moments.  In the end every committed event must have been delivered at
least once, none of a unit that rolled back, and every repeat under the delivery id of the first.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from subprocess import Popen, TimeoutExpired

from sqlalchemy import func, select

from portal.database import Database, release, session, use, writing
from portal.jobs.models import OutboxTask
from portal.jobs.services import enqueue
from tests.faults import workers
from tests.support import databases
from tests.support.server import free_port

IN_A_UNIT = 5
PATIENCE_SECONDS = 30.0
"""How long nothing may get done before the rest counts as lost."""


@dataclass(frozen=True)
class Figures:
    """What the campaign saw."""

    database: str
    queue: str
    seed: int
    kills: int
    held_when_killed: int
    committed: int
    rolled_back: int
    lost: int
    phantoms: int
    repeats: int
    repeats_under_another_id: int
    given_up: int
    p95_lag_seconds: float
    seconds: float

    @property
    def is_sound(self) -> bool:
        """Whether nothing was lost, made up, or delivered again as something new."""
        wrong = self.lost + self.phantoms + self.repeats_under_another_id + self.given_up
        return wrong == 0 and self.committed > 0


def campaign(
    database: Database, queue_url: str, folder: Path, *, events: int, kills: int, seed: int
) -> Figures:
    """Run the whole campaign on an empty, migrated database."""
    began, random = time.monotonic(), Random(seed)
    url = database.url.render_as_string(hide_password=False)
    to, log = folder / "delivered", folder / "log"
    use(database)
    committed, rolled_back = set[int](), set[int]()
    victim = _Victim(url, queue_url, to, log, random)
    number = 0
    while number < events or victim.killed < kills:
        share = events * (victim.killed + 1) // (kills + 1)  # so that every worker has its part
        if number < share:
            numbers = set(range(number, number + IN_A_UNIT))
            number += IN_A_UNIT
            (committed if _write(numbers, to, random) else rolled_back).update(numbers)
        else:
            time.sleep(0.005)
        if victim.killed < kills:
            victim.kill_at_work()
    _wait_until_done()
    victim.worker.terminate()
    victim.worker.join(15)
    kinds = (url.partition(":")[0], queue_url.partition(":")[0])
    return _compare(kinds, seed, victim, committed, rolled_back, to, time.monotonic() - began)


class _Victim:
    """A worker that is killed a moment after it has begun to deliver, and started again."""

    def __init__(self, url: str, queue_url: str, to: Path, log: Path, random: Random) -> None:
        self.given = (url, queue_url, log)
        self.to, self.random = to, random
        self.killed, self.leases = 0, set[str]()
        self._start()

    def _start(self) -> None:
        self.worker = workers.start(*self.given)
        self.seen = self._delivered()
        self.die_at: float | None = None

    def _delivered(self) -> int:
        return self.to.stat().st_size if self.to.exists() else 0

    def kill_at_work(self) -> None:
        """Kill it when its moment has come."""
        if self.die_at is None:
            if self._delivered() > self.seen:
                self.die_at = time.monotonic() + self.random.uniform(0, 0.15)
        elif time.monotonic() >= self.die_at:
            self.worker.kill()
            self.worker.join()
            self.killed += 1
            self.leases.update(session().scalars(_HELD))
            release()
            self._start()


_HELD = select(OutboxTask.lease).where(
    OutboxTask.lease.is_not(None), OutboxTask.finished_at.is_(None)
)


class _Change(Exception):
    """The change that a unit was for does not happen."""


def _write(numbers: set[int], to: Path, random: Random) -> bool:
    """One unit of events; whether it committed."""
    try:
        with writing():
            for number in sorted(numbers):
                enqueue(workers.DELIVER, {"n": number, "to": str(to)})
            if random.random() < 0.1:
                raise _Change
    except _Change:
        return False
    return True


def _wait_until_done() -> None:
    open_tasks = select(func.count()).where(OutboxTask.finished_at.is_(None))
    before, until = 0, time.monotonic() + PATIENCE_SECONDS
    while (left := session().scalar(open_tasks)) and time.monotonic() < until:
        if left != before:
            before, until = left, time.monotonic() + PATIENCE_SECONDS
        release()
        time.sleep(0.1)
    release()


def _compare(
    kinds: tuple[str, str],
    seed: int,
    victim: _Victim,
    committed: set[int],
    rolled_back: set[int],
    to: Path,
    seconds: float,
) -> Figures:
    lines = [line.split() for line in to.read_text().splitlines()]
    delivered = Counter(int(number) for _id, number in lines)
    pairs = {(delivery_id, number) for delivery_id, number in lines}
    rows = session().execute(
        select(OutboxTask.created_at, OutboxTask.finished_at, OutboxTask.has_failed).where(
            OutboxTask.kind == workers.DELIVER
        )
    )
    told = [(ended - began, failed) for began, ended, failed in rows if ended is not None]
    lags = sorted(lag.total_seconds() for lag, _failed in told)
    return Figures(
        database=kinds[0],
        queue=kinds[1],
        seed=seed,
        kills=victim.killed,
        held_when_killed=len(victim.leases),
        committed=len(committed),
        rolled_back=len(rolled_back),
        lost=len(committed - set(delivered)),
        phantoms=len(set(delivered) - committed),
        repeats=sum(delivered.values()) - len(delivered),
        repeats_under_another_id=len(pairs) - len(delivered),
        given_up=sum(failed for _lag, failed in told),
        p95_lag_seconds=round(lags[int(0.95 * len(lags))], 2) if lags else 0.0,
        seconds=round(seconds, 1),
    )


@contextmanager
def redis_server() -> Iterator[str]:
    """A throw-away Redis; its address."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    with tempfile.TemporaryDirectory(prefix="portal-redis-") as folder:
        server = Popen([*command, "--dir", folder, "--logfile", "log"])
        try:
            _wait_for_redis(port)
            yield f"redis://127.0.0.1:{port}/0"
        finally:
            server.terminate()
            try:
                server.wait(10)
            except TimeoutExpired:
                server.kill()


def _wait_for_redis(port: int) -> None:
    from redis import Redis
    from redis.exceptions import ConnectionError as Refused

    for _attempt in range(100):
        try:
            with Redis(port=port) as client:
                client.ping()
            return
        except Refused:
            time.sleep(0.05)
    raise RuntimeError("redis-server did not start")


def _run(database_kind: str, queue_kind: str, events: int, kills: int, seed: int) -> Figures:
    with ExitStack() as stack:
        made_folder = tempfile.TemporaryDirectory("portal-faults", dir=databases.quick_folder())
        folder = Path(stack.enter_context(made_folder))
        url = f"sqlite:///{folder}/portal.sqlite3"
        queue_url = f"sqlite:///{folder}/jobs.sqlite3"
        if "postgresql" in (database_kind, queue_kind):
            server = stack.enter_context(databases.postgresql_server())
            if server is None:
                raise SystemExit("no PostgreSQL server answers and none can be started")
            made = databases.create_postgresql(server, "portal_faults")
            stack.callback(databases.drop_postgresql, server, "portal_faults")
            url = made if database_kind == "postgresql" else url
            queue_url = made if queue_kind == "postgresql" else queue_url
        if queue_kind == "redis":
            queue_url = stack.enter_context(redis_server())
        database = databases.make_database(url)
        stack.callback(database.close)
        return campaign(database, queue_url, folder, events=events, kills=kills, seed=seed)


def main() -> int:
    """Run one campaign, print its figures as one line of JSON; 1 when something was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--queue", choices=("sqlite", "postgresql", "redis"), default="sqlite")
    parser.add_argument("--events", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    figures = _run(given.database, given.queue, given.events, given.kills, given.seed)
    print(json.dumps({**asdict(figures), "sound": figures.is_sound}))
    return 0 if figures.is_sound else 1


if __name__ == "__main__":
    sys.exit(main())
