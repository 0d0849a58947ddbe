"""Turns the beats of an idea's life into steps: who did it, when, and in which words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from portal.demo import sentences
from portal.demo import steps as step
from portal.demo.days import Workdays, workday_after
from portal.demo.facets import FACETS
from portal.demo.insights import failure_text, pick
from portal.demo.lives import BASELINE_WEEKS, Beat
from portal.demo.metrics import BY_KEY as METRIC_BY_KEY
from portal.demo.metrics import EFFECT_OF, GUARDRAILS, first_week
from portal.demo.people import AGENTS, DEPARTMENT_BY_KEY, HANDLER_OF, VALIDATORS
from portal.demo.reasons import BY_KEY as REASON_BY_KEY
from portal.demo.stories import SHOWCASE, Story

_OUTCOMES = {
    "validated": "approved",
    "not_proven": "not_proven",
    "harmful": "harmful",
    "rolled_back": "harmful",
}
_IMPLEMENTING = 40


@dataclass(frozen=True, slots=True)
class Cast:
    """Who takes part: the owning department, another one, and the authors with their shares."""

    department: str
    other: str
    authors: tuple[tuple[str, int], ...]

    @property
    def author(self) -> str:
        """The one who sent the idea."""
        return self.authors[0][0]

    @property
    def head(self) -> str:
        """The head of the owning department."""
        return DEPARTMENT_BY_KEY[self.department].head

    @property
    def deputy(self) -> str:
        """The deputy of the owning department."""
        return DEPARTMENT_BY_KEY[self.department].deputy or self.head

    @property
    def handler(self) -> str:
        """The one who carries out what the department promises."""
        return HANDLER_OF[self.department]


class Teller:
    """Tells the life of one story; its cast changes with a transfer, its time only grows."""

    def __init__(self, rng: Random, story: Story, cast: Cast, workdays: Workdays) -> None:
        self.rng = rng
        self.story = story
        self.cast = cast
        self.workdays = workdays
        self.builder = cast.handler if rng.random() < 0.65 else cast.deputy
        self.last: datetime | None = None
        self.notes = rng.sample(sentences.NOTES, len(sentences.NOTES))
        if "note" in story.says:
            self.notes.append(story.says["note"])
        self.confirmed: set[str] = set()
        self.answer = ""
        self.due_on = workdays.today
        facets = FACETS[story.reason]
        self.phrases = {
            "thing": facets.thing,
            "cases": facets.cases,
            "paper": facets.paper,
            "department": DEPARTMENT_BY_KEY[cast.department].name,
        }

    def tell(self, beat: Beat) -> Iterator[step.Step]:
        """The steps of a beat; told in order, oldest first."""
        at = self._time(beat)
        yield getattr(self, f"_{beat.verb}")(at)

    def _time(self, beat: Beat) -> datetime:
        """Some time on the day of the beat, after everything told so far."""
        at = self.workdays.at(beat.age, self.rng)
        if self.last is not None and (beat.verb == "route" or at <= self.last):
            wait = 1 if beat.verb in {"route", "measure"} else self.rng.randint(120, 2400)
            at = self.last + timedelta(seconds=wait)
        self.last = at
        return at

    def _say(self, name: str, choices: tuple[str, ...]) -> str:
        """The story's own sentence of that name, or one that fits its contact reason."""
        own = self.story.says.get(name)
        return own or pick(self.rng, choices).format_map(self.phrases)

    def _decider(self) -> str:
        return self.cast.head if self.rng.random() < 0.85 else self.cast.deputy

    def _draft(self, at: datetime) -> step.Step:
        return step.SaveDraft(at, self.cast.author)

    def _submit(self, at: datetime) -> step.Step:
        return step.Submit(at, self.cast.author)

    def _route(self, at: datetime) -> step.Step:
        return step.Route(at, None, self.cast.department)

    def _receive(self, at: datetime) -> step.Step:
        return step.Receive(at, self._decider())

    def _reply(self, at: datetime) -> step.Step:
        return step.Comment(at, self._decider(), self._say("reply", sentences.REPLIES))

    def _transfer(self, at: datetime) -> step.Step:
        reason = self._say("transfer", sentences.TRANSFERS)
        return step.Transfer(at, self._decider(), self.cast.other, reason)

    def _accept_transfer(self, at: datetime) -> step.Step:
        self.cast = replace(self.cast, department=self.cast.other, other=self.cast.department)
        self.phrases["department"] = DEPARTMENT_BY_KEY[self.cast.department].name
        self.builder = self.cast.handler
        return step.AcceptTransfer(at, self.cast.head)

    def _ask(self, at: datetime) -> step.Step:
        question, self.answer = pick(self.rng, sentences.QUESTIONS)
        self.answer = self.story.says.get("answer", self.answer)
        return step.Ask(at, self.cast.head, self.story.says.get("ask", question))

    def _answer(self, at: datetime) -> step.Step:
        return step.Answer(at, self.cast.author, self.answer)

    def _decline(self, at: datetime) -> step.Step:
        code, sentence, would = pick(self.rng, sentences.DECLINES)
        if "decline" in self.story.says:
            code = "not_now"
        return step.Decline(
            at,
            self.cast.head if "decline" in self.story.says else self._decider(),
            code,
            self._say("decline", (sentence,)),
            self._say("would", (would,)),
        )

    def _defer(self, at: datetime) -> step.Step:
        return step.Defer(
            at, self._decider(), self._say("defer", sentences.DEFERS), self._review(at)
        )

    def _keep_calls(self, at: datetime) -> step.Step:
        sentence, other = pick(self.rng, sentences.KEPT_CALLS)
        told, other = sentence.format_map(self.phrases), other.format_map(self.phrases)
        return step.KeepCalls(at, self.cast.head, told, other, self._review(at))

    def _review(self, at: datetime) -> date:
        """A day to look again that still lies ahead of today."""
        return max(at.date(), self.workdays.today) + timedelta(days=self.rng.randint(20, 120))

    def _point_out(self, at: datetime) -> step.Step:
        sentence, place = pick(self.rng, sentences.POINTERS)
        return step.PointOut(at, self._decider(), sentence, place)

    def _join(self, at: datetime) -> step.Step:
        return step.Join(at, self.cast.head, pick(self.rng, sentences.JOINS))

    def _test(self, at: datetime) -> step.Step:
        told = [one.format_map(self.phrases) for one in pick(self.rng, sentences.TESTS)]
        return step.Test(at, self.cast.head, told[0], told[1], told[2], self.rng.randint(10, 20))

    def _appeal(self, at: datetime) -> step.Step:
        return step.Appeal(at, self.cast.author, self._say("appeal", sentences.APPEALS))

    def _accept(self, at: datetime) -> step.Step:
        code, sentence = pick(self.rng, sentences.ACCEPTS)
        signer = self._decider()
        if "accept" in self.story.says:
            code, signer = sentences.ACCEPTS[0][0], self.cast.head
        told = self._say("accept", (sentence,))
        confidence = pick(self.rng, ("low", "fair", "fair", "high"))
        return step.Accept(at, signer, code, told, self.story.effort, confidence)

    def _withdraw(self, at: datetime) -> step.Step:
        sentence = self._say("withdraw", sentences.WITHDRAWALS)
        return step.Withdraw(at, self.cast.author, sentence)

    def _stop(self, at: datetime) -> step.Step:
        code, sentence = pick(self.rng, sentences.STOPS)
        return step.Stop(at, self.cast.head, code, sentence)

    def _commit(self, at: datetime) -> step.Step:
        measure = self._measured()
        effect = EFFECT_OF.get(self.story.key)
        self.due_on = workday_after(at.date(), self.rng.randint(14, 45))
        if effect:
            self.due_on = first_week(self.workdays.today) + timedelta(weeks=effect.go_live_week)
        return step.Commit(
            at,
            self.cast.head,
            self.builder,
            self.due_on,
            self._say("done", sentences.DONE),
            "measured" if measure else "quick",
            self._credits(),
            measure,
        )

    def _credits(self) -> tuple[step.Credit, ...]:
        """Originators share what the two who build it leave; everything sums to 100."""
        builders = dict.fromkeys((self.cast.handler, self.builder))
        roles = ("developer", "implementer")
        parts = [
            step.Credit(person, role, _IMPLEMENTING // len(builders))
            for person, role in zip(builders, roles, strict=False)
        ]
        left = 100 - _IMPLEMENTING
        shares = [share * left // 100 for _, share in self.cast.authors]
        shares[0] += left - sum(shares)
        originators = [
            step.Credit(person, "originator", share)
            for (person, _), share in zip(self.cast.authors, shares, strict=True)
        ]
        return (*originators, *parts)

    def _measured(self) -> step.Measure | None:
        """What is locked for a story that is measured, or about to be."""
        key = EFFECT_OF[self.story.key].metric if self.story.key in EFFECT_OF else None
        key = key or self.story.says.get("metric")
        if key is None:
            return None
        metric = METRIC_BY_KEY[key]
        own = REASON_BY_KEY[self.story.reason].costs[0].avoidable_minor
        return step.Measure(
            metric=key,
            guardrails=tuple(guard for guard in GUARDRAILS if guard != key),
            baseline_weeks=BASELINE_WEEKS,
            forecast_percent=float(self.rng.randint(10, 25))
            * (1 if metric.direction == "higher" else -1),
            unit_cost_minor=metric.unit_cost_minor or own,
            yearly_exposure=metric.exposure * 52,
            investment_minor=self.rng.randint(20, 90) * 10_000,
            running_minor=self.rng.randint(0, 16) * 10_000,
        )

    def _start(self, at: datetime) -> step.Step:
        return step.Start(at, self.builder)

    def _note(self, at: datetime) -> step.Step:
        note = self.notes.pop().format_map(self.phrases)
        return step.ProgressNote(at, self.builder, note)

    def _move_date(self, at: datetime) -> step.Step:
        self.due_on = workday_after(max(self.due_on, at.date()), self.rng.randint(5, 15))
        return step.MoveDate(at, self.builder, self.due_on, self._say("moved", sentences.MOVES))

    def _implement(self, at: datetime) -> step.Step:
        change = self._say("change", sentences.CHANGES)
        evidence = self._say("evidence", sentences.EVIDENCE)
        return step.Implement(at, self.builder, at.date(), change, evidence)

    def _confirm(self, at: datetime) -> step.Step:
        authors = {person for person, _ in self.cast.authors}
        others = [agent for agent in AGENTS if agent not in authors | self.confirmed]
        person = pick(self.rng, others)
        self.confirmed.add(person)
        return step.Confirm(at, person, self.rng.random() < 0.93)

    def _measure(self, at: datetime) -> step.Step:
        return step.StartMeasuring(at, self.builder)

    def _close(self, at: datetime) -> step.Step:
        return step.Close(at, self.cast.head, self._say("close", sentences.CLOSES))

    def _claim(self, at: datetime) -> step.Step:
        label = self._say("claim", (sentences.CLAIM_LABEL,))
        return step.Claim(at, self.cast.head, "hard", label, self.story.says["cites"])

    def _sign(self, at: datetime) -> step.Step:
        outcome = _OUTCOMES[str(self.story.state)]
        signer = VALIDATORS[0] if self.story.key == SHOWCASE else pick(self.rng, VALIDATORS)
        return step.Sign(at, signer, outcome, self.story.says["verdict"])

    def _roll_back(self, at: datetime) -> step.Step:
        return step.RollBack(at, self.cast.head, self.story.says["back"])


def _crowd(rng: Random, story: Story) -> int:
    """How many say "me too": told stories are known on the floor, some far beyond it."""
    if story.key == SHOWCASE:
        return 58
    if story.authors:
        return min(48, 6 + int(rng.paretovariate(1.2) * 6))
    return min(40, int(rng.paretovariate(0.9)) - 1)


def voices_from_the_floor(
    rng: Random,
    story: Story,
    cast: Cast,
    since: datetime,
    until: datetime,
    *,
    loudness: float = 1.0,
) -> Iterator[step.Step]:
    """Supports and remarks of other agents between two times, not in order.

    ``loudness`` is the share of them that is told at all.
    """
    sent = since + timedelta(minutes=20)
    authors = {person for person, _ in cast.authors}
    others = [agent for agent in AGENTS if agent not in authors]
    phrases = {"thing": FACETS[story.reason].thing, "cases": FACETS[story.reason].cases}
    crowd = int(_crowd(rng, story) * loudness + 0.5)
    for person in rng.sample(others, crowd):
        at = _between(rng, sent, until)
        channel = pick(rng, ("phone", "phone", "phone", "chat", "email"))
        minutes = rng.randint(3, 18) if rng.random() < 0.7 else None
        yield step.Support(at, person, channel, failure_text(rng, story.reason), minutes)
    told = int(min(5, int(rng.paretovariate(1.5)) - (not story.authors)) * loudness + 0.5)
    for remark in rng.sample(sentences.REMARKS, told):
        text = remark.format_map(phrases)
        yield step.Comment(_between(rng, sent, until), pick(rng, others), text)


def _between(rng: Random, first: datetime, last: datetime) -> datetime:
    """Some time between two, more often soon after the first; never in the night."""
    if last <= first:
        return first
    at = first + (last - first) * (rng.random() * rng.random())
    shifted = at.replace(hour=7 + at.hour % 10, microsecond=0)
    return min(max(shifted, first), last)
