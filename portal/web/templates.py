"""What every template can say: gettext, days, numbers, money, addresses of static files."""

import hashlib
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, current_app
from flask_htmx import HTMX
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from portal import i18n
from portal.markdown import render
from portal.now import now
from portal.web.access import find_reader, ports


def init_templates(app: Flask, *, currency: str, site_name: str) -> None:
    """Give the environment its filters and globals."""
    HTMX(app)
    environment = app.jinja_env
    environment.add_extension("jinja2.ext.do")
    environment.globals["_"] = environment.globals["gettext"] = i18n.gettext
    environment.globals["ngettext"] = i18n.ngettext
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(
        day=day_html,
        when=moment_html,
        ago=ago,
        number=i18n.format_number,
        money=lambda minor, decimals=0: i18n.format_money(minor, currency, decimals),
        markdown=lambda text: Markup(render(text)),
        date_text=i18n.format_day,
    )
    environment.globals.update(
        asset=asset,
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


@lru_cache(maxsize=512)
def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=512)
def _asset(folder: str, address: str, name: str) -> str:
    return f"{address}/{quote(name)}?v={_version(Path(folder) / name)}"


def asset(name: str) -> str:
    """The address of a static file, with its content's hash, so that it can be kept for ever.

    A page names a hundred pictures, so the address is put together once and not routed.
    """
    app = current_app
    return _asset(str(app.static_folder), str(app.static_url_path), name)


def day_html(value: date | datetime, *, year: bool = False) -> Markup:
    """A day as people say it, with the full one for machines and on hover."""
    if isinstance(value, datetime):
        value = i18n.local(value).date()
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        value.isoformat(), i18n.format_day(value, year=True), i18n.format_day(value, year=year)
    )


def moment_html(value: datetime) -> Markup:
    """A day and time in the reader's zone."""
    here = i18n.local(value)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        here.isoformat(timespec="minutes"),
        f"{i18n.format_day(value, year=True)}, {here:%H:%M}",
        i18n.format_moment(value),
    )


def ago(value: datetime) -> Markup:
    """How long ago, in the largest whole unit, with the full moment on hover."""
    seconds = max(0, int((now() - value).total_seconds()))
    if seconds < 60:
        said = i18n.gettext("just now")
    elif seconds < 3600:
        said = i18n.ngettext("%(n)s minute ago", "%(n)s minutes ago", seconds // 60)
    elif seconds < 86400:
        said = i18n.ngettext("%(n)s hour ago", "%(n)s hours ago", seconds // 3600)
    elif seconds < 14 * 86400:
        said = i18n.ngettext("%(n)s day ago", "%(n)s days ago", seconds // 86400)
    else:
        return day_html(value, year=seconds > 300 * 86400)
    here = i18n.local(value)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        here.isoformat(timespec="minutes"), i18n.format_moment(value), said
    )
