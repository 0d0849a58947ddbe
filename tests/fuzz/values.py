"""What is typed: by hand the traps that are known to break programs, and more of their kind."""

from datetime import timedelta
from random import Random

from portal.now import today

SENTENCE = "A plain sentence that says enough to be taken."
SOON, TODAY = (str(today() + timedelta(days=days)) for days in (40, 0))
PLAUSIBLE = {"date": "2026-06-01", "number": "1", "datetime-local": "2026-06-01T10:00"}
"""What to type into a field of a kind."""
FITTING = {
    "due_on": SOON,
    "go_live_on": TODAY,
    "evidence_url": "https://test.example/letter",
    "credit-1-percent": "40",
    "external_id": "C-1",
    **dict.fromkeys(("metric_id", "guardrail_ids", "forecast_percent"), ""),
    **dict.fromkeys(("authors", "segment", "moment", "running", "investment"), ""),
    **dict.fromkeys(("credit-2-percent", "credit-3-percent", "credit-4-percent"), ""),
}
"""What to type where the kind does not say enough."""

Typed = str | bytes

WORDS: dict[str, list[Typed]] = {
    "nothing": [""],
    "space": [" \t\r\n "],
    "NUL": ["a\0b"],
    "escape": ["\x1b[31mred\x07"],
    "surrogate": [b"\xed\xa0\x80"],
    "overlong": [b"\xc0\xaf"],
    "not UTF-8": [b"\xff\xfe"],
    "UTF-16": ["plain".encode("utf-16")],
    "emoji and right to left": ["👩🏽\u200d🚒 \u202eשלום\u202c"],
    "stacked marks": ["a" + "\u0301" * 200],
    "hidden": ["\u200b\u2060\ufeff\u00ad"],
    "no character": ["\ufffe\uffff\U0010ffff"],
    "line separators": ["a\u2028b\u2029c\x85d"],
    "markup": ["<script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}"],
    "deep quote": [">" * 400 + "x"],
    "open links": ["[a](" * 300 + "![" * 300],
    "format": ["%s%(x)s{0}{x}%%$$"],
    "SQL": ["' OR 1=1 --\"); DROP TABLE people;"],
    "pattern": ["%_\\%'"],
    "formula": ["=1+1|cmd"],
    "header": ["a\r\nBcc: x@test.example"],
    "30 digits": ["9" * 30],
    "twice": ["1", "2", SENTENCE],
}
LONG: dict[str, list[Typed]] = {
    "brackets": ["[" * 100_000],
    "long word": ["a" * 100_000],
    "long digits": ["4111 1111 " * 10_000],
    "too large": ["a" * 600_000],
}
CHOICES: dict[str, list[Typed]] = {
    "2^31": [str(2**31)],
    "2^63": [str(2**63)],
    "2^70": [str(2**70)],
    "negative": ["-1"],
    "zero": ["0"],
    "15 digits": ["9" * 15],
    "5000 digits": ["9" * 1900],
    "not a number": ["NaN"],
    "infinite": ["1e999"],
    "tiny": ["1e-999"],
    "underscores": ["1_000"],
    "hexadecimal": ["0x10"],
    "other digits": ["١٢٣"],
    "full width": ["１２"],
    "superscript": ["²"],
    "day zero": ["0000-00-00"],
    "last day": ["9999-12-31"],
    "week day": ["2026-W01-1"],
    "no leap day": ["2025-02-29"],
    "other way": ["no-such-choice"],
}
"""For what is not free text."""
VALUES = WORDS | LONG | CHOICES
NAMES = (
    *("after", "cursor", "state", "from", "to", "level", "view", "show", "scope", "overdue"),
    *("insight", "ref", "channel", "reason", "department", "next", "page", "q", "sort"),
)
"""What pages read from their address."""
CURSORS = ("", "x", "AAAA", "MTIz", "W10", "WyJhIl0", "e30", "bnVsbA", "é", "W" * 1000)
PLACES = (
    *("I-0", "I-01", "I--1", "I-999999999", "I-9999999999", f"I-{2**70}", "i-1001", "I-1001%00"),
    *("I-١", "%ED%A0%80", "..%2f..%2fetc", "a" * 1500, "0", "9" * 15, "9" * 30, "%", "%0d%0aX:1"),
    *("%5b" * 300, "1e3", "-1", "%FF", "null", "%C3%A9", "%E2%80%AE"),
)
"""What to put into a path where a reference, an id or a key stands."""

_PIECES = (
    *("a", "é", "ß", "中", "𝔘", "\u0301", "\u202e", "\u200d", "\0", "\x1b", "\x7f", "\ud7ff"),
    *("'", '"', "<", ">", "&", "%", "_", "\\", "/", "{", "}", "[", "]", "(", ")", "=", "+", "-"),
    *("@", "|", "`", "*", "#", "~", "\n", "\r\n", "\t", " ", "\u2028", "\ufeff", "0", "9", "."),
    *("4111111111111111", "DE89370400440532013000", "x@test.example", "http://a", "1e9", "2026-"),
)


def make_value(random: Random) -> Typed:
    """A value nobody has thought of: a known trap, a bent number or day, or pieces of traps."""
    kind = random.randrange(10)
    if kind < 2:
        return random.choice(random.choice(list((WORDS | CHOICES).values())))
    if kind == 2:
        return str(random.choice((1, -1)) * random.getrandbits(random.choice((4, 16, 33, 65))))
    if kind == 3:
        parts = random.randrange(0, 10000), random.randrange(0, 14), random.randrange(0, 33)
        return "{:04}-{:02}-{:02}".format(*parts)
    if kind == 4 and random.random() < 0.2:
        return bytes(random.randrange(256) for _byte in range(random.randrange(1, 40)))
    if kind == 5:
        points = (random.randrange(0x110000) for _sign in range(random.randrange(1, 60)))
        return "".join(chr(point) for point in points if not 0xD800 <= point < 0xE000)
    if kind == 6:
        return SENTENCE + "".join(random.choices(_PIECES, k=random.randrange(1, 6)))
    text = "".join(random.choices(_PIECES, k=random.randrange(1, 30)))
    return text * random.choice((1, 1, 1, 1, 50))
