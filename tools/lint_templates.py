"""What templates may not hold, because the pages' policy or htmx would turn it into code.

    python tools/lint_templates.py          name every fault of ``templates/``, exit code 1 if any

The pages run under a policy that forbids everything inline, htmx runs with ``allowEval`` off, and
what people wrote reaches a page through autoescaping or through the filters for Markdown alone.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"


@dataclass(frozen=True)
class Fault:
    """A place in a template, and what may not stand there."""

    line: int
    what: str


BANS = {
    "an inline script": r"<script(?![^>]*\bsrc=)[^>]*>",
    "a script from elsewhere": r"<script\b[^>]*\bsrc=[\"'](?!\{\{ asset\()",
    "a style element": r"<style\b",
    "a style attribute": r"[\"']style[\"']\s*:",
    "an event handler": r"[\"']on[a-z]{3,}[\"']\s*:",
    "hx-on": r"\b(?:data-)?hx-on\b",
    "hx-vars": r"\b(?:data-)?hx-vars\b",
    "js: in an htmx attribute": r"[\"']\s*(?:js|javascript):",
    "a filter in hx-trigger": r"hx-trigger[\"']?\s*[=:]\s*[\"'][^\"']*\[",
    "an unescaped value": r"\|\s*safe\b|\{%-?\s*autoescape\s+false|\bMarkup\(",
    "an element that embeds": r"<(?:iframe|object|embed|base)\b",
    "data- names for htmx": r"\bdata-hx-",
}

BANNED_ATTRIBUTES = {
    "a style attribute": r"\sstyle\s*=",
    "an event handler": r"\son[a-z]+\s*=",
}
"""What no element may carry; the bans above say the same of attributes given to a macro."""

_COMMENT = re.compile(r"\{#.*?#\}", re.S)
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.S)
_TAG = re.compile(r"<[a-zA-Z][^<>]*>", re.S)
_BARE = re.compile(r"\s[a-zA-Z][\w:-]*=(?![\"'])\S")
_ADDRESS = re.compile(r"hx-(?:get|post|put|patch|delete|push-url|replace-url)", re.I)
_QUOTED = r"\"(?:\{\{.*?\}\}|[^\"])*\"|'(?:\{\{.*?\}\}|[^'])*'"
_VALUE = re.compile(rf"({_ADDRESS.pattern})[\"']?\s*[=:]\s*({_QUOTED}|[^,}}\s]+)", re.I)
_SHOWN = re.compile(r"\{\{\s*([^}]*?\S)\s*\}\}")
_MARKDOWN = re.compile(r"\|\s*(?:markdown|rendered)\b")
_DISABLED = re.compile(r"<(\w+)\b[^>]*\bhx-disable\b[^>]*>(?:(?!</\1>).)*\Z", re.S)
_TARGET = re.compile(r"<a\b[^>]*target=[\"']_blank[\"'][^>]*>", re.S)


def list_faults(text: str) -> list[Fault]:
    """Everything that may not stand in a template, by line."""
    plain = _COMMENT.sub(_blank, text)
    found = [*_banned(plain), *_attributes(plain), *_addresses(plain), *_enabled(plain)]
    found += [
        Fault(_line(plain, tag.start()), "a new window that can reach back: rel=noopener")
        for tag in _TARGET.finditer(plain)
        if "noopener" not in tag[0]
    ]
    return sorted(found, key=lambda fault: fault.line)


def _blank(match: re.Match[str]) -> str:
    """As many line ends as before, so that lines keep their numbers; quotes keep theirs."""
    return re.sub(r"[^\n]", " ", match[0])


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _banned(text: str) -> Iterator[Fault]:
    for what, pattern in BANS.items():
        for match in re.finditer(pattern, text, re.I):
            yield Fault(_line(text, match.start()), what)


def _attributes(text: str) -> Iterator[Fault]:
    """Attributes that no element may carry, or without quotation marks around their values."""
    marked = _JINJA.sub(lambda match: "j" * len(match[0]), text)
    for tag in _TAG.finditer(marked):
        inside = re.sub(r"\"[^\"]*\"|'[^']*'", '""', tag[0])
        for what, pattern in BANNED_ATTRIBUTES.items():
            if re.search(pattern, inside, re.I):
                yield Fault(_line(marked, tag.start()), what)
        if _BARE.search(inside):
            yield Fault(_line(marked, tag.start()), "an attribute without quotation marks")


def _addresses(text: str) -> Iterator[Fault]:
    """Addresses that htmx fetches: written out, from url_for, or a name that holds such a one."""
    for match in _VALUE.finditer(text):
        value = match[2].strip("\"'")
        shown = [one[1] for one in _SHOWN.finditer(value)]
        is_whole = _SHOWN.fullmatch(value) is not None
        if "{{" in value and not is_whole:
            yield Fault(_line(text, match.start()), f"{match[1]} with an address put together")
            continue
        source = shown[0] if is_whole else value
        if source.startswith(("url_for(", "/")) or _is_ours(source, text):
            continue
        yield Fault(_line(text, match.start()), f"{match[1]} whose address is not from url_for")


def _is_ours(name: str, text: str) -> bool:
    """Whether a name is set from url_for in this file, or given to its macro."""
    if not re.fullmatch(r"[a-z_]+", name):
        return False
    is_set = re.findall(rf"\bset\s+{name}\s*=\s*(\S+)", text)
    is_given = re.search(rf"\bmacro\s+\w+\([^)]*\b{name}\b", text)
    is_looped = re.search(rf"\bfor\b[^%]*\b{name}\b[^%]*\bin\s*[\[(]", text)
    return (
        all(one.startswith("url_for(") for one in is_set) if is_set else bool(is_given or is_looped)
    )


def _enabled(text: str) -> Iterator[Fault]:
    """Rendered Markdown outside an element on which htmx is switched off."""
    for shown in _SHOWN.finditer(text):
        if _MARKDOWN.search(shown[1]) and not _DISABLED.search(text[: shown.start()]):
            yield Fault(_line(text, shown.start()), "what people wrote outside hx-disable")


def main() -> int:
    """Name the faults of every template; the exit code."""
    code = 0
    for path in sorted(TEMPLATES.rglob("*.html")):
        for fault in list_faults(path.read_text(encoding="utf-8")):
            print(f"{path.relative_to(ROOT)}:{fault.line}: {fault.what}", file=sys.stderr)
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main())
