"""What is stored of a text, and when two texts count as the same."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.errors import RuleBroken
from portal.text import compare_key, normalise, one_line

USABLE = st.text(
    st.characters(codec="utf-8", exclude_characters=[*map(chr, range(32)), "\x7f"])
    | st.sampled_from("\n\t\r \u0301\u200b\u00a0\u2028\x0b"),
    max_size=60,
)


def test_line_ends_become_newlines():
    assert normalise("a\r\nb\rc\u2028d\x0be\x0cf") == "a\nb\nc\nd\ne\nf"


def test_spaces_at_line_ends_and_outer_blank_lines_go():
    assert normalise("\n \n  a  \nb\t\n\n ") == "  a\nb"


def test_at_most_two_blank_lines_stay():
    assert normalise("a\n\n\nb\n\n\n\n\n\nc") == "a\n\n\nb\n\n\nc"


def test_letters_are_composed():
    assert normalise("Zu\u0308rich") == "Zürich"


def test_tabs_and_inner_spaces_stay():
    assert normalise("a\tb  c") == "a\tb  c"


@pytest.mark.threat(88)
@pytest.mark.parametrize("hostile", ["\x00", "\x01", "\x1b[31m", "\x7f", "\ud800", "\x1f"])
def test_what_no_keyboard_writes_is_refused_by_its_code(hostile):
    with pytest.raises(RuleBroken, match=f"U\\+{ord(hostile[0]):04X}"):
        normalise(f"before {hostile} after")


@pytest.mark.threat(88)
@settings(deadline=None)
@given(USABLE)
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)
    assert normalise(once) == once
    assert unicodedata.is_normalized("NFC", once)


def test_a_title_is_one_line():
    assert one_line("  Bills \r\n arrive\t\tlate ") == "Bills arrive late"


@pytest.mark.threat(88)
def test_a_title_cannot_turn_the_page_round():
    assert one_line("safe\u202egnp.exe\u202c") == "safegnp.exe"


@settings(deadline=None)
@given(USABLE)
def test_a_title_stays_as_it_is_the_second_time(text):
    once = one_line(text)
    assert one_line(once) == once
    assert "\n" not in once


SAME = [
    ("Billing", "BILLING"),
    ("Straße", "STRASSE"),
    ("ﬁnance", "Finance"),
    ("Ｂｉｌｌｉｎｇ", "billing"),
    ("bil\u200bling", "billing"),
    ("bil\u00adling", "billing"),
    ("\ufeffbilling", "billing"),
    ("billing\u202e", "billing"),
    ("bil\u034fling", "billing"),
    ("\u3164billing", "billing"),
    ("billing\ufe0f", "billing"),
    ("Zu\u0308rich", "ZÜRICH"),
    ("\u212bngström", "ångström"),
    ("late\u00a0bill", "late  bill"),
    (" late bill ", "late bill"),
    ("①", "1"),
    ("ΣΊΣΥΦΟΣ", "σίσυφος"),
    ("x²", "X2"),
]


@pytest.mark.threat(88)
@pytest.mark.parametrize(("one", "other"), SAME)
def test_texts_that_look_alike_have_one_key(one, other):
    assert compare_key(one) == compare_key(other)


@pytest.mark.threat(88)
@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_a_key_is_its_own_key(text):
    once = compare_key(text)
    assert compare_key(once) == once


def test_different_words_have_different_keys():
    assert compare_key("billing") != compare_key("filling")
