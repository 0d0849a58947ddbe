"""Which passwords are taken, and that they are kept as they were typed."""

import threading

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from portal.errors import Busy, RuleBroken
from portal.people import blocklist, passwords

OLD = "the meter hums at night"
NEW = "nineteen blue kettles sing"

TYPED = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=15, max_size=128
)


def _is_taken(password: str, *about: str, low: int = passwords.MIN_LENGTH) -> bool:
    try:
        passwords.check_new(password, *about, low=low)
    except RuleBroken as error:
        return error.field != "password"
    return True


@pytest.mark.threat(4)
@settings(max_examples=100, deadline=None)
@given(TYPED)
def test_any_characters_make_a_password_of_the_right_length(password: str) -> None:
    assume(15 <= len(passwords._normal(password)) <= 128)
    assume(not blocklist.is_easily_guessed(password))
    assert _is_taken(password)


@pytest.mark.threat(4)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(TYPED)
def test_what_was_taken_is_right_unmodified_and_nothing_less(password: str) -> None:
    stored = passwords.hash_password(password)
    assert passwords.is_right(password, stored)
    assert not passwords.is_right(password[:-1], stored)


@pytest.mark.threat(4)
def test_a_password_is_the_same_however_the_keyboard_composes_it() -> None:
    stored = passwords.hash_password("Zähler läuft rückwärts")
    assert passwords.is_right("Za\u0308hler la\u0308uft ru\u0308ckwa\u0308rts", stored)
    assert not passwords.is_right("zähler läuft rückwärts", stored)


@pytest.mark.threat(4)
def test_no_common_password_is_taken_even_beside_a_second_factor() -> None:
    listed = sorted(blocklist.common_passwords())
    assert len(listed) >= 3_000
    low = passwords.MIN_LENGTH_WITH_CODE
    taken = [one for one in listed if _is_taken(one, low=low) or _is_taken(one.upper(), low=low)]
    assert taken == []


GUESSED = [
    "password1234567",
    "Password!2026!Password",
    "qwertyuiopasdfgh",
    "abcdefghijklmnop",
    "aaaaaaaaaaaaaaaaaaaa",
    "kettlekettlekettle",
    "1234567890123456",
    "amina.yusuf.1985",
    "AminaYusufAminaYusuf",
    "ideaportal-password-1",
]


@pytest.mark.threat(4)
@pytest.mark.parametrize("password", GUESSED)
def test_what_is_made_of_common_passwords_and_names_is_refused(password: str) -> None:
    about = ("Amina Yusuf", "a.yusuf@test.example", "Idea portal")
    assert not _is_taken(password, *about)


@pytest.mark.threat(4)
@pytest.mark.parametrize(
    "password",
    [
        OLD,
        NEW,
        "correct horse battery staple",
        "こんにちは世界、今日はいい天気ですね",
        "Amina likes old tram lines",
    ],
)
def test_a_sentence_of_ones_own_is_taken(password: str) -> None:
    assert _is_taken(password, "Amina Yusuf", "a.yusuf@test.example", "Idea portal")


@pytest.mark.threat(4)
@pytest.mark.parametrize(
    ("length", "low", "is_taken"),
    [
        (14, 15, False),
        (15, 15, True),
        (128, 15, True),
        (129, 15, False),
        (7, 8, False),
        (8, 8, True),
    ],
)
def test_length_is_all_that_is_asked(length: int, low: int, is_taken: bool) -> None:
    password = "".join(chr(0x4E00 + 37 * number) for number in range(length))
    assert _is_taken(password, low=low) is is_taken


@pytest.mark.threat(5)
def test_an_endless_password_never_reaches_the_hasher(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", None)
    assert not passwords.is_right("x" * 100_000, "stored")


@pytest.mark.threat(5)
def test_one_is_hashed_at_a_time_and_who_finds_no_room_is_told_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running, most, answers = 0, 0, []
    lock, full = threading.Lock(), threading.Event()

    class Hasher:
        def verify(self, _stored: str, _password: str) -> bool:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
            assert full.wait(10)
            with lock:
                running -= 1
            return True

    def ask() -> None:
        try:
            answers.append(passwords.is_right("a", "stored"))
        except Busy:
            answers.append(None)

    monkeypatch.setattr(passwords, "_hasher", Hasher())
    passwords.make_room(4)
    threads = [threading.Thread(target=ask) for _each in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads[:17]:
        while len(answers) < 17:
            thread.join(0.01)
    full.set()
    for thread in threads:
        thread.join()
    assert answers == [None] * 17 + [True] * 3
    assert most == 1
    assert passwords.is_right("a", "stored"), "there is room again"
