"""Guards of the front end: what is vendored is what was chosen, pages hold nothing inline, every
picture and macro that is asked for exists, and every colour pair can be read."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import jinja2
import pytest

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
VENDOR = STATIC / "vendor"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
OWN_CSS = sorted((STATIC / "css").glob("*.css"))
OWN_JS = sorted((STATIC / "js").glob("*.js"))

STATES = [
    "draft",
    "submitted",
    "routed",
    "triage",
    "needs_info",
    "merged",
    "declined",
    "deferred",
    "cost_accepted",
    "testing",
    "accepted",
    "already_exists",
    "stopped",
    "committed",
    "in_progress",
    "implemented",
    "measuring",
    "validated",
    "not_proven",
    "harmful",
    "rolled_back",
    "sustained",
    "regressed",
    "closed",
    "appealed",
    "withdrawn",
]


def listed_files() -> dict[str, str]:
    """Every vendored file with its integrity, as static/vendor/vendor.json has it."""
    packages = json.loads((VENDOR / "vendor.json").read_text(encoding="utf-8"))["packages"]
    return {path: value for package in packages for path, value in package["files"].items()}


def text_without_comments(path: Path) -> str:
    """A template's text without its comments, which show what must not be done."""
    return re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)


def relative(path: Path) -> str:
    """A path as a test's name shows it."""
    return str(path.relative_to(ROOT))


def test_every_vendored_file_is_the_one_that_was_listed() -> None:
    for path, integrity in listed_files().items():
        digest = hashlib.sha384((VENDOR / path).read_bytes()).digest()
        assert integrity == f"sha384-{base64.b64encode(digest).decode()}", path


def test_nothing_is_vendored_without_being_listed_and_licensed() -> None:
    found = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert found == listed_files().keys() | {"vendor.json"}
    folders = {path.split("/")[0] for path in listed_files()}
    assert folders == {path.split("/")[0] for path in listed_files() if "LICENSE" in path}


def test_scripts_of_others_carry_the_integrity_that_was_listed() -> None:
    listed = listed_files()
    tag = re.compile(r"asset\('vendor/([^']+\.js)'\) \}\}\"([^>]*)>")
    scripts = [match for path in TEMPLATES for match in tag.findall(path.read_text("utf-8"))]
    assert {path for path, _ in scripts} == {path for path in listed if path.endswith(".js")}
    for path, attributes in scripts:
        assert f'integrity="{listed[path]}"' in attributes


@pytest.mark.parametrize("path", sorted(STATIC.rglob("*.css")), ids=relative)
def test_a_stylesheet_loads_nothing_from_elsewhere(path: Path) -> None:
    css = path.read_text(encoding="utf-8")
    targets = [target.strip("\"' ") for target in re.findall(r"url\(([^)]*)\)", css)]
    assert "@import" not in css
    for target in targets:
        assert not re.match(r"[a-z]+:|//", target), target
        assert (path.parent / target).resolve().is_file(), target


@pytest.mark.parametrize("path", OWN_CSS, ids=relative)
def test_only_the_tokens_name_raw_colours(path: Path) -> None:
    css = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    raw = re.findall(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsla?\(", css)
    assert bool(raw) == (path.name == "tokens.css")


@pytest.mark.parametrize("path", OWN_JS, ids=relative)
def test_a_script_of_ours_never_makes_code_or_markup_from_text(path: Path) -> None:
    script = path.read_text(encoding="utf-8")
    assert not re.search(r"\beval\(|new Function|innerHTML|outerHTML|document\.write", script)


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_template_uses_every_macro_it_imports(path: Path) -> None:
    text = text_without_comments(path)
    imports = re.findall(r'\{%-? from "[^"]+" import ([^%]+?) -?%\}', text)
    body = re.sub(r"\{%-? from .*?%\}", "", text)
    names = [name.split(" as ")[-1].strip() for line in imports for name in line.split(",")]
    assert [name for name in names if not re.search(rf"\b{name}\(", body)] == []


@pytest.mark.threat(27)
def test_what_people_write_as_html_stands_where_htmx_reads_no_attribute() -> None:
    asking = [path for path in TEMPLATES if "|rendered(" in text_without_comments(path)]
    assert [path.name for path in asking] == ["words.html"]
    assert re.search(r"<div [^>]*\bhx-disable>\{\{ shown\|rendered", asking[0].read_text("utf-8"))


def sprite() -> set[str]:
    """The ids of the pictures in static/icons.svg."""
    return set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text("utf-8")))


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_every_icon_a_template_asks_for_is_in_the_sprite(path: Path) -> None:
    text = text_without_comments(path)
    asked = re.findall(r"\bicon\(\s*[\"']([a-z0-9-]+)[\"']\s*[,)]", text)
    asked += re.findall(r"\bicon_name=[\"']([a-z0-9-]+)[\"']", text)
    assert set(asked) <= sprite()


@pytest.mark.parametrize("state", STATES)
def test_every_state_of_an_idea_has_its_own_glyph(state: str) -> None:
    assert f"st-{state.replace('_', '-')}" in sprite()


@pytest.mark.parametrize("path", COMPONENTS, ids=relative)
def test_a_component_holds_the_macro_of_its_name_and_says_how_to_use_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(f"{{# {path.stem}(")
    assert f"{{% macro {path.stem}(" in text


@pytest.mark.parametrize("path", TEMPLATES, ids=relative)
def test_a_template_can_be_read_by_jinja(path: Path) -> None:
    environment = jinja2.Environment(
        autoescape=True, extensions=["jinja2.ext.i18n", "jinja2.ext.do"]
    )
    environment.parse(path.read_text(encoding="utf-8"))


# Contrast: WCAG 2.2, success criteria 1.4.3 (text, 4.5:1) and 1.4.11 (lines and signs, 3:1).

GROUNDS = ("canvas", "surface", "raised", "sunken", "hover", "selected")
MEANINGS = ("good", "warn", "bad", "info", "plum", "slate")
TEXT_PAIRS = [
    *((ink, ground) for ink in ("text", "muted", "accent-text", *MEANINGS) for ground in GROUNDS),
    *((meaning, f"{meaning}-soft") for meaning in MEANINGS),
    *((ink, f"{tone}-soft") for ink in ("text", "muted") for tone in ("accent", *MEANINGS)),
    *((f"state-{state}", f"state-{state}-soft") for state in ("needs-info", "testing", "accepted")),
    *((f"grade-{letter}-ink", f"grade-{letter}") for letter in "abcde"),
    ("accent-text", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    ("text", "mark"),
]
LINE_PAIRS = [
    (line, ground)
    for line in (
        *("border-strong", "accent", "chart-point", "chart-after", "chart-limit", "chart-compare"),
        *(f"{meaning}-line" for meaning in MEANINGS),
    )
    for ground in ("canvas", "surface", "raised")
]


def tokens() -> dict[str, str]:
    """The values of static/css/tokens.css by name, as written."""
    css = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8").split("@media")[0]
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", css))


def colour(name: str, theme: int, values: dict[str, str]) -> str:
    """The six hex digits of a token in the light (0) or the dark (1) theme."""
    value = values[name].strip()
    if alias := re.fullmatch(r"var\(--([\w-]+)\)", value):
        return colour(alias[1], theme, values)
    pair = re.fullmatch(r"light-dark\(#(\w{6}), #(\w{6})\)", value)
    assert pair, f"--{name} is not a pair of colours"
    return pair[1 + theme]


def luminance(digits: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2), 0 to 1."""
    parts = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT_PAIRS, 4.5), (LINE_PAIRS, 3.0)])
def test_every_pair_of_colours_has_enough_contrast(
    theme: int, pairs: list[tuple[str, str]], least: float
) -> None:
    values = tokens()
    for front, ground in pairs:
        one, other = (luminance(colour(name, theme, values)) for name in (front, ground))
        ratio = (max(one, other) + 0.05) / (min(one, other) + 0.05)
        assert ratio >= least, f"--{front} on --{ground}: {ratio:.2f}"
