"""What can happen to an idea, each thing with its time and the person who did it.

`at` is a UTC time, `actor` a person key; a step without an actor is the program's own.
Money is in minor units. Departments, metrics and people are named by their keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to an idea."""

    at: datetime
    actor: str | None


@dataclass(frozen=True, slots=True)
class SaveDraft(Step):
    """The author keeps the idea to themselves for now."""


@dataclass(frozen=True, slots=True)
class Submit(Step):
    """The author sends the idea, from a draft or at once."""


@dataclass(frozen=True, slots=True)
class Route(Step):
    """The program hands the idea to the department that owns its reason."""

    department: str


@dataclass(frozen=True, slots=True)
class Receive(Step):
    """Somebody of the department takes the idea into triage."""


@dataclass(frozen=True, slots=True)
class Transfer(Step):
    """A head says that the idea belongs to another department."""

    department: str
    reason: str


@dataclass(frozen=True, slots=True)
class AcceptTransfer(Step):
    """The other department takes it."""


@dataclass(frozen=True, slots=True)
class Support(Step):
    """Somebody says "me too", with an example that they heard."""

    channel: str
    example: str
    minutes: int | None


@dataclass(frozen=True, slots=True)
class Comment(Step):
    """Something said about the idea."""

    text: str


@dataclass(frozen=True, slots=True)
class Score(Step):
    """A reviewer says how much work it is: a band of effort, and how sure they are."""

    effort: str
    confidence: str


@dataclass(frozen=True, slots=True)
class PrivateNote(Step):
    """Said among those who decide; whom it names with an @ is told."""

    text: str


@dataclass(frozen=True, slots=True)
class AskPart(Step):
    """Another department is asked for its part."""

    department: str
    task: str


@dataclass(frozen=True, slots=True)
class SettlePart(Step):
    """That department signs that it is done, or gives it back."""

    department: str
    words: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Ask(Step):
    """The department needs to know something; its clock stands still."""

    question: str


@dataclass(frozen=True, slots=True)
class Answer(Step):
    """The author answers; the idea is in triage again."""

    text: str


@dataclass(frozen=True, slots=True)
class Decline(Step):
    """A signed no."""

    code: str
    sentence: str
    would_change: str


@dataclass(frozen=True, slots=True)
class Defer(Step):
    """Not yet: it opens again on a day."""

    sentence: str
    review_on: date


@dataclass(frozen=True, slots=True)
class KeepCalls(Step):
    """Signed that these calls go on; put off instead where nothing was counted yet."""

    sentence: str
    alternative: str
    review_on: date


@dataclass(frozen=True, slots=True)
class PointOut(Step):
    """It exists already, at a place."""

    sentence: str
    place: str


@dataclass(frozen=True, slots=True)
class Join(Step):
    """It says the same as another one; it exists already where none can take it in."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Test(Step):
    """Try it out first."""

    sentence: str
    scope: str
    stop_rule: str
    days: int


@dataclass(frozen=True, slots=True)
class Appeal(Step):
    """The author takes the answer further up."""

    reason: str


@dataclass(frozen=True, slots=True)
class Accept(Step):
    """A signed yes. `effort` is days, weeks or months; `confidence` low, fair or high."""

    code: str
    sentence: str
    effort: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Withdraw(Step):
    """The author takes the idea back."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Stop(Step):
    """An accepted idea is not carried on."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Credit:
    """Somebody's part: `role` is originator, developer or implementer; parts sum to 100."""

    person: str
    role: str
    percent: int


@dataclass(frozen=True, slots=True)
class Measure:
    """What is locked before go-live on the measured track.

    The baseline is the `baseline_weeks` weeks that are complete at the time of the commitment.
    `yearly_exposure` counts denominators a year, so benefit = change of rate / per × exposure ×
    `unit_cost_minor`. `forecast_percent` is the promised relative change of the metric.
    """

    metric: str
    guardrails: tuple[str, ...]
    baseline_weeks: int
    forecast_percent: float
    unit_cost_minor: int
    yearly_exposure: int
    investment_minor: int
    running_minor: int


@dataclass(frozen=True, slots=True)
class Commit(Step):
    """A promise. `track` is quick or measured; only a measured one has a `measure`."""

    person: str
    due_on: date
    definition_of_done: str
    track: str
    credits: tuple[Credit, ...]
    measure: Measure | None


@dataclass(frozen=True, slots=True)
class MoveDate(Step):
    """The promised date moves, with the reason."""

    due_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Start(Step):
    """Work begins."""


@dataclass(frozen=True, slots=True)
class ProgressNote(Step):
    """How far it is."""

    text: str


@dataclass(frozen=True, slots=True)
class Implement(Step):
    """The change is live."""

    go_live_on: date
    what_changes: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Confirm(Step):
    """Somebody on the front line sees the change, or does not."""

    sees_it: bool


@dataclass(frozen=True, slots=True)
class StartMeasuring(Step):
    """From now on the weeks after go-live are counted."""


@dataclass(frozen=True, slots=True)
class Claim(Step):
    """The department claims a benefit. `kind` is hard, soft or estimate."""

    kind: str
    label: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Sign(Step):
    """A validator's signature. `outcome` is approved, in_part, not_proven or harmful."""

    outcome: str
    sentence: str


@dataclass(frozen=True, slots=True)
class RollBack(Step):
    """A harmful change is taken back."""

    sentence: str


@dataclass(frozen=True, slots=True)
class Close(Step):
    """A quick change is done and needs no measurement."""

    sentence: str
