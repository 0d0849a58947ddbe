"""A page as a reader without JavaScript has it: what it says, where it leads, what it asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"})
UNSEEN = frozenset({"script", "style", "template", "svg", "head"})
NOT_SENT = frozenset({"submit", "button", "reset", "file", "image"})

Typed = dict[str, str | list[str]]


@dataclass
class Node:
    """An element with what is in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[Node | str] = field(default_factory=list)

    def get(self, name: str, default: str = "") -> str:
        """An attribute."""
        return self.attributes.get(name, default)

    def all(self, *tags: str) -> Iterator[Node]:
        """The elements in it, in the page's order; all of them without ``tags``."""
        for child in self.inside:
            if isinstance(child, Node):
                if not tags or child.tag in tags:
                    yield child
                yield from child.all(*tags)

    @property
    def words(self) -> str:
        """What can be read in it, with single spaces."""
        return " ".join(" ".join(self._pieces()).split())

    def _pieces(self) -> Iterator[str]:
        for child in self.inside:
            if isinstance(child, str):
                yield child
            elif child.tag not in UNSEEN:
                yield from child._pieces()


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.path = [Node("page")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Hang an element where the parser stands."""
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.path[-1].inside.append(node)
        if tag not in VOID:
            self.path.append(node)

    def handle_endtag(self, tag: str) -> None:
        """Leave the element, and those in it that were not closed."""
        for depth in range(len(self.path) - 1, 0, -1):
            if self.path[depth].tag == tag:
                del self.path[depth:]
                return

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.path[-1].inside.append(data)


def read(html: str) -> Node:
    """The tree of a page."""
    builder = _Builder()
    builder.feed(html)
    return builder.path[0]


def link(page: Node, words: str) -> str:
    """The address of the first link that says these words.

    Raises LookupError, with the links there are.
    """
    links = [(node.words, node.get("href")) for node in page.all("a")]
    for said, address in links:
        if words in said:
            return address
    raise LookupError(f"no link says {words!r}; there are {links}")


@dataclass(frozen=True)
class Form:
    """A form, and the page it stands on, for its labels."""

    node: Node
    page: Node

    def filled(self, typed: Typed) -> Typed:
        """What a browser sends once this is typed; choices may be named by their words.

        Raises LookupError for a field, or a choice, that the form does not offer.
        """
        names = {control.get("name") for control in self._controls()}
        if missing := set(typed) - names:
            raise LookupError(f"no field {sorted(missing)}; there are {sorted(names - {''})}")
        return {**self._before(), **{name: self._values(name, typed[name]) for name in typed}}

    def _controls(self) -> Iterator[Node]:
        return self.node.all("input", "select", "textarea", "button")

    def _before(self) -> Typed:
        """What the form holds before anybody types."""
        held: dict[str, list[str]] = {}
        for control in self._controls():
            for value in _held(control):
                held.setdefault(control.get("name"), []).append(value)
        held.pop("", None)
        return dict(held)

    def _values(self, name: str, given: str | list[str]) -> str | list[str]:
        choices = self._choices(name)
        if choices is None:
            return given
        if isinstance(given, list):
            return [self._chosen(name, one, choices) for one in given]
        return self._chosen(name, given, choices)

    def _chosen(self, name: str, given: str, choices: dict[str, str]) -> str:
        if given in choices.values():
            return given
        for said, value in choices.items():
            if given in said:
                return value
        raise LookupError(f"{name} does not offer {given!r}; it offers {list(choices)}")

    def _choices(self, name: str) -> dict[str, str] | None:
        """What can be chosen, by the words beside it; None where one types freely."""
        found: dict[str, str] = {}
        for control in self._controls():
            if control.get("name") != name:
                continue
            if control.tag == "select":
                found |= {one.words: one.get("value", one.words) for one in control.all("option")}
            elif control.get("type") in {"radio", "checkbox"}:
                found[self._label(control)] = control.get("value", "on")
            elif control.tag == "button":
                found[control.words] = control.get("value")
            else:
                return None
        return found

    def _label(self, control: Node) -> str:
        for label in self.page.all("label"):
            is_its = label.get("for") and label.get("for") == control.get("id")
            if is_its or any(node is control for node in label.all("input")):
                return label.words
        return control.get("aria-label")


def _held(control: Node) -> list[str]:
    if "disabled" in control.attributes or control.tag == "button":
        return []
    if control.tag == "textarea":
        return ["".join(child for child in control.inside if isinstance(child, str))]
    if control.tag == "select":
        options = list(control.all("option"))
        chosen = [one for one in options if "selected" in one.attributes]
        if not chosen and "multiple" not in control.attributes:
            chosen = options[:1]
        return [one.get("value", one.words) for one in chosen]
    kind = control.get("type", "text")
    if kind in NOT_SENT or (kind in {"radio", "checkbox"} and "checked" not in control.attributes):
        return []
    return [control.get("value", "on" if kind in {"radio", "checkbox"} else "")]


def form(page: Node, action: str, *, here: str) -> Form:
    """The form that is sent to an address, queries aside; ``here`` is the page's own.

    Raises LookupError, with the addresses forms are sent to.
    """
    found = {(node.get("action") or here).partition("?")[0]: node for node in page.all("form")}
    if action not in found:
        raise LookupError(f"no form is sent to {action}; there are {list(found)}")
    return Form(found[action], page)
