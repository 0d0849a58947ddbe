"""What every template can say: gettext, days, numbers, money, addresses of static files."""

import hashlib
from collections.abc import Hashable, MutableMapping
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask
from flask.templating import Environment
from flask_htmx import HTMX
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from portal import i18n
from portal.now import now
from portal.rendering import html_of
from portal.web.access import find_reader, ports
from portal.web.fragments import Fragments


def init_templates(app: Flask, *, currency: str, site_name: str) -> None:
    """Give the environment its filters and globals."""
    HTMX(app)
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.do")
    environment.globals["_"] = environment.globals["gettext"] = i18n.gettext
    environment.globals["ngettext"] = i18n.ngettext
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(
        tuple=tuple,
        day=day_html,
        when=moment_html,
        clock_time=i18n.format_clock_time,
        ago=ago,
        span=span,
        number=i18n.format_number,
        money=lambda minor, decimals=0: i18n.format_money(minor, currency, decimals),
        file_size=file_size,
        rendered=lambda shown, name: Markup(html_of(shown, name)),
        date_text=i18n.format_day,
    )
    assets = Assets(Path(str(app.static_folder)), str(app.static_url_path))
    environment.globals.update(
        asset=assets.url,
        draw_icon=assets.icon,
        drawn=Fragments(environment),
        csrf_token=generate_csrf,
        site_name=site_name,
        currency=currency,
        now=now,
    )

    @app.context_processor
    def frame() -> dict[str, Any]:
        """Variables of the frame around a page; asked for once per render."""
        person = find_reader()
        return {"person": person, "locale": i18n.babel_locale(), **ports().nav(person)}


class Templates(Environment):
    """Jinja's environment with its globals as they are, not wrapped for each template.

    Every import inside a template compares the names of the page's globals with its own, and
    with Jinja's chained mappings that comparison runs in Python, a score of times a page.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template: ours, with its own on top if it has some."""
        return {**self.globals, **d} if d else self.globals


def file_size(count: int) -> str:
    """A number of bytes in the unit people know from their files."""
    if count < 1_000_000:
        return i18n.gettext("%(n)s kB", n=i18n.format_number(max(1, round(count / 1000))))
    return i18n.gettext("%(n)s MB", n=i18n.format_number(count / 1_000_000, 1))


class Assets:
    """Addresses of static files with their content's hash, so that they can be kept for ever.

    A page names a hundred pictures, so an address is put together once and not routed.
    """

    def __init__(self, folder: Path, address: str) -> None:
        self.folder, self.address = folder, address
        self.url = lru_cache(maxsize=512)(self._url)
        self.icon = lru_cache(maxsize=2048)(self._icon)

    def _url(self, name: str) -> str:
        version = hashlib.sha256((self.folder / name).read_bytes()).hexdigest()[:12]
        return f"{self.address}/{quote(name)}?v={version}"

    def _icon(self, name: str, label: str | None = None, size: str = "") -> Markup:
        """One picture of the sprite; ``components/icon.html`` says how it is called."""
        kind = "glyph" if name.startswith("st-") else "icon"
        sized = f" icon-{size}" if size else ""
        said = Markup('<span class="visually-hidden">{}</span>').format(label) if label else ""
        return (
            Markup('<svg class="{}{}" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
                kind, sized, self.url("icons.svg"), name
            )
            + said
        )


def day_html(value: date | datetime, *, year: bool = False) -> Markup:
    """A day as people say it, with the full one for machines and on hover."""
    if isinstance(value, datetime):
        value = i18n.local(value).date()
    return _day(value, year, i18n.current_locale())


@lru_cache(maxsize=4096)
def _day(value: date, year: bool, _locale: str) -> Markup:
    return _time(
        value.isoformat(), i18n.format_day(value, year=True), i18n.format_day(value, year=year)
    )


def _time(machine: str, full: str, said: str) -> Markup:
    return Markup('<time datetime="{}" title="{}">{}</time>').format(machine, full, said)


def moment_html(value: datetime) -> Markup:
    """A day and time in the reader's zone."""
    here = i18n.local(value).replace(second=0, microsecond=0)
    return _moment(here, i18n.current_locale())


@lru_cache(maxsize=4096)
def _moment(here: datetime, _locale: str) -> Markup:
    full = f"{i18n.format_day(here, year=True)}, {here:%H:%M}"
    return _time(here.isoformat(timespec="minutes"), full, i18n.format_moment(here))


def ago(value: datetime) -> Markup:
    """How long ago, in the largest whole unit, with the full moment on hover."""
    minute = now().replace(second=0, microsecond=0)
    return _ago(value, minute, i18n.current_locale(), i18n.current_zone())


@lru_cache(maxsize=8192)
def _ago(value: datetime, minute: datetime, _locale: str, _zone: Hashable) -> Markup:
    seconds = max(0, int((minute - value).total_seconds()))
    if seconds >= 14 * 86400:
        return day_html(value, year=seconds > 300 * 86400)
    here = i18n.local(value).replace(second=0, microsecond=0)
    return _time(here.isoformat(timespec="minutes"), i18n.format_moment(here), _said_ago(seconds))


def span(end: datetime, start: datetime) -> str:
    """How long it is from one moment to another, in the largest whole unit."""
    seconds = max(0, int((end - start).total_seconds()))
    if seconds < 3600:
        return i18n.ngettext("%(n)s minute", "%(n)s minutes", max(1, seconds // 60))
    if seconds < 86400:
        return i18n.ngettext("%(n)s hour", "%(n)s hours", seconds // 3600)
    return i18n.ngettext("%(n)s day", "%(n)s days", seconds // 86400)


def _said_ago(seconds: int) -> str:
    if seconds < 60:
        return i18n.gettext("just now")
    if seconds < 3600:
        return i18n.ngettext("%(n)s minute ago", "%(n)s minutes ago", seconds // 60)
    if seconds < 86400:
        return i18n.ngettext("%(n)s hour ago", "%(n)s hours ago", seconds // 3600)
    return i18n.ngettext("%(n)s day ago", "%(n)s days ago", seconds // 86400)
