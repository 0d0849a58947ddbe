"""What becomes of somebody's words, in a real Chromium: asked, answered, appealed, escalated.

And what heads do for one another: standing in, joining two ideas, asking for a part.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from portal.actor import PROGRAM
from portal.database import reading, writing
from portal.ideas.lifecycle import State
from portal.ideas.models import Idea
from portal.now import at
from portal.people.models import Department, Person
from portal.people.services import appoint
from portal.triage.sweeping import sweep
from tests.journeys import story as steps
from tests.journeys.cast import START
from tests.journeys.floor import Floor
from tests.journeys.story import TITLE
from tests.support.browser import serious_findings

pytestmark = [pytest.mark.browser, pytest.mark.slow]

QUESTION = "Which letter do you mean: the one with the form, or the reminder?"
ANSWER = "The reminder. It comes two weeks later and people think it is a second bill."
NO = "We change the letters in autumn, and not twice in a year."
WOULD = "If the new system comes a year later."
REASON = "It is twenty calls a day in our team alone, and autumn is five months away."
OTHER = "Say in the reminder that it is no second bill"


def state_of(ref: str) -> State:
    """Where an idea stands."""
    with reading() as unit:
        return unit.scalars(select(Idea.state).where(Idea.number == int(ref[2:]))).one()


def sentence(page: Page, label: str, words: str) -> None:
    """Fill a field by its label."""
    page.get_by_label(label).fill(words)


def toast(page: Page, words: str) -> None:
    """What was done is said."""
    expect(page.locator("#toasts")).to_contain_text(words)


def decide(floor: Floor, ref: str, key: str, **typed: str) -> None:
    """The head takes a step on the bench by its key, and its minute passes."""
    with floor.seated(floor.story.cast.head) as page:
        page.goto(f"{floor.address}/triage/{ref}")
        page.keyboard.press(key)
        page.wait_for_selector("form#step")
        for name, words in typed.items():
            field = page.locator(f"form#step [name={name}]")
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(words)
            else:
                field.fill(words)
        page.keyboard.press("Control+Enter")
        expect(page.locator("#toasts")).to_contain_text(ref)
    floor.story.wait(minutes=2)
    floor.work()


def put_above(floor: Floor, key: str, person: Person) -> None:
    """Let somebody head a department; a leader would have to bring a second factor first."""
    with at(START), writing() as unit:
        department = unit.scalars(select(Department).where(Department.key == key)).one()
        appoint(PROGRAM, department, head=unit.get_one(Person, person.id), deputy=None)


def test_an_author_is_asked_answers_appeals_and_rates(floor: Floor) -> None:
    story, cast = floor.story, floor.story.cast
    put_above(floor, "company", cast.colleague)
    ref = steps.submit(story)
    decide(floor, ref, "q", question=QUESTION)
    with floor.seated(cast.agent) as page:
        expect(page.locator("main")).to_contain_text(QUESTION)
        page.get_by_role("link", name="Answer").click()
        expect(page.locator("main")).to_contain_text(QUESTION)
        assert not serious_findings(page)
        page.locator("textarea[name=answer]").fill(ANSWER)
        page.keyboard.press("Control+Enter")
        toast(page, "Your answer is with the department.")
        assert state_of(ref) is State.TRIAGE
        page.go_back()
        page.go_back()
        expect(page.locator("h1")).to_be_visible()
    decide(floor, ref, "d", reason_code="not_now", sentence=NO, would_change=WOULD)
    with floor.seated(cast.agent) as page:
        page.goto(f"{floor.address}/notifications")
        expect(page.locator("main")).to_contain_text("said no to")
        page.goto(f"{floor.address}/ideas/{ref}")
        for words in (NO, WOULD):
            expect(page.locator("main")).to_contain_text(words)
        useful = page.get_by_role("button", name="No", exact=True)
        useful.first.click()
        expect(page.locator("[aria-pressed=true]").first).to_contain_text("No")
        page.get_by_role("link", name="Appeal").click()
        page.locator("textarea[name=reason]").fill(REASON)
        page.get_by_role("button", name="Appeal").click()
        toast(page, "Somebody above decides anew")
        expect(page.get_by_role("link", name="Appeal")).to_have_count(0)
    assert state_of(ref) is State.APPEALED
    with floor.seated(cast.colleague) as page:
        page.get_by_role("link", name=TITLE).first.click()
        page.get_by_role("link", name="Decide").click()
        expect(page.locator("main")).to_contain_text(REASON)
        page.keyboard.press("a")
        page.locator("form#step textarea[name=sentence]").fill("Yes. Twenty a day is too many.")
        page.keyboard.press("Control+Enter")
        toast(page, "is accepted")
    story.wait(minutes=2)
    floor.work()
    with floor.seated(cast.agent) as page:
        page.goto(f"{floor.address}/ideas/{ref}")
        expect(page.locator("main")).to_contain_text("Yes. Twenty a day is too many.")
        page.get_by_role("button", name="Yes", exact=True).first.click()
        expect(page.locator("[aria-pressed=true]").first).to_contain_text("Yes")


def test_an_author_escalates_what_is_late_once(floor: Floor) -> None:
    story, cast = floor.story, floor.story.cast
    put_above(floor, "company", cast.colleague)
    ref = steps.submit(story)
    with floor.seated(cast.agent) as page:
        page.goto(f"{floor.address}/ideas/{ref}")
        expect(page.get_by_role("link", name="Escalate")).to_have_count(0)
    story.wait(days=15)
    with at(story.clock.moment):
        sweep()
    with floor.seated(cast.agent) as page:
        page.goto(f"{floor.address}/notifications")
        expect(page.locator("main")).to_contain_text("is over its time with")
        page.goto(f"{floor.address}/ideas/{ref}")
        page.get_by_role("link", name="Escalate").click()
        page.locator("textarea[name=reason]").fill("Two of mine have left since.")
        page.get_by_role("button", name="Escalate").click()
        toast(page, "Whoever stands above has been told.")
        expect(page.get_by_role("link", name="Escalate")).to_have_count(0)
        expect(page.locator("main")).to_contain_text("escalated to Tomasz Wrona")
    with floor.seated(cast.colleague) as page:
        page.goto(f"{floor.address}/notifications")
        expect(page.locator("main")).to_contain_text("Its author asks you to step in")
        expect(page.locator("main")).to_contain_text("Two of mine have left since.")


def test_a_deputy_answers_while_the_head_is_away(floor: Floor) -> None:
    story, cast = floor.story, floor.story.cast
    first, second = steps.submit(story), steps.submit(story, title=OTHER)
    until = START.date() + timedelta(days=4)
    with floor.seated(cast.head) as page:
        page.goto(f"{floor.address}/me")
        page.get_by_role("link", name="away").first.click()
        page.locator("[name=from_on]").fill(START.date().isoformat())
        page.locator("[name=until_on]").fill(until.isoformat())
        page.get_by_role("button", name="Note it").click()
        expect(page.locator("main")).to_contain_text("away now")
    floor.work()
    with floor.seated(cast.deputy) as page:
        expect(page.locator("main")).to_contain_text("2 things wait on you.")
        page.goto(f"{floor.address}/notifications")
        expect(page.locator("main")).to_contain_text("You stand in for Lena Brandt until")
        page.goto(f"{floor.address}/triage/{first}")
        expect(page.locator("main")).to_contain_text("for Lena Brandt until")
        page.keyboard.press("a")
        page.locator("form#step textarea[name=sentence]").fill("Yes, Lena would say the same.")
        page.keyboard.press("Control+Enter")
        toast(page, "is accepted")
    story.wait(minutes=2)
    floor.work()
    with floor.seated(cast.agent) as page:
        page.goto(f"{floor.address}/ideas/{first}")
        expect(page.locator("main")).to_contain_text("Yes, Lena would say the same.")
        page.goto(f"{floor.address}/ideas/{second}")
        expect(page.locator("main")).to_contain_text("for Lena Brandt, who is away")
    with floor.seated(cast.head) as page:
        page.goto(f"{floor.address}/me/absences")
        page.get_by_role("button", name="Back already").click()
        toast(page, "")
    floor.work()
    with floor.seated(cast.head) as page:
        page.goto(f"{floor.address}/notifications")
        expect(page.locator("main")).to_contain_text("You are back.")
        page.goto(f"{floor.address}/")
        expect(page.locator("main")).to_contain_text(OTHER)


def test_two_ideas_are_joined_and_taken_apart(floor: Floor) -> None:
    story, cast = floor.story, floor.story.cast
    ref, into = steps.submit(story, title=OTHER), steps.submit(story)
    with floor.seated(cast.head, errs=True) as page:
        page.goto(f"{floor.address}/triage/{ref}")
        page.keyboard.press("m")
        page.wait_for_url(f"**/triage/{ref}/merge*")
        page.locator("#into").fill("I-999999")
        page.keyboard.press("Enter")
        expect(page.locator("#into-wrong")).to_be_visible()
        page.locator("#into").fill(into)
        page.keyboard.press("Enter")
        page.locator("textarea[name=sentence]").fill("Both want the letter to say what it is.")
        page.get_by_role("button", name="Join them").click()
        expect(page.locator("#toasts")).to_contain_text(into)
    floor.work()
    assert state_of(ref) is State.MERGED
    with floor.seated(cast.agent) as page:
        page.goto(f"{floor.address}/ideas/{ref}")
        expect(page.locator("main")).to_contain_text("Both want the letter to say what it is.")
        expect(page.locator("main")).to_contain_text(TITLE)
        page.goto(f"{floor.address}/ideas/{into}")
        page.locator("#joined summary").click()
        expect(page.locator("#joined")).to_contain_text("Amina Yusuf sent it")
    with floor.seated(cast.head) as page:
        page.goto(f"{floor.address}/ideas/{ref}")
        page.get_by_text("Take it out again").click()
        form = page.locator(f"form[action^='/triage/{ref}/unmerge']").first
        form.locator("button[type=submit]").last.click()
        expect(page.locator("#toasts")).to_contain_text(ref)
    assert state_of(ref) is State.TRIAGE


def test_another_department_does_its_part(floor: Floor) -> None:
    story, cast = floor.story, floor.story.cast
    put_above(floor, "finance", cast.colleague)
    ref = steps.submit(story)
    with floor.seated(cast.head, errs=True) as page:
        page.goto(f"{floor.address}/triage/{ref}")
        page.get_by_role("link", name="Ask another department").click()
        page.get_by_role("button", name="Ask").click()
        expect(page.locator("main")).to_contain_text("This is missing.")
        page.get_by_label("Which department").select_option(label="Finance")
        page.get_by_label("What you need from it").fill("Say what a print line costs us a year.")
        assert not serious_findings(page)
        page.keyboard.press("Control+Enter")
        toast(page, "Asked. Its clock runs; yours runs on.")
        expect(page.locator("#parts")).to_contain_text("Tomasz Wrona")
    with floor.seated(cast.colleague) as page:
        expect(page.locator("main")).to_contain_text("Your part:")
        page.get_by_role("link", name="Your part:").click()
        assert not serious_findings(page)
        page.locator("textarea[name=words]").fill("Eleven hundred a year, all letters together.")
        page.get_by_role("button", name="Sign: our part is done").click()
        toast(page, "Signed. Whoever asked is told.")
        expect(page.locator("main")).to_contain_text("Nobody needs a part of yours")
    with floor.seated(cast.head) as page:
        page.goto(f"{floor.address}/notifications")
        expect(page.locator("main")).to_contain_text("Finance did its part for")
        page.goto(f"{floor.address}/triage/{ref}")
        expect(page.locator("#parts")).to_contain_text("Eleven hundred a year")
