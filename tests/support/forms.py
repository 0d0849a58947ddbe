"""The forms of a page, as a browser would read them from its HTML."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class PageForm:
    """A form: its method, where it sends to, and what its fields hold before anybody types."""

    method: str
    action: str
    values: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)

    def hold(self, name: str, kind: str, value: str) -> None:
        """Take a field's value; of many with one name, the first that holds something."""
        self.kinds.setdefault(name, kind)
        if not self.values.get(name):
            self.values[name] = value


class _Reader(HTMLParser):
    def __init__(self, path: str) -> None:
        super().__init__()
        self.path = path
        self.forms: list[PageForm] = []
        self.links: list[str] = []
        self.open: PageForm | None = None
        self.select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "form":
            self.open = PageForm(
                given.get("method", "get").upper(), given.get("action") or self.path
            )
            self.forms.append(self.open)
        elif self.open is not None:
            self._read_field(self.open, tag, given)

    def _read_field(self, form: PageForm, tag: str, given: dict[str, str]) -> None:
        name = given.get("name", "")
        if tag == "option" and self.select:
            value = given.get("value", "")
            if "selected" in given and value != "0":
                form.values[self.select] = value
            elif value != "0":
                form.hold(self.select, "select", value)
        elif tag == "select" and name:
            self.select = name
            form.hold(name, "select", "")
        elif tag in {"input", "textarea", "button"} and name:
            form.hold(name, given.get("type", tag), given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = None


def read_page(html: str, path: str) -> tuple[list[PageForm], list[str]]:
    """The forms and the links of the page at ``path``."""
    reader = _Reader(path)
    reader.feed(html)
    return reader.forms, reader.links
