"""Ordered rules as pure data: what they ask of an item, and which words of it they met."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

from portal.columns import JsonObject
from portal.routing.wording import fold, words_of


class Kind(StrEnum):
    """What kind of item it is."""

    IDEA = "idea"
    INSIGHT = "insight"


class WordsMode(StrEnum):
    """How many of a rule's words must stand in the text."""

    ANY = "any"
    ALL = "all"


@dataclass(frozen=True)
class Facts:
    """An item as rules see it.

    ``reason_path`` and ``author_path`` are chains of ids such as ``/3/17/``; the author's
    department is unknown where the author is hidden.
    """

    kind: Kind
    text: str
    reason_path: str = ""
    author_path: str = ""
    channel: str | None = None
    lens: str | None = None
    control: str | None = None
    demand_type: str | None = None
    severity: int | None = None
    segment: str | None = None
    moment: str | None = None
    friction: tuple[str, ...] = ()

    @cached_property
    def spaced(self) -> str:
        """The folded words with a space around each, so that whole words are found in it."""
        return f" {' '.join(words_of(self.text))} "


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a rule asks: every field that holds something must fit; an empty one asks nothing.

    ``reason_ids`` and ``department_ids`` (the author's) stand for themselves and all below;
    ``severity`` is the least; ``words`` are words or phrases, met whole, without case and
    accents, ``segments`` and ``moments`` are met as a whole in the same way.
    """

    kind: str = ""
    reason_ids: tuple[int, ...] = ()
    department_ids: tuple[int, ...] = ()
    channels: tuple[str, ...] = ()
    lenses: tuple[str, ...] = ()
    controls: tuple[str, ...] = ()
    demand_types: tuple[str, ...] = ()
    friction: tuple[str, ...] = ()
    severity: int | None = None
    segments: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    words_mode: str = WordsMode.ANY

    @property
    def is_open(self) -> bool:
        """Whether nothing is asked, so that everything fits."""
        return not any(value for name, value in asdict(self).items() if name != "words_mode")

    def as_dict(self) -> JsonObject:
        """What is stored: the fields that ask something."""
        return {name: value for name, value in asdict(self).items() if value}


def read_conditions(stored: JsonObject) -> Conditions:
    """Conditions from their stored form; a field of a later version is passed over."""
    known = {each.name for each in fields(Conditions)}
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in stored.items()
        if name in known
    }
    return Conditions(**given)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that may be asked."""

    id: int
    name: str
    department_id: int
    department: str
    conditions: Conditions
    phrases: tuple[tuple[str, str], ...] = field(default=(), compare=False)


def prepare(rule: Rule) -> Rule:
    """The rule with its words folded once: pairs of what was written and what is looked for."""
    words = ((word, f" {' '.join(words_of(word))} ") for word in rule.conditions.words)
    return replace(rule, phrases=tuple(pair for pair in words if pair[1].strip()))


@dataclass(frozen=True, slots=True)
class Hit:
    """The rule that decided, and the words of it that stand in the text."""

    rule: Rule
    words: tuple[str, ...]


def first_hit(rules: Iterable[Rule], facts: Facts) -> Hit | None:
    """The first of some prepared rules that fits, or None."""
    for rule in rules:
        words = met_words(rule, facts)
        if words is not None:
            return Hit(rule, words)
    return None


def met_words(rule: Rule, facts: Facts) -> tuple[str, ...] | None:
    """The words of a rule that an item holds, none for one without words; None if it is not so."""
    asked = rule.conditions
    if not (_fits_fields(asked, facts) and _fits_places(asked, facts)):
        return None
    if not asked.words:
        return ()
    met = tuple(word for word, spaced in rule.phrases if spaced in facts.spaced)
    wanted = len(asked.words) if asked.words_mode == WordsMode.ALL else 1
    return met if len(met) >= wanted else None


def _fits_fields(asked: Conditions, facts: Facts) -> bool:
    single = (
        (asked.channels, facts.channel),
        (asked.lenses, facts.lens),
        (asked.controls, facts.control),
        (asked.demand_types, facts.demand_type),
    )
    return (
        asked.kind in {"", facts.kind}
        and all(not wanted or value in wanted for wanted, value in single)
        and (asked.severity is None or (facts.severity or 0) >= asked.severity)
        and (not asked.friction or not set(asked.friction).isdisjoint(facts.friction))
        and _is_named(asked.segments, facts.segment)
        and _is_named(asked.moments, facts.moment)
    )


def _is_named(wanted: Collection[str], value: str | None) -> bool:
    return not wanted or (value is not None and fold(value) in {fold(one) for one in wanted})


def _fits_places(asked: Conditions, facts: Facts) -> bool:
    return _is_below(asked.reason_ids, facts.reason_path) and _is_below(
        asked.department_ids, facts.author_path
    )


def _is_below(wanted: Collection[int], path: str) -> bool:
    return not wanted or any(f"/{one}/" in path for one in wanted)


def trim(
    asked: Conditions, *, open_ids: Collection[int], retired_ids: Collection[int]
) -> Conditions | None:
    """What is left of conditions without closed departments and retired reasons.

    None where a condition names nothing else, for then nothing could fit, or everything.
    """
    reasons = tuple(one for one in asked.reason_ids if one not in retired_ids)
    departments = tuple(one for one in asked.department_ids if one in open_ids)
    if bool(reasons) != bool(asked.reason_ids) or bool(departments) != bool(asked.department_ids):
        return None
    return replace(asked, reason_ids=reasons, department_ids=departments)
