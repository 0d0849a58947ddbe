"""``make bench``: what the pages cost, beside the least they could cost."""

import gc
import json
import logging
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask

from portal.app import create_app
from portal.config import ROOT, read_config
from portal.database import Database, use, writing
from portal.web.rates import Rate
from tests.bench import memory, stores
from tests.bench.bare import bare_page, noting
from tests.bench.bare_list import bare_list
from tests.bench.measure import REQUESTS, Cost, again, call, time_requests
from tests.bench.pages import AGENT, HEAD, Reader, all_pages, read_pages, sign_in
from tests.factories.limits import leave_out_of_the_count
from tests.support.databases import postgresql_server
from tests.support.server import environment, running

REPORT = ROOT / "instance" / "bench.json"
TARGETS = {
    "idea list, times the bare page": 6.0,
    "idea list, growth from 1,000 to 20,000 ideas": 1.3,
    "idea list on PostgreSQL, CPU ms": 8.0,
    "PSS of a web process, MB": 120.0,
}
Rows = dict[str, dict[str, Any]]


@contextmanager
def _portal(address: str) -> Iterator[tuple[Flask, Database, Reader, Reader]]:
    """The portal in this process on a database, with an agent and a head signed in."""
    with TemporaryDirectory(prefix="portal-") as folder:
        database = use(Database(address))
        app = create_app(read_config(environment(address, Path(folder))), database)
        logging.getLogger().setLevel(logging.WARNING)
        agent, head = sign_in(app, AGENT), sign_in(app, HEAD)
        with writing():
            leave_out_of_the_count(agent.person, Rate.IDEA, Rate.SUPPORT)
        yield app, database, agent, head
        database.close()


def _measure(address: str, *, beside_bare: bool = False) -> Rows:
    """Every page on one database; with ``beside_bare``, the bare page right after each.

    The bare idea list formats its rows by hand; the other bare pages send kept bytes.
    """
    rows: Rows = {}
    with _portal(address) as (app, database, agent, head):
        reads = read_pages(agent, head)
        for page in all_pages(agent, head):
            gc.collect()
            cost = time_requests(app.wsgi_app, page.requests, page.status)
            with noting(database) as statements:
                call(app.wsgi_app, next(page.requests), page.status)
            rows[page.name] = {**asdict(cost), "statements": len(statements)}
            if beside_bare and page.name in reads:
                request = reads[page.name]
                make = bare_list if page.name == "idea list" else bare_page
                bare = make(app.wsgi_app, database, dict(request))
                rows[page.name] |= _beside(cost, time_requests(bare, again(request), "200"))
    return rows


def _beside(cost: Cost, bare: Cost) -> dict[str, float]:
    return {"bare_cpu_ms": bare.cpu_ms, "times_bare": cost.cpu_ms / bare.cpu_ms}


def _memory(address: str) -> dict[str, Any]:
    """PSS of every process of a running portal after a thousand requests."""
    with _portal(address) as (_app, _database, agent, head):
        pages = [one["PATH_INFO"] for name, one in read_pages(agent, head).items()]
    pages.remove("/triage")
    with (
        TemporaryDirectory(prefix="portal-") as folder,
        running(address, Path(folder), with_worker=True) as server,
    ):
        memory.browse(server, pages, agent.cookie)
        assert server.worker is not None
        return {
            "web_mb": [memory.proportional_mb(pid) for pid in server.web_processes()],
            "master_mb": memory.proportional_mb(server.web.pid),
            "worker_mb": memory.proportional_mb(server.worker.pid),
        }


def _table(title: str, rows: Rows) -> None:
    print(f"\n{title}")
    print(
        f"{'page':<14}{'CPU ms':>8}{'req/s':>8}{'p50 ms':>8}{'p99 ms':>8}"
        f"{'statements':>12}{'bytes':>9}{'bare ms':>9}{'× bare':>8}"
    )
    for name, row in rows.items():
        line = (
            f"{name:<14}{row['cpu_ms']:8.2f}{row['per_second']:8.0f}{row['p50_ms']:8.2f}"
            f"{row['p99_ms']:8.2f}{row['statements']:12d}{row['size']:9d}"
        )
        if "times_bare" in row:
            line += f"{row['bare_cpu_ms']:9.3f}{row['times_bare']:8.1f}"
        print(line, flush=True)


def _verdicts(report: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Each target with what was measured; None where it could not be."""
    medium, thousand = report["sqlite_medium"], report["sqlite_thousand"]
    postgresql = report.get("postgresql_medium")
    found = [
        medium["idea list"]["times_bare"],
        medium["idea list"]["cpu_ms"] / thousand["idea list"]["cpu_ms"],
        postgresql["idea list"]["cpu_ms"] if postgresql else None,
        max(report["memory"]["web_mb"]),
    ]
    return {
        name: {
            "target": target,
            "measured": value,
            "is_met": None if value is None else value <= target,
        }
        for (name, target), value in zip(TARGETS.items(), found, strict=True)
    }


def _print_verdicts(verdicts: dict[str, dict[str, Any]]) -> None:
    print("\nTargets")
    for name, entry in verdicts.items():
        measured = "not measured" if entry["measured"] is None else f"{entry['measured']:.2f}"
        word = {True: "met", False: "MISSED", None: ""}[entry["is_met"]]
        print(f"{name:<48}{measured:>14}  at most {entry['target']:g}  {word}")


def main() -> int:
    """Measure everything, print it, keep it in ``instance/bench.json``."""
    report: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": platform.processor() or platform.machine(),
        "requests": REQUESTS,
    }
    medium = stores.medium()
    with stores.scratch(medium) as address:
        report["sqlite_medium"] = _measure(address, beside_bare=True)
    _table("20,000 ideas, SQLite", report["sqlite_medium"])
    with stores.scratch(stores.thousand()) as address:
        report["sqlite_thousand"] = _measure(address)
    _table("1,000 ideas, SQLite", report["sqlite_thousand"])
    with postgresql_server() as server:
        if server is None:
            print("\nPostgreSQL: no server answers and none can be started")
        else:
            with stores.postgresql_copy(server, medium) as address:
                report["postgresql_medium"] = _measure(address)
            _table("20,000 ideas, PostgreSQL", report["postgresql_medium"])
    with stores.scratch(medium) as address:
        report["memory"] = _memory(address)
    print("\nPSS after 1,000 requests, MB:", json.dumps(report["memory"]))
    report["targets"] = _verdicts(report)
    _print_verdicts(report["targets"])
    REPORT.write_text(json.dumps(report, indent=2) + "\n")
    print(f"\nWritten to {REPORT.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
