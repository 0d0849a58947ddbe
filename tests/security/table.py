"""The role matrix as a table that one can read, and how its rows are asked.

A line of ``matrix.txt`` is what is asked and a cell for each subject.  ``GET`` and ``POST`` ask a
door; the cell is the status, or ``in`` where one is asked to sign in.  ``MAY`` asks a policy by
kind and action; the cell is ``yes`` or ``no``.  Words in braces are things of the world.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal.actor import Actor
from portal.attachments.models import Attachment
from portal.authors.models import Opening
from portal.contributions.models import Contribution
from portal.database import release, session
from portal.ideas.models import Idea
from portal.impact.policies import Ties
from portal.impact.queries import get_ties
from portal.insights.models import Insight
from portal.metrics.models import Metric
from portal.notifications.models import Delivery, TellingChoice
from portal.people.models import Department, Person
from portal.policy import REGISTRY, can
from portal.rewards.models import Account, AccountKind, Redemption
from portal.routing.models import Transfer
from portal.triage.models import Appeal, HeldDecision, Note, ReviewRule, SavedView, Sitting
from tests.security.walk import NOBODY, Seen, Walker
from tests.security.world import CANARY, PRIVATE, READS_NOTES, SUBJECTS

TABLE = Path(__file__).parent / "matrix.txt"
ORDERS = {"author", "administrator"}
"""Who may know of the author's order."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    method: str
    asked: str
    cells: tuple[str, ...]

    def __str__(self) -> str:
        """The line."""
        return " ".join([f"{self.method:4} {self.asked:56}", *(f"{one:>3}" for one in self.cells)])

    @property
    def policy(self) -> str:
        """``Kind.action`` of a row that asks a policy."""
        return self.asked.partition(" ")[0] if self.method == "MAY" else ""


def read_table(path: Path = TABLE) -> list[Row]:
    """Every row, in its order."""
    rows = []
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            method, *asked = line.split()
            cut = len(asked) - len(SUBJECTS)
            rows.append(Row(method, " ".join(asked[:cut]), tuple(asked[cut:])))
    return rows


@dataclass(frozen=True)
class Answer:
    """A cell that was asked, with what came back from a door."""

    who: str
    row: Row
    wanted: str
    cell: str
    seen: Seen | None

    def __str__(self) -> str:
        """In one line."""
        return f"{self.row.method} {self.row.asked} as {self.who}: {self.cell}, not {self.wanted}"


def ask(walker: Walker, rows: list[Row]) -> Iterator[Answer]:
    """Ask the rows cell by cell; nothing that happens stays."""
    with walker.undoing():
        for row in rows:
            for who, wanted in zip(SUBJECTS, row.cells, strict=True):
                yield _ask_one(walker, row, who, wanted)


def _ask_one(walker: Walker, row: Row, who: str, wanted: str) -> Answer:
    if row.method == "MAY":
        cell = "yes" if may(walker, who, row.asked) else "no"
        return Answer(who, row, wanted, cell, None)
    seen = walker.knock(who, row.method, row.asked)
    return Answer(who, row, wanted, seen.cell, seen)


def goes_wrong(answer: Answer, walker: Walker) -> bool:
    """Whether the cell differs, something hidden shows, or a refusal is not kept."""
    is_other = answer.cell != answer.wanted
    return is_other or shows_hidden(answer, walker) or is_unkept(answer, walker)


def is_unkept(answer: Answer, walker: Walker) -> bool:
    """Whether somebody without the capability was refused, and the audit log knows nothing."""
    if answer.seen is None or answer.cell not in {"403", "404"}:
        return False
    need = walker.need_of(answer.row.method, answer.row.asked)
    is_able = need is None or answer.who == "anonymous" or walker.actor(answer.who).can(need)
    return not is_able and "access.denied" not in answer.seen.tags


def shows_hidden(answer: Answer, walker: Walker) -> bool:
    """Whether a page holds what only its writer may read, or leads to somebody else's order."""
    if answer.seen is None or answer.row.method == "POST":
        return False
    order = f'href="/rewards/redemptions/{walker.world.words["requested"]}"'
    shows_draft = CANARY in answer.seen.body and answer.who != "author"
    shows_note = PRIVATE in answer.seen.body and answer.who not in READS_NOTES
    shows_order = order in answer.seen.body and answer.who not in ORDERS
    return shows_draft or shows_note or shows_order


def may(walker: Walker, who: str, asked: str) -> bool:
    """Whether the policy says yes: ``Kind.action``, the thing, and facts by name."""
    name, *rest = asked.format(**walker.world.words).split()
    kind_name, _dot, action = name.partition(".")
    kind = next(kind for kind, _action in REGISTRY if kind.__name__ == kind_name)
    actor = walker.actor(who)
    facts = {key: _fact(key, value) for key, _is, value in map(_split, rest) if key}
    things = [value for key, _is, value in map(_split, rest) if not key]
    try:
        thing = FINDERS[kind](things[0], actor) if things else kind
        return can(actor, action, thing, **facts)
    finally:
        release()


def _split(word: str) -> tuple[str, str, str]:
    return word.partition("=") if "=" in word else ("", "", word)


def _fact(name: str, value: str) -> Any:
    if name == "idea":
        return _numbered(Idea)(value, NOBODY)
    ids = [int(one) for one in value.split(",") if one]
    return ids[0] if name.endswith("_id") else frozenset(ids)


Finder = Callable[[str, Actor], Any]


def _numbered(kind: type[Any]) -> Finder:
    return lambda ref, _actor: (
        session().scalars(select(kind).where(kind.number == int(ref.partition("-")[2]))).one()
    )


def _by_id(kind: type[Any]) -> Finder:
    return lambda key, _actor: session().get_one(kind, int(key))


def _ties(ref: str, actor: Actor) -> Ties:
    return get_ties(_numbered(Idea)(ref, actor).id, actor.home_department_id)


def _account(person_id: str, _actor: Actor) -> Account:
    own = select(Account).where(
        Account.person_id == int(person_id), Account.kind == AccountKind.PERSON
    )
    return session().scalars(own).one()


FINDERS: dict[type[Any], Finder] = {
    Idea: _numbered(Idea),
    Insight: _numbered(Insight),
    Metric: _numbered(Metric),
    Redemption: _numbered(Redemption),
    Person: _by_id(Person),
    Department: _by_id(Department),
    Attachment: _by_id(Attachment),
    Account: _account,
    Ties: _ties,
    Delivery: lambda key, _actor: Delivery(person_id=int(key)),
    TellingChoice: lambda key, _actor: TellingChoice(person_id=int(key)),
    Appeal: lambda key, _actor: Appeal(against_id=int(key)),
    HeldDecision: lambda key, _actor: HeldDecision(signed_by_id=int(key)),
    Sitting: lambda key, _actor: Sitting(person_id=int(key)),
    Contribution: lambda key, _actor: Contribution(department_id=int(key)),
    Transfer: lambda key, _actor: Transfer(asked_by_id=int(key)),
    Note: lambda key, _actor: Note(person_id=int(key)),
    ReviewRule: lambda key, _actor: ReviewRule(department_id=int(key)),
    SavedView: lambda key, _actor: SavedView(person_id=int(key)),
    Opening: lambda key, _actor: Opening(asked_by_id=int(key)),
}
"""How the thing of a row is found, by what it is."""
