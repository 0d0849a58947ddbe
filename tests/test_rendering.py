"""HTML that is kept beside its markdown: made once, never of another text, never in a unit."""

import pytest
from flask import Flask
from sqlalchemy import text

from portal import rendering
from portal.admin.jobs import render_markdown
from portal.database import Database, SlowWorkInUnit, reading, session, writing
from portal.ideas.lifecycle import State
from portal.ideas.models import Comment, Idea
from portal.insights.models import Insight
from portal.markdown import MARKDOWN_VERSION, render
from portal.rendering import html_of, list_rendered, prepare
from tests.factories.demand import make_reason
from tests.factories.ideas import make_idea
from tests.factories.people import make_headed_department, make_person
from tests.factories.town import Town, make_town
from tests.support.client import Client

PROBLEM = "The bill says **nothing** of it."


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were rendered from here on."""
    seen: list[str] = []

    def counting(markdown: str) -> str:
        seen.append(markdown)
        return render(markdown)

    monkeypatch.setattr(rendering, "render", counting)
    monkeypatch.setattr(rendering, "_ready", {})
    return seen


def _reload(idea: Idea) -> Idea:
    with reading():
        return session().get_one(Idea, idea.id)


def test_a_prepared_text_is_kept_with_its_html_in_one_unit(
    app: Flask, database: Database, counted: list[str]
) -> None:
    prepare(f"  {PROBLEM}\r\n", "Say so.")
    with writing():
        idea = make_idea(state=State.DRAFT, problem=PROBLEM, proposal="Say so.")
    kept = _reload(idea)
    assert (kept.html_version, kept.html["proposal"]) == (MARKDOWN_VERSION, "<p>Say so.</p>\n")
    assert "<strong>nothing</strong>" in html_of(kept, "problem")
    assert counted == [PROBLEM, "Say so."]


def test_a_text_that_changes_takes_its_html_with_it(app: Flask, database: Database) -> None:
    prepare(PROBLEM, "Say so.", "Something else.")
    with writing():
        idea = make_idea(state=State.DRAFT, problem=PROBLEM, proposal="Say so.")
        idea.problem = "Not prepared."
    kept = _reload(idea)
    assert kept.html == {"proposal": "<p>Say so.</p>\n"}
    assert html_of(kept, "problem") == "<p>Not prepared.</p>\n"
    with writing() as unit:
        unit.get_one(Idea, idea.id).problem = "Something else."
    assert _reload(idea).html_version == MARKDOWN_VERSION


def test_the_worker_renders_what_came_in_otherwise_and_what_older_rules_made(
    app: Flask, database: Database
) -> None:
    with writing() as unit:
        make_headed_department(takes_orphans=True)
        ideas = [make_idea(problem=f"*One* of {n}", state=State.DRAFT) for n in range(3)]
    render_markdown()
    with writing() as unit:
        unit.execute(text("UPDATE ideas SET html_version = 77 WHERE id = :id"), {"id": ideas[0].id})
        unit.execute(text('UPDATE ideas SET html = \'{"problem": "old"}\''))
    assert html_of(_reload(ideas[0]), "problem") == "<p><em>One</em> of 0</p>\n"
    render_markdown()
    kept = _reload(ideas[0])
    assert kept.html_version == MARKDOWN_VERSION
    assert kept.html["problem"] == "<p><em>One</em> of 0</p>\n"


def test_a_text_that_changes_while_the_worker_renders_is_left_for_the_next_time(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing():
        idea = make_idea(state=State.DRAFT, problem="Before.")

    def overtaken(markdown: str) -> str:
        with writing() as unit:
            unit.get_one(Idea, idea.id).problem = "After."
        return render(markdown)

    monkeypatch.setattr(rendering, "render", overtaken)
    assert rendering.render_stale(Idea) == 1
    assert html_of(_reload(idea), "problem") != "<p>Before.</p>\n"
    monkeypatch.undo()
    render_markdown()
    assert _reload(idea).html["problem"] == "<p>After.</p>\n"


def test_nothing_is_rendered_while_a_unit_is_open(database: Database) -> None:
    with writing(), pytest.raises(SlowWorkInUnit):
        render("*one*")


def test_what_a_form_sends_is_stored_rendered_and_shown_without_rendering(
    app: Flask, database: Database, counted: list[str]
) -> None:
    with writing():
        desk, _head, _deputy = make_headed_department(takes_orphans=True)
        reason = make_reason(owner=desk)
        person = make_person()
    client = Client(app).sign_in(person)
    idea = client.post(
        "/ideas/new",
        {"problem": PROBLEM, "proposal": "Say so.", "reason_id": reason.id, "action": "submit"},
    )
    client.post(f"{idea.location}/comments", {"body": "It *works*."})
    insight = client.post("/insights/new", {"text": "She said **no**.", "demand_type": "failure"})
    made = len(counted)
    for path in (idea.location, insight.location):
        assert client.get(path).status_code == 200
    assert len(counted) == made == 4
    with reading() as reader:
        for table in (Idea, Comment, Insight):
            assert reader.query(table).one().html_version == MARKDOWN_VERSION, table


def test_every_page_shows_the_same_before_and_after_the_worker(
    app: Flask, database: Database
) -> None:
    town: Town = make_town()
    client = Client(app).sign_in(town.head)
    paths = [f"/ideas/I-{number}" for number in town.ideas.values()]
    before = [client.get(path).text.count("hx-disable") for path in paths]
    render_markdown()
    with reading() as reader:
        for table in list_rendered():
            assert {row.html_version for row in reader.query(table)} <= {MARKDOWN_VERSION}
    assert [client.get(path).text.count("hx-disable") for path in paths] == before
    assert sum(before) > 20
