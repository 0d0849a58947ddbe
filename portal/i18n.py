"""Words and figures in the reader's language; needs no web framework.

Services, commands, pages and mails all speak through this one module, so that a sentence
raised deep in a service arrives translated.  The locale is a context variable that the web
glue sets per request and a job sets per recipient.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_skeleton, format_time
from babel.numbers import format_currency, format_decimal
from babel.support import NullTranslations, Translations

from portal.now import house_zone

CATALOGUES = Path(__file__).parent / "translations"

_locale: ContextVar[str] = ContextVar("locale", default="en")
_time_zone: ContextVar[str | None] = ContextVar("time_zone", default=None)


@contextmanager
def speaking(locale: str, time_zone: str | None = None) -> Iterator[None]:
    """Run a block in a language and a time zone (IANA), the house's if none is named."""
    tokens = _locale.set(locale), _time_zone.set(time_zone)
    try:
        yield
    finally:
        _locale.reset(tokens[0])
        _time_zone.reset(tokens[1])


def speak(locale: str, time_zone: str) -> None:
    """Set language and time zone for the rest of this context (one request)."""
    _locale.set(locale)
    _time_zone.set(time_zone)


def current_locale() -> str:
    """The language of this context, for instance ``en`` or ``de``."""
    return _locale.get()


def babel_locale() -> Locale:
    """The language of this context with all that Babel knows of it."""
    return _parsed(_locale.get())


@lru_cache(maxsize=32)
def _parsed(name: str) -> Locale:
    return Locale.parse(name)


def current_zone() -> ZoneInfo:
    """The reader's time zone."""
    name = _time_zone.get()
    return ZoneInfo(name) if name else house_zone()


@lru_cache(maxsize=32)
def _catalogue(locale: str) -> NullTranslations:
    return Translations.load(CATALOGUES, [locale])


def gettext(message: str, **values: object) -> str:
    """The message in the reader's language; ``%(name)s`` is replaced from ``values``."""
    text = _translated(message, _locale.get())
    return text % values if values else text


@lru_cache(maxsize=8192)
def _translated(message: str, locale: str) -> str:
    return _catalogue(locale).gettext(message)


def ngettext(singular: str, plural: str, n: int, **values: object) -> str:
    """One of two forms by ``n``, which is also available as ``%(n)s`` and ``%(num)s``."""
    text = _catalogue(_locale.get()).ngettext(singular, plural, n)
    return text % {"n": n, "num": n, **values}


@lru_cache(maxsize=4096)
def _skeleton(skeleton: str, value: date, locale: str) -> str:
    return format_skeleton(skeleton, value, locale=_parsed(locale))


@lru_cache(maxsize=4096)
def _clock_time(value: datetime, locale: str) -> str:
    return str(format_time(value, "short", locale=_parsed(locale)))


def local(value: datetime) -> datetime:
    """A moment in the reader's time zone."""
    return value.astimezone(current_zone())


def format_day(value: date | datetime, *, year: bool = False, weekday: bool = True) -> str:
    """A day as people say it: ``Tue 10 Nov``; with ``year``, ``10 Nov 2026``."""
    day = local(value).date() if isinstance(value, datetime) else value
    if _locale.get().startswith("en"):
        name = f"{day:%a} " if weekday and not year else ""
        return f"{name}{day.day} {day:%b}" + (f" {day.year}" if year else "")
    skeleton = "yMMMd" if year else ("MMMEd" if weekday else "MMMd")
    return _skeleton(skeleton, day, _locale.get())


def format_clock_time(value: datetime) -> str:
    """The time of day in the reader's zone: ``10:42``."""
    here = local(value)
    if _locale.get().startswith("en"):
        return f"{here:%H:%M}"
    return _clock_time(here.replace(second=0, microsecond=0, tzinfo=None), _locale.get())


def format_moment(value: datetime) -> str:
    """A day with its time: ``Tue 10 Nov, 14:05``."""
    here = local(value)
    if _locale.get().startswith("en"):
        return f"{format_day(value)}, {here:%H:%M}"
    minute = here.replace(second=0, microsecond=0, tzinfo=None)
    return f"{format_day(value)}, {_clock_time(minute, _locale.get())}"


@lru_cache(maxsize=4096)
def _decimal(value: float | int, decimals: int | None, locale: str) -> str:
    pattern = None if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    return str(format_decimal(value, format=pattern, locale=_parsed(locale)))


def format_number(value: float | int, decimals: int | None = None) -> str:
    """A number with the locale's separators."""
    return _decimal(value, decimals, _locale.get())


@lru_cache(maxsize=4096)
def _money(amount_minor: int, currency: str, decimals: int, locale: str) -> str:
    pattern = "¤ #,##0" + ("." + "0" * decimals if decimals else "") + ";¤ -#,##0"
    if decimals:
        pattern = "¤ #,##0.00;¤ -#,##0.00"
    return str(
        format_currency(
            amount_minor / 100,
            currency,
            format=pattern,
            locale=_parsed(locale),
            currency_digits=False,
        )
    )


def format_money(amount_minor: int, currency: str = "EUR", decimals: int = 0) -> str:
    """Money from whole minor units: ``€ 84,000``."""
    return _money(amount_minor, currency, decimals, _locale.get())
