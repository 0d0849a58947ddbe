"""The worker analyses what is live, once for the same points, and asks a validator."""

import subprocess
import sys
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select

from portal.actor import PROGRAM
from portal.clocks.models import ClockKind
from portal.clocks.queries import find_governing
from portal.database import Database, reading, writing
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.impact.jobs import analyse_change, end_what_was_measured
from portal.impact.models import AnalysisRun
from portal.impact.queries import list_latest
from portal.jobs.services import run_ready_tasks
from portal.metrics.models import Baseline
from portal.metrics.services import record_points, verify_baseline
from portal.now import at
from tests.factories.impact import (
    GO_LIVE,
    JUDGED,
    Measured,
    latest,
    make_judged,
    make_measured,
    record_after,
)
from tests.factories.metrics import mondays


def _idea(measured: Measured) -> Idea:
    with reading() as reader:
        return reader.get_one(Idea, measured.idea.id)


def _count_runs() -> int:
    with reading() as reader:
        return reader.scalar(select(func.count()).select_from(AnalysisRun)) or 0


def _verdicts(measured: Measured) -> list[str]:
    with reading():
        return [run.verdict for run in list_latest(measured.idea.id)]


def test_a_change_is_analysed_from_its_first_day_and_waits_on_whoever_promised_it(
    app: Flask,
) -> None:
    measured = make_measured()
    with at(GO_LIVE):
        run_ready_tasks()
    assert _verdicts(measured) == ["not_enough_data"] * 3
    assert _idea(measured).handler_id == measured.accepted.deputy.id


def test_a_change_that_worked_is_found_to_have_worked_and_waits_on_a_validator(app: Flask) -> None:
    measured = make_judged()
    run = latest(measured)
    assert (run.verdict, run.grade) == ("improved", "B")
    assert "of these contacts no longer come" in run.sentence
    effect = run.result["effect"]
    assert effect["ci_low"] <= -2.5 <= effect["ci_high"] < 0
    assert effect["n_after"] == 12
    with reading():
        clock = find_governing("idea", measured.idea.id)
    assert clock is not None
    assert (clock.kind, clock.accountable_id) == (ClockKind.VALIDATE, measured.validator.id)
    idea = _idea(measured)
    assert (idea.state, idea.handler_id) == (State.MEASURING, measured.validator.id)
    assert idea.due_at == clock.due_at


def test_a_change_that_did_nothing_is_not_proven(app: Flask) -> None:
    measured = make_judged(primary=950)
    assert _verdicts(measured)[0] == "not_proven"


def test_a_guardrail_that_got_worse_is_found(app: Flask) -> None:
    measured = make_judged(guardrails=1300)
    assert _verdicts(measured) == ["improved", "harmed", "not_proven"]


def test_the_analysis_is_safe_to_repeat(app: Flask) -> None:
    measured = make_judged()
    before = _count_runs()
    with at(JUDGED):
        for _ in range(3):
            analyse_change({"implementation_id": measured.implementation.id})
    assert _count_runs() == before


def test_points_that_are_corrected_later_are_analysed_anew_and_the_baseline_stays(
    app: Flask,
) -> None:
    measured = make_judged()
    metric, before = measured.measures.primary, latest(measured)
    with at(JUDGED), writing():
        rows = [(day, 940.0 + place % 3 * 10, 100_000.0) for place, day in enumerate(mondays(33))]
        record_points(PROGRAM, metric, rows)
    with at(JUDGED):
        run_ready_tasks()
    after = latest(measured)
    assert after.id != before.id
    assert after.verdict != "improved"
    with reading() as reader:
        baseline = reader.get_one(Baseline, before.baseline_id)
        assert verify_baseline(baseline)
        assert after.result["baseline"] == before.result["baseline"]
        assert reader.get_one(AnalysisRun, before.id).is_latest is False


def test_points_that_come_back_to_what_they_were_bring_their_analysis_back(app: Flask) -> None:
    measured = make_judged()
    first = latest(measured)
    last = mondays(1, before=JUDGED.date())[0]
    for count in (600.0, 705.0):
        with at(JUDGED), writing():
            record_points(PROGRAM, measured.measures.primary, [(last, count, 100_000.0)])
        with at(JUDGED):
            run_ready_tasks()
    second = latest(measured)
    assert second.id != first.id
    record_after(measured, primary=700)
    assert latest(measured).id == first.id


def test_measuring_ends_after_26_weeks_as_not_proven(app: Flask) -> None:
    measured = make_judged(primary=950)
    with at(GO_LIVE + timedelta(weeks=26) - timedelta(days=1)):
        end_what_was_measured()
    assert _idea(measured).state is State.MEASURING
    with at(GO_LIVE + timedelta(weeks=26)):
        end_what_was_measured()
        end_what_was_measured()
    idea = _idea(measured)
    assert (idea.state, idea.handler_id) == (State.NOT_PROVEN, None)
    with reading():
        assert find_governing("idea", idea.id) is None


def test_a_measured_improvement_waits_for_its_signature_however_long(app: Flask) -> None:
    measured = make_judged()
    with at(GO_LIVE + timedelta(weeks=30)):
        end_what_was_measured()
    assert _idea(measured).state is State.MEASURING


def test_a_web_process_does_not_load_the_statistics(database: Database, config: object) -> None:
    program = (
        "import sys\n"
        "from portal.app import create_app\n"
        "from portal.config import read_config\n"
        "import tempfile\n"
        "folder = tempfile.mkdtemp()\n"
        "create_app(read_config({'PORTAL_INSTANCE': folder,"
        " 'PORTAL_DATABASE_URL': f'sqlite:///{folder}/portal.sqlite3',"
        " 'PORTAL_SECRET_KEY': 'a secret that only the tests have, long enough'}))\n"
        "assert 'portal.impact.jobs' in sys.modules\n"
        "assert not {'numpy', 'scipy'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
