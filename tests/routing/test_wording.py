"""How a text is read: folded words, pairs, pieces."""

from portal.routing.wording import (
    features_of,
    fold,
    heading_of,
    is_piece,
    pieces_of,
    together_in,
    words_of,
)


def test_case_and_accents_make_no_difference() -> None:
    assert fold("GRÖSSE Café") == fold("größe CAFE") == "grosse cafe"


def test_words_are_runs_of_letters_and_digits() -> None:
    assert words_of("The bill's (2nd) e-mail_address!") == [
        *("the", "bill", "s", "2nd", "e", "mail", "address")
    ]


def test_a_word_without_end_is_cut() -> None:
    assert [len(word) for word in words_of("a" * 5000)] == [40]


def test_pieces_know_where_a_word_begins_and_ends() -> None:
    assert pieces_of("bill") == (
        *("~_bi", "~bil", "~ill", "~ll_"),
        *("~_bil", "~bill", "~ill_"),
        *("~_bill", "~bill_"),
    )


def test_a_text_is_its_words_its_pairs_and_its_pieces() -> None:
    said, pieces = ["ab", "c", "ab c", "ab&c"], ["~_ab", "~ab_", "~_ab_", "~_c_"]
    assert features_of(["ab", "c"], []) == (said, pieces)


def test_what_the_heading_says_counts_once_more() -> None:
    said, pieces = features_of(["ab", "c"], ["ab", "c"])
    assert said[-3:] == ["^ab", "^c", "^ab c"]
    assert pieces[-4:] == ["^~_ab", "^~ab_", "^~_ab_", "^~_c_"]
    assert heading_of("  Meter reading. It was a guess.") == "Meter reading"


def test_words_of_the_opening_meet_whichever_comes_first_and_once() -> None:
    assert together_in(["reset", "my", "reset"]) == together_in(["my", "reset"]) == ["my&reset"]
    many = [f"w{number:02}" for number in range(30)]
    assert len(together_in(many)) == 12 * 11 // 2
    assert together_in(many)[-1] == "w10&w11"


def test_every_feature_knows_its_part() -> None:
    said, pieces = features_of(words_of("can not log in"), words_of("log in"))
    assert not any(map(is_piece, said))
    assert all(map(is_piece, pieces))
