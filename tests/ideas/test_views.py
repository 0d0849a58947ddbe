"""The pages of ideas, in a browser without JavaScript and with htmx."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from portal.actor import PROGRAM
from portal.database import Database, release, session, writing
from portal.ideas import queries, services
from portal.ideas.lifecycle import Move, State
from portal.ideas.models import Comment, Idea
from portal.ideas.panels import idea_panels
from portal.now import today
from portal.people.models import Department, Person
from portal.web.rates import LIMITS, Rate
from tests.factories.demand import make_reason
from tests.factories.ideas import make_idea, make_many_ideas
from tests.factories.insights import make_insight
from tests.factories.people import actor_of, make_headed_department, make_person
from tests.support.client import Client
from tests.support.statements import counting

WORDS = {
    "problem": "The bill does not say that the reading is a guess.",
    "proposal": "Say so on the bill. Then nobody has to call.",
}


@pytest.fixture
def desk(database: Database) -> Department:
    with writing():
        return make_headed_department("Customer Office", takes_orphans=True)[0]


@pytest.fixture
def author(desk: Department) -> Person:
    with writing():
        return make_person(home=desk)


@pytest.fixture
def agent(client: Client, author: Person) -> Client:
    return client.sign_in(author)


@pytest.fixture
def colleague(new_client: Callable[[], Client], desk: Department) -> Client:
    with writing():
        person = make_person("Grace Okafor", home=desk)
    return new_client().sign_in(person)


@pytest.fixture
def idea(author: Person, app: Flask) -> Idea:
    with writing():
        return make_idea(author)


def stored() -> list[Idea]:
    release()
    return session().query(Idea).order_by(Idea.id).all()


def has_one_heading(answer: TestResponse) -> bool:
    return len(re.findall(r"<h1\b", answer.text)) == 1


def send(client: Client, **typed: str) -> TestResponse:
    fields = client.fields(client.get("/ideas/new"), "/ideas/new")
    return client.post("/ideas/new", {**fields, **WORDS, "action": "submit", **typed})


def test_an_idea_is_sent_from_one_screen_and_says_where_it_is(agent: Client) -> None:
    page = agent.get("/ideas/new")
    assert has_one_heading(page)
    answer = send(agent)
    idea = stored()[0]
    assert (answer.status_code, answer.location) == (303, f"/ideas/I-{idea.number}")
    assert idea.title == "Say so on the bill"
    toast = agent.get("/ideas").text
    assert "It is with Customer Office. First reply by" in toast


def test_a_form_that_arrives_twice_makes_one_idea(agent: Client) -> None:
    fields = agent.fields(agent.get("/ideas/new"), "/ideas/new")
    typed = {**fields, **WORDS, "action": "submit"}
    first, second = agent.post("/ideas/new", typed), agent.post("/ideas/new", typed)
    assert first.location == second.location
    assert len(stored()) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"proposal": " "}, "Say what would be better"),
        ({"authors": "nobody@test.example"}, "Nobody here has the address"),
        ({"title": "t" * 141}, "140"),
        ({"reason_id": "999"}, "Choose one from the list"),
    ],
)
def test_what_is_wrong_stands_at_its_field_and_the_text_stays(
    agent: Client, typed: dict[str, str], sentence: str
) -> None:
    answer = send(agent, **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert WORDS["problem"] in answer.text
    assert stored() == []


@pytest.mark.threat(62)
def test_the_writer_sees_what_is_masked_before_it_is_sent(agent: Client) -> None:
    shown = send(agent, problem="Her card is 4111 1111 1111 1111, she read it to me.")
    assert (shown.status_code, stored()) == (200, [])
    assert "We masked a card number." in shown.text
    assert "Her card is [card ••1111], she read it to me." in shown.text
    assert "4111 1111" not in shown.text
    answer = send(agent, problem="Her card is [card ••1111], she read it to me.")
    assert (answer.status_code, len(stored())) == (303, 1)


@pytest.mark.threat(62)
def test_a_comment_that_was_masked_is_shown_once_and_then_sent(agent: Client) -> None:
    address = send(agent).location + "/comments"
    shown = agent.post(address, {"body": "Ask bo@example.com about it.", "nonce": "n-1"})
    assert shown.status_code == 200
    assert "Ask [mail] about it." in shown.text
    assert "Nothing is sent yet." in shown.text
    assert agent.post(address, {"body": "Ask [mail] about it."}).status_code == 303


@pytest.mark.threat(62)
def test_what_will_be_masked_is_foretold_while_typing_and_kept_nowhere(agent: Client) -> None:
    told = agent.post("/masked", {"problem": "Her card is 4111 1111 1111 1111."}, HX_Request="true")
    assert "We will mask a card number." in told.text
    assert "4111" not in told.text
    assert "We will" not in agent.post("/masked", {"problem": "84,20 on 1 May"}).text


@pytest.mark.threat(55)
def test_somebody_is_shown_so_often_an_hour_what_would_be_masked(
    agent: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.web.watching.LIMITS", {**LIMITS, Rate.PREVIEW: 2})
    asked = [agent.post("/masked", {"problem": "Call me."}).status_code for _time in range(3)]
    assert asked == [200, 200, 429]
    assert send(agent).status_code == 303


def test_a_draft_is_kept_masked_without_asking(agent: Client) -> None:
    kept = send(agent, action="draft", problem="Card 4111 1111 1111 1111.")
    assert kept.status_code == 303
    assert stored()[0].problem == "Card [card ••1111]."


def test_an_insight_lends_its_words_and_reason(agent: Client, desk: Department) -> None:
    with writing():
        reason = make_reason("Bill unclear", owner=desk)
        insight = make_insight("He waited five hours.", reason_id=reason.id)
    page = agent.get(f"/ideas/new?insight=N-{insight.number}")
    assert "He waited five hours." in page.text
    assert re.search(rf'<option selected value="{reason.id}"', page.text)
    assert agent.get("/ideas/new?insight=N-x").status_code == 200
    assert agent.get("/ideas/new?insight=N-99999").status_code == 404


def test_colleagues_who_had_the_idea_too_share_it(agent: Client) -> None:
    with writing():
        other = make_person("Tomasz Wrona")
    send(agent, authors=f"{other.email};")
    shares = {row.face.name: row.share_percent for row in queries.list_authors(stored()[0].id)}
    assert shares == {"Amina Yusuf": 50, "Tomasz Wrona": 50}


def test_a_draft_is_kept_for_its_writer_alone_then_sent(agent: Client, colleague: Client) -> None:
    answer = send(agent, action="draft", proposal="")
    draft = stored()[0]
    address = f"/ideas/I-{draft.number}/edit"
    assert answer.location == address
    page = agent.get(address)
    assert has_one_heading(page)
    assert WORDS["problem"] in page.text
    assert colleague.get(address).status_code == 404
    assert f"I-{draft.number}" not in colleague.get("/ideas").text
    assert f"I-{draft.number}" not in colleague.get("/ideas?state=drafts").text
    assert f"I-{draft.number}" in agent.get("/ideas?state=drafts").text
    assert colleague.post(address, {**WORDS, "action": "submit"}).status_code == 404
    sent = agent.post(address, {**agent.fields(page, address), **WORDS, "action": "submit"})
    assert sent.location == f"/ideas/I-{draft.number}"
    assert stored()[0].submitted_at is not None
    assert agent.get(address).status_code == 409


def test_a_draft_can_be_thrown_away(agent: Client) -> None:
    send(agent, action="draft")
    draft = stored()[0]
    assert agent.post(f"/ideas/I-{draft.number}/withdraw").location == "/ideas"
    assert stored()[0].state is State.WITHDRAWN
    assert f"I-{draft.number}" not in agent.get("/ideas?mine=y").text


def test_me_too_works_with_and_without_htmx(colleague: Client, idea: Idea) -> None:
    address = f"/ideas/I-{idea.number}"
    day = today().isoformat()
    plain = colleague.post(f"{address}/support", {"occurred_on": day})
    assert (plain.status_code, plain.location) == (303, address)
    swapped = colleague.post(
        f"{address}/support",
        {"occurred_on": day, "example": "He waited.", "minutes": "11", "channel": "phone"},
        HX_Request="true",
    )
    assert swapped.status_code == 200
    assert swapped.text.strip().startswith('<section id="support"')
    assert "He waited." in swapped.text
    assert "Grace Okafor · Phone · 11 minutes" in swapped.text
    assert stored()[0].support_count == 1
    undone = colleague.post(f"{address}/unsupport", HX_Request="true")
    assert 'aria-pressed="false"' in undone.text
    assert colleague.post(f"{address}/unsupport").location == address
    assert stored()[0].support_count == 0


@pytest.mark.parametrize("headers", [{}, {"HX_Request": "true"}])
def test_an_example_that_cannot_be_kept_stays_in_the_form(
    colleague: Client, idea: Idea, headers: dict[str, str]
) -> None:
    typed = {"occurred_on": "2099-01-01", "example": "He will wait."}
    answer = colleague.post(f"/ideas/I-{idea.number}/support", typed, **headers)
    assert answer.status_code == 422
    assert "still to come" in answer.text
    assert "He will wait." in answer.text
    assert stored()[0].support_count == 0


def test_a_comment_is_said_once_and_cannot_harm(colleague: Client, idea: Idea) -> None:
    address = f"/ideas/I-{idea.number}/comments"
    evil = "**Yes** <script>alert(1)</script> [x](javascript:alert(2)) <img src=x onerror=alert(3)>"
    for _ in range(2):
        answer = colleague.post(address, {"body": evil, "nonce": "c-1"}, HX_Request="true")
    assert session().query(Comment).count() == 1
    assert "<strong>Yes</strong>" in answer.text
    assert "<script" not in answer.text
    assert "<img" not in answer.text
    assert 'href="javascript' not in answer.text
    assert colleague.post(address, {"body": "And"}).location.endswith("#comments")


@pytest.mark.parametrize("headers", [{}, {"HX_Request": "true"}])
def test_a_comment_that_is_too_long_stays_in_the_form(
    colleague: Client, idea: Idea, headers: dict[str, str]
) -> None:
    body = "x" * 4001
    answer = colleague.post(f"/ideas/I-{idea.number}/comments", {"body": body}, **headers)
    assert answer.status_code == 422
    assert body in answer.text


def test_only_the_one_who_sent_it_takes_it_back(
    agent: Client, colleague: Client, idea: Idea
) -> None:
    address = f"/ideas/I-{idea.number}/withdraw"
    assert colleague.post(address).status_code == 403
    answer = agent.post(address, {"sentence": "Fixed meanwhile."})
    assert (answer.status_code, answer.location) == (303, f"/ideas/I-{idea.number}")
    assert stored()[0].state is State.WITHDRAWN
    assert agent.post(address).status_code == 409


def test_the_list_shows_state_support_authors_and_whom_it_waits_on(
    colleague: Client, author: Person, desk: Department
) -> None:
    with writing():
        make_idea(author, title="Send the name of the engineer", state=State.TRIAGE)
    page = colleague.get("/ideas")
    assert has_one_heading(page)
    for words in ("Send the name of the engineer", "Being looked at", "Amina Yusuf", "waits on"):
        assert words in page.text


@pytest.mark.parametrize(
    ("question", "titles"),
    [
        ("", {"declined", "accepted", "validated", "measuring"}),
        ("?state=decided", {"declined", "accepted"}),
        ("?state=in_work", {"measuring"}),
        ("?state=proven", {"validated"}),
        ("?state=accepted", {"accepted"}),
        ("?state=open", set()),
        ("?state=nonsense&department=x&reason=7&sort=y", "all"),
        ("?department=own", {"accepted"}),
        ("?reason=own", {"validated"}),
        ("?mine=y", set()),
        ("?sort=support&state=decided", {"declined", "accepted"}),
    ],
)
def test_the_list_is_narrowed_by_filters(
    colleague: Client, author: Person, desk: Department, question: str, titles: set[str] | str
) -> None:
    with writing():
        other = make_headed_department("Metering")[0]
        reason = make_reason("Bill unclear", owner=desk)
        make_idea(author, title="is declined", state=State.DECLINED)
        make_idea(author, title="is accepted", state=State.ACCEPTED, department=other)
        make_idea(author, title="is validated", state=State.VALIDATED, reason_id=reason.id)
        make_idea(author, title="is measuring", state=State.MEASURING)
    question = question.replace("department=own", f"department={other.id}")
    page = colleague.get("/ideas" + question.replace("reason=own", f"reason={reason.id}"))
    assert page.status_code == 200
    found = set(re.findall(r">is (\w+)</a>", page.text))
    assert found == (
        {"declined", "accepted", "validated", "measuring"} if titles == "all" else titles
    )


def test_an_empty_list_says_what_it_will_hold(colleague: Client, desk: Department) -> None:
    page = colleague.get("/ideas")
    assert has_one_heading(page)
    assert "Nobody has said what would be better yet" in page.text
    assert "No idea fits" in colleague.get("/ideas?state=open").text


@pytest.mark.parametrize("sort", ["newest", "support"])
def test_every_idea_is_met_once_from_page_to_page(
    colleague: Client, author: Person, desk: Department, sort: str
) -> None:
    with writing():
        make_many_ideas(60, author, [desk])
    address: str | None = f"/ideas?sort={sort}"
    met: list[str] = []
    while address:
        page = colleague.get(address)
        met += re.findall(r'class="ref">(I-\d+)<', page.text)
        further = re.search(r'href="([^"]+)" rel="next"', page.text)
        address = further.group(1).replace("&amp;", "&") if further else None
    assert len(met) == len(set(met)) == 60
    assert colleague.get("/ideas?after=nonsense").status_code == 404


@pytest.mark.parametrize("how_many", [1, 30])
def test_the_list_asks_a_fixed_number_of_statements(
    colleague: Client, author: Person, desk: Department, database: Database, how_many: int
) -> None:
    with writing():
        make_many_ideas(how_many, author, [desk])
    colleague.get("/ideas")
    with counting(database) as frame:
        colleague.get("/people")
    with counting(database) as whole:
        colleague.get("/ideas")
    assert len(whole) - (len(frame) - 1) <= 4


def test_the_panels_of_an_idea_ask_five_statements(
    app: Flask, author: Person, idea: Idea, database: Database
) -> None:
    reader = actor_of(author)
    with app.test_request_context(), counting(database) as statements:
        panels = idea_panels(reader, idea)
    assert len(statements) == 5
    assert panels["can_withdraw"]
    assert not panels["is_supported"]


def test_the_timeline_says_every_step_in_words(app: Flask, author: Person, idea: Idea) -> None:
    with writing():
        found = queries.get_idea(idea.id)
        services.move_idea(
            PROGRAM, found, Move.ASK, sentence="Which <b>letter</b>?", handler_id=None, due_at=None
        )
    with app.test_request_context():
        rows = queries.get_timeline(idea.id)
        html = app.jinja_env.get_template("ideas/_timeline.html").render(timeline=rows)
    assert "Amina Yusuf sent it" in html
    assert "Which &lt;b&gt;letter&lt;/b&gt;?" in html


def test_what_says_the_same_is_shown_while_writing_and_nothing_is_kept(
    client: Client, author: Person
) -> None:
    with writing():
        make_idea(author, state=State.TRIAGE, title="Let customers photograph the meter")
        make_idea(author, state=State.DRAFT, title="A photograph of my own draft")
    client.sign_in(author)
    typed = {"problem": "", "proposal": "Why not a photograph of the meter?", "title": ""}
    part = client.post("/ideas/similar", typed, HX_Request="true").text
    assert part.lstrip().startswith('<div id="alike"')
    assert "Let customers photograph the meter" in part
    assert "draft" not in part
    whole = client.post("/ideas/similar", typed).text
    assert whole.count("<h1") == 1
    assert "Let customers photograph the meter" in whole
    nothing = client.post("/ideas/similar", {"proposal": "Zebra"}, HX_Request="true").text
    assert "Nobody has said this before." in nothing


def test_an_idea_leads_to_what_says_the_same(client: Client, author: Person) -> None:
    with writing():
        one = make_idea(author, state=State.TRIAGE, title="Let customers photograph the meter")
        make_idea(author, state=State.DECLINED, title="A photograph of the meter by mail")
        make_idea(author, state=State.TRIAGE, title="Chairs", problem="Hard", proposal="Soft")
    client.sign_in(author)
    url = f"/ideas/I-{one.number}/similar"
    assert f'href="{url}"' in client.get(f"/ideas/I-{one.number}").text
    whole = client.get(url).text
    assert "A photograph of the meter by mail" in whole
    assert "Chairs" not in whole
    part = client.get(url, HX_Request="true").text
    assert part.lstrip().startswith('<div id="beside">')
