"""A wrong setting stops the start, by its name, with what was expected."""

from pathlib import Path

import pytest

from portal.config import BadSetting, read_config


@pytest.mark.threat(93)
@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORTAL_DATABSE_URL", "sqlite:///x", "is not a setting"),
        ("PORTAL_DATABASE_URL", "mysql://x", "postgresql+psycopg://"),
        ("PORTAL_PUBLIC_URL", "http://ideas.example.com", "https"),
        ("PORTAL_PUBLIC_URL", "ideas.example.com", "an address such as"),
        ("PORTAL_PUBLIC_URL", "http://[", "an address such as"),
        ("PORTAL_PUBLIC_URL", "http://localhost:eighty", "an address such as"),
        ("PORTAL_DATABASE_URL", "postgresql+psycopg://x@host:port/x", "postgresql+psycopg://"),
        ("PORTAL_SITE_NAME", "Ideas\nand more", "one line"),
        ("PORTAL_SECRET_KEY", "short", "32 characters"),
        ("PORTAL_WORKERS", "two", "whole number from 1 to 64"),
        ("PORTAL_THREADS", "0", "whole number from 1 to 64"),
        ("PORTAL_TIME_ZONE", "Berlin", "Europe/Berlin"),
        ("PORTAL_CURRENCY", "euro", "three capitals"),
        ("PORTAL_LOCALES", "english", "language codes"),
        ("PORTAL_TRUSTED_PROXIES", "9", "from 0 to 5"),
        ("PORTAL_SITE_NAME", " ", "not empty"),
        ("PORTAL_DEBUG", "1", "is not a setting"),
        ("PORTAL_SECRET_KEY", "changeme" * 8, "randomness"),
        ("PORTAL_SECRET_KEY", "x" * 64, "randomness"),
        ("PORTAL_PUBLIC_URL", "https://user:pw@ideas.example.com", "an address such as"),
        ("PORTAL_PUBLIC_URL", "https://ideas.example.com/portal", "without a path"),
        ("PORTAL_PUBLIC_URL", "ftp://ideas.example.com", "an address such as"),
        ("PORTAL_TRUSTED_HOSTS", "https://ideas.internal", "host names"),
        ("PORTAL_TRUSTED_HOSTS", "*", "host names"),
        ("PORTAL_TRUSTED_HOSTS", " ", "host names"),
        ("PORTAL_TRUSTED_PROXIES", "-1", "from 0 to 5"),
        ("PORTAL_WORKERS", "65", "from 1 to 64"),
        ("PORTAL_DATABASE_URL", "sqlite://", "sqlite:///path"),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, name: str, value: str, expected: str) -> None:
    with pytest.raises(BadSetting) as caught:
        read_config({"PORTAL_INSTANCE": str(tmp_path), name: value})
    assert name in str(caught.value)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_secret_never_appears_in_the_complaint(tmp_path: Path) -> None:
    with pytest.raises(BadSetting) as caught:
        read_config({"PORTAL_INSTANCE": str(tmp_path), "PORTAL_SECRET_KEY": "hunter2"})
    assert "hunter2" not in str(caught.value)


def test_the_secret_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    first = read_config({"PORTAL_INSTANCE": str(tmp_path)})
    second = read_config({"PORTAL_INSTANCE": str(tmp_path)})
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_an_unwritable_instance_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(BadSetting, match="cannot be written"):
        read_config({"PORTAL_INSTANCE": str(blocked / "instance")})


def test_a_damaged_secret_key_is_never_used(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    with pytest.raises(BadSetting, match="is damaged; remove it"):
        read_config({"PORTAL_INSTANCE": str(tmp_path)})
