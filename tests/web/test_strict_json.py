"""JSON that two programs could read differently is refused, in words."""

import json

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.web.strict_json import MAX_INTEGER, InputRefused, parse_json
from tests.support.client import ORIGIN, Client

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-MAX_INTEGER, MAX_INTEGER)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.sampled_from('aé中"\\{[]}\n😀')),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abc"), inner),
    max_leaves=20,
)
TRAPS = {
    "deep": (b"[" * 100_000, "nested deeper than 20"),
    "deep objects": (b'{"a":' * 21 + b"1" + b"}" * 21, "nested deeper than 20"),
    "a lone surrogate": (b'{"text": "\\ud800"}', "cannot be kept"),
    "a lone surrogate as key": (b'{"\\ud800": 1}', "cannot be kept"),
    "NUL": (b'["a\\u0000b"]', "cannot be kept"),
    "an escape": (b'["\\u001b[31m"]', "cannot be kept"),
    "2^70": (b"[%d]" % 2**70, "larger than 2^53"),
    "2^53 and one": (b"[%d]" % (2**53 + 1), "larger than 2^53"),
    "5000 digits": (b"9" * 5000, "larger than 2^53"),
    "NaN": (b"[NaN]", "NaN and infinite"),
    "Infinity": (b"[-Infinity]", "NaN and infinite"),
    "infinite": (b"[1e999]", "NaN and infinite"),
    "a key twice": (b'{"a": 1, "a": 2}', "key a stands there twice"),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), "UTF-8"),
    "UTF-16 without mark": ('{"a": 1}'.encode("utf-16-le"), "cannot be read"),
    "not UTF-8": (b'{"a": "\xff"}', "UTF-8"),
    "a mark of order": (b"\xef\xbb\xbf[]", "cannot be read"),
    "Arabic digits": ("[١٢٣]".encode(), "cannot be read"),
    "nothing": (b"", "cannot be read"),
    "half": (b'{"a": ', "cannot be read"),
    "two": (b"1 2", "cannot be read"),
    "a raw line end": (b'["a\nb"]', "cannot be read"),
}


@pytest.mark.threat(87)
@pytest.mark.parametrize("name", TRAPS)
def test_a_trap_is_refused_in_words(name: str) -> None:
    raw, sentence = TRAPS[name]
    with pytest.raises(InputRefused) as caught:
        parse_json(raw)
    assert sentence in str(caught.value.description)


@given(JSON)
@settings(deadline=None, max_examples=60)
def test_what_is_plain_comes_through_as_it_was(value: object) -> None:
    assert parse_json(json.dumps(value).encode()) == value
    assert parse_json(json.dumps(value, ensure_ascii=False).encode()) == value


@pytest.mark.threat(87, 88)
def test_strings_come_in_one_normal_form() -> None:
    assert parse_json('{"e\u0301": ["e\u0301"]}'.encode()) == {"é": ["é"]}


@pytest.mark.threat(87)
def test_brackets_inside_strings_are_no_depth() -> None:
    assert parse_json(json.dumps("[{" * 1000).encode()) == "[{" * 1000
    assert parse_json(json.dumps('\\"[' * 1000).encode()) == '\\"[' * 1000


@pytest.mark.threat(87)
@pytest.mark.parametrize("name", TRAPS)
def test_the_one_address_that_takes_json_refuses_the_traps(
    app: Flask, client: Client, name: str
) -> None:
    raw, sentence = TRAPS[name]
    answer = client.http.post(
        "/csp-report", data=raw, content_type="application/csp-report", base_url=ORIGIN
    )
    assert answer.status_code in {400, 413}, answer.text
    assert sentence in answer.text or answer.status_code == 413
