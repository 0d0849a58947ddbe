"""The template linter: every ban fires on what it bans, and on nothing that is in order."""

import json
import re

import pytest

from portal.config import ROOT
from tools.lint_templates import TEMPLATES, list_faults

HTMX = {
    "allowEval": False,
    "allowScriptTags": False,
    "includeIndicatorStyles": False,
    "historyCacheSize": 0,
    "refreshOnHistoryMiss": True,
    "historyRestoreAsHxRequest": False,
    "selfRequestsOnly": True,
    "withCredentials": False,
    "allowNestedOobSwaps": False,
    "timeout": 15000,
    "methodsThatUseUrlParams": ["get"],
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "422", "swap": True},
        {"code": "[45]..", "swap": False, "error": True},
    ],
}

BANNED = {
    "<script>go()</script>": "an inline script",
    "<script defer>go()</script>": "an inline script",
    '<script src="https://cdn.example/x.js"></script>': "a script from elsewhere",
    "<style>p{}</style>": "a style element",
    '<p style="color:red">': "a style attribute",
    '{{ button(x, attrs={"style": "x"}) }}': "a style attribute",
    '<p class="x" onclick="go()">': "an event handler",
    '<img alt="" ONERROR = "go()">': "an event handler",
    '{{ button(x, attrs={"onclick": "go()"}) }}': "an event handler",
    '<p hx-on:click="go()">': "hx-on",
    '<p data-hx-on:click="go()">': "hx-on",
    '<p hx-vars="a:b">': "hx-vars",
    "<p hx-vals='js:{a: b()}'>": "js: in an htmx attribute",
    '<a href="javascript:go()">': "js: in an htmx attribute",
    '<p hx-trigger="click[ctrlKey]">': "a filter in hx-trigger",
    '{{ button(x, attrs={"hx-trigger": "click[a]"}) }}': "a filter in hx-trigger",
    "<p>{{ text|safe }}</p>": "an unescaped value",
    "<p>{{ text | safe }}</p>": "an unescaped value",
    "{% autoescape false %}": "an unescaped value",
    "{{ Markup(text) }}": "an unescaped value",
    '<iframe src="/x"></iframe>': "an element that embeds",
    '<base href="/x">': "an element that embeds",
    '<p data-hx-get="/x">': "data- names for htmx",
    "<p class=x>": "an attribute without quotation marks",
    "<p class={{ look }}>": "an attribute without quotation marks",
    '<p hx-get="/ideas/{{ number }}">': "hx-get with an address put together",
    '<p hx-post="{{ idea.link }}">': "hx-post whose address is not from url_for",
    '<p hx-push-url="{{ request.args.next }}">': "hx-push-url whose address is not from url_for",
    '{% set to = next %}<p hx-get="{{ to }}">': "hx-get whose address is not from url_for",
    '{{ button(x, attrs={"hx-get": idea.link}) }}': "hx-get whose address is not from url_for",
    "<div>{{ text|markdown }}</div>": "what people wrote outside hx-disable",
    '<div>{{ row|rendered("body") }}</div>': "what people wrote outside hx-disable",
    "<div hx-disable></div><p>{{ text|markdown }}</p>": "what people wrote outside hx-disable",
    '<a href="/x" target="_blank">': "a new window that can reach back: rel=noopener",
}
IN_ORDER = [
    "<script src=\"{{ asset('js/app.js') }}\" defer></script>",
    "{% set one = row.opening %}<p>{{ one.text }}</p>",
    '<p class="{{ look }}"{% if id %} id="{{ id }}"{% endif %} hidden>a = b, on = off</p>',
    '{# <p onclick="x">{{ text|safe }}</p> #}',
    '<p hx-get="{{ url_for("ideas.show", number=idea.number) }}" hx-target="#x">',
    '{% set to = url_for("ideas.show") %}<p hx-get="{{ to }}">',
    '{% macro row(url) %}<p hx-post="{{ url }}">{% endmacro %}',
    '{{ button(x, attrs={"hx-get": url_for("ideas.show"), "hx-target": "#step"}) }}',
    '<div class="voice" hx-disable>{{ text|markdown }}</div>',
    '<a href="/x" target="_blank" rel="noopener">',
    '<input value="style=1 onclick=2" name="when">',
]


@pytest.mark.threat(27, 28, 29, 34)
@pytest.mark.parametrize("text", BANNED)
def test_what_is_banned_is_named(text: str) -> None:
    found = {fault.what for fault in list_faults(f"<p>\n{text}")}
    assert BANNED[text] in found
    assert {fault.line for fault in list_faults(f"<p>\n{text}")} == {2}


@pytest.mark.parametrize("text", IN_ORDER)
def test_what_is_in_order_is_left_alone(text: str) -> None:
    assert list_faults(text) == []


@pytest.mark.threat(27, 28, 29)
def test_every_template_is_in_order() -> None:
    paths = list(TEMPLATES.rglob("*.html"))
    assert len(paths) > 100
    assert {path.name: f for path in paths if (f := list_faults(path.read_text("utf-8")))} == {}


@pytest.mark.threat(29, 30)
def test_htmx_evaluates_nothing_and_keeps_no_pages() -> None:
    head = (ROOT / "templates" / "layout" / "_head.html").read_text("utf-8")
    (content,) = re.findall(r"<meta name=\"htmx-config\" content='([^']+)'>", head)
    assert json.loads(content) == HTMX
    layouts = (ROOT / "templates" / "layout").glob("*.html")
    whole = [path for path in layouts if "<!doctype html>" in path.read_text("utf-8")]
    assert len(whole) >= 3
    assert all("layout/_head.html" in path.read_text("utf-8") for path in whole)
