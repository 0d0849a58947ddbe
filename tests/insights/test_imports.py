"""Insights from files, through the command people type."""

import csv
import gzip
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.config import ROOT
from portal.database import release, session, writing
from portal.demand.models import ContactReason
from portal.demo.reasons import LEAVES
from portal.insights.models import Channel, Insight
from tests.factories.demand import make_reason
from tests.factories.people import make_department, make_headed_department, make_person

EXAMPLE = ROOT / "docs" / "examples" / "complaints.csv"

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def reason(app: Flask) -> ContactReason:
    """A reason of Billing's, in a portal with an orphans' desk."""
    with writing():
        make_headed_department("Service quality", takes_orphans=True)
        return make_reason("Bill unclear", key="bill-unclear", owner=make_department("Billing"))


@pytest.fixture
def run(app: Flask, tmp_path: Path, reason: ContactReason) -> Run:
    """Imports a file with this content."""

    def import_(content: str | bytes, *options: str, name: str = "said.csv") -> tuple[int, str]:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        result = app.test_cli_runner().invoke(args=["insights", "import", str(path), *options])
        release()
        return result.exit_code, result.output

    return import_


def _stored() -> list[Insight]:
    release()
    return list(session().scalars(select(Insight).order_by(Insight.number)))


def test_every_column_is_kept(run: Run, reason: ContactReason) -> None:
    with writing():
        author = make_person()
    code, output = run(
        "text,occurred_at,channel,reason,moment,severity,segment,minutes,author,external_id\n"
        f"Too dear,2026-03-31T14:05,Phone,Bill unclear,first bill,2,tenant,7,{author.email},c-1\n"
    )
    assert (code, output) == (0, "1 insight imported.\n")
    [insight] = _stored()
    assert insight.occurred_at.isoformat() == "2026-03-31T12:05:00+00:00"
    assert (insight.channel, insight.severity, insight.minutes) == (Channel.PHONE, 2, 7)
    assert (insight.moment, insight.segment) == ("first bill", "tenant")
    assert (insight.author_id, insight.external_id) == (author.id, "c-1")
    assert (insight.reason_id, insight.department_id) == (reason.id, reason.owner_department_id)


def test_a_file_of_texts_alone_goes_to_the_orphans_desk(run: Run, reason: ContactReason) -> None:
    assert run("text\nOne\nTwo\n") == (0, "2 insights imported.\n")
    assert {insight.routed_because["rule"] for insight in _stored()} == {"orphan"}


def test_the_same_file_again_imports_nothing(run: Run) -> None:
    content = "text,label\nOne,bill-unclear\nTwo,bill-unclear\n"
    assert run(content, "--map", "label=reason") == (0, "2 insights imported.\n")
    again = run(content, "--map", "label=reason", name="renamed.csv")
    assert again == (0, "0 insights imported, 2 known already.\n")
    zipped = run(gzip.compress(content.encode()), "--map", "label=reason", name="said.csv.gz")
    assert zipped == again


def test_a_known_reference_is_left_out_and_the_rest_comes_in(run: Run) -> None:
    run("text,external_id\nOne,a\n")
    assert run("text,external_id\nOne,a\nTwo,b\n") == (
        0,
        "1 insight imported, 1 known already.\n",
    )


def test_a_dry_run_stores_nothing(run: Run) -> None:
    assert run("text\nOne\nTwo\n", "--dry-run") == (0, "2 insights can be imported.\n")
    assert _stored() == []


def test_a_card_number_in_a_file_is_masked(run: Run) -> None:
    run("text\nMy card is 4111 1111 1111 1111 and it fails\n")
    [insight] = _stored()
    assert "4111" not in insight.text
    assert insight.masked == {"card": 1}


def test_progress_is_told_where_it_was_asked_for(run: Run) -> None:
    content = "text\n" + "".join(f"Number {n}\n" for n in range(700))
    code, output = run(content, "--progress")
    assert code == 0
    assert output == "500 of 700\n700 of 700\n700 insights imported.\n"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("", "the file is empty"),
        ("words\nOne\n", "Row 1, column text: the column is missing"),
        ("text\nOne\n\x00Two\n", "Row 3, column text: a NUL character"),
        (b"text\nOne\n\xff\xfe\n", "Row 3: not valid UTF-8 at byte 1"),
        (",".join(["text", *map(str, range(9_999))]) + "\n", "Row 1: 10000 columns"),
        ("text,reason\nOne,bill-unclear\nTwo,magic\n", "Row 3, column reason: there is no"),
        ("text,channel\nOne,pigeon\n", "Row 2, column channel: “pigeon” is none of phone"),
        ("text,severity\nOne,bad\n", "Row 2, column severity: “bad” is not a whole"),
        ("text,severity\nOne,5\n", "Row 2, column severity: How bad it was is a number"),
        ("text,minutes\nOne,-1\n", "Row 2, column minutes: “-1” is not a whole"),
        ("text,occurred_at\nOne,soon\n", "Row 2, column occurred_at: “soon” is not a moment"),
        ("text,occurred_at\nOne,2126-01-01\n", "Row 2, column occurred_at: This has not"),
        ("text,occurred_at\nOne,0001-01-01\n", "Row 2, column occurred_at: This is before"),
        ("text,author\nOne,x@nobody.example\n", "Row 2, column author: nobody has this address"),
        ("text,channel\n ,phone\n", "Row 2, column text: Say what the customer said"),
        ("text,channel\nOne\n", "Row 2: 1 cells where the header has 2"),
        ("text\n" + "x" * 20_001, "Row 2, column text: 20001 characters"),
    ],
)
def test_a_fault_is_named_by_row_and_column_and_nothing_is_imported(
    run: Run, content: str | bytes, fault: str
) -> None:
    code, output = run(content)
    assert code == 1
    assert fault in output
    assert "Nothing was imported." in output
    assert "Traceback" not in output
    assert _stored() == []


def test_all_faults_are_named_up_to_twenty(run: Run) -> None:
    code, output = run("text,channel\n" + "One,pigeon\n" * 25)
    assert code == 1
    assert output.count("pigeon") == 20
    assert "5 more such rows." in output


def test_faulty_rows_can_be_left_out(run: Run) -> None:
    code, output = run(
        "text,reason,channel\n"
        "One,bill-unclear,phone\nTwo,magic,phone\nThree,,pigeon\nFour,,chat\nshort\nFive,magic,\n",
        "--skip-bad",
    )
    assert code == 0
    assert "Row 3, column reason" in output
    assert "Row 4, column channel" in output
    assert "Row 6: 1 cells" in output
    assert "Row 7, column reason" in output
    assert output.endswith("2 insights imported, 4 faulty rows left out.\n")
    assert [insight.text for insight in _stored()] == ["One", "Four"]


def test_a_row_of_bad_bytes_can_be_left_out_without_losing_the_rest(run: Run) -> None:
    code, output = run(b"text\nOne\n\xff\xfe\nThree\n", "--skip-bad")
    assert code == 0
    assert "Row 3: not valid UTF-8" in output
    assert [insight.text for insight in _stored()] == ["One", "Three"]


def test_the_example_file_fits_the_reasons_of_the_demo(app: Flask, reason: ContactReason) -> None:
    with writing():
        for leaf in LEAVES:
            make_reason(leaf.label, key=leaf.key, owner=make_department(leaf.owner))
    command = ["insights", "import", str(EXAMPLE), "--map", "label=reason"]
    result = app.test_cli_runner().invoke(args=command)
    assert (result.exit_code, result.output) == (0, "30 insights imported.\n")
    assert [insight.masked for insight in _stored() if insight.masked] == [{"card": 1}]


def test_a_byte_order_mark_and_semicolons_are_fine(run: Run) -> None:
    code, output = run("\ufefftext;reason\nOne;bill-unclear\n")
    assert (code, output) == (0, "1 insight imported.\n")


def test_a_broken_archive_is_one_line(run: Run) -> None:
    whole = gzip.compress(b"text\n" + b"One\n" * 9_000)
    for content in (b"no archive", whole[: len(whole) // 2]):
        code, output = run(content, name="said.csv.gz")
        assert code == 1
        assert output.count("\n") == 1
        assert "Nothing was imported." in output


@pytest.mark.parametrize("pair", ["label", "label=", "=reason", "label=colour"])
def test_a_wrong_map_is_wrong_use(run: Run, pair: str) -> None:
    code, output = run("text,label\nOne,x\n", "--map", pair)
    assert code == 2
    assert "THEIRS=OURS" in output


def test_a_mapped_column_that_is_not_there_is_named(run: Run) -> None:
    code, output = run("text\nOne\n", "--map", "label=reason")
    assert code == 1
    assert "column label: the column is missing" in output


def test_real_complaints_stand_with_the_departments_that_own_them(
    app: Flask, test_data: Path
) -> None:
    path = test_data / "routing_cfpb_product_dev.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        labels = Counter(row["label"] for row in csv.DictReader(stream))
    assert sum(labels.values()) == 2_749
    owners = {}
    with writing():
        departments = [make_department(name) for name in ("Cards", "Loans", "Accounts", "Debts")]
        for place, label in enumerate(sorted(labels)):
            owners[label] = departments[place % 4]
            make_reason(label, owner=owners[label])
    command = ["insights", "import", str(path), "--map", "label=reason"]
    result = app.test_cli_runner().invoke(args=command)
    assert (result.exit_code, result.output) == (0, "2,749 insights imported.\n")
    release()
    expected = Counter[int]()
    for label, count in labels.items():
        expected[owners[label].id] += count
    by_department = session().execute(
        select(Insight.department_id, func.count()).group_by(Insight.department_id)
    )
    assert Counter({row[0]: row[1] for row in by_department}) == expected
    by_reason = session().execute(
        select(ContactReason.name, func.count())
        .join(Insight, Insight.reason_id == ContactReason.id)
        .group_by(ContactReason.name)
    )
    assert Counter({row[0]: row[1] for row in by_reason}) == labels
    again = app.test_cli_runner().invoke(args=command)
    assert again.output == "0 insights imported, 2,749 known already.\n"
