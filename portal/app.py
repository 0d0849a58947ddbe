"""Putting the portal together: the only module that knows every slice."""

import importlib
import importlib.util
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from portal import i18n
from portal.admin.masking import read_policy
from portal.attachments import storage
from portal.audit.heads import keep_under
from portal.audit.services import come_from
from portal.authors.sealing import use_key_file
from portal.clocks.chips import Chip, make_chip
from portal.command_line import speak_plainly
from portal.config import ROOT, Config
from portal.database import Database, release, use
from portal.limits.services import Arrivals, Journal, Limits
from portal.logs import start_logging
from portal.masking import use_policy_of
from portal.migrations.commands import db
from portal.migrations.runner import SLICES_WITH_TABLES
from portal.notifications import post
from portal.now import live_in, now
from portal.pages.navigation import navigation
from portal.people.passwords import make_room
from portal.people.sign_in import describe_browser
from portal.people.store import Sessions
from portal.web import access, converters, errors, gate, headers, templates, watching
from portal.web.operations import operations
from portal.web.ports import Ports
from portal.web.sessions import SessionInterface

SLICES = (*SLICES_WITH_TABLES, "boards", "anonymous", "pages", "admin", "demo")


def create_app(config: Config, database: Database | None = None) -> Flask:
    """The whole portal as a WSGI application, on the configured or a given database."""
    app = Flask(
        "portal",
        static_folder=str(ROOT / "static"),
        template_folder=str(ROOT / "templates"),
        instance_path=str(config.instance),
    )
    app.jinja_environment = templates.Templates
    keep_under(config.instance)
    use(database or Database(config.database_url, read_url=config.read_database_url))
    storage.use(storage.Storage(config.storage_folder))
    use_key_file(config.sealing_key)
    use_policy_of(read_policy)
    live_in(config.time_zone)
    make_room(config.threads)
    _configure(app, config)
    post.use(_open_post(config))
    app.extensions["portal"] = config
    app.extensions["ports"] = Ports(
        sessions=Sessions(),
        limits=Limits(),
        arrivals=Arrivals(),
        journal=Journal(),
        nav=navigation,
    )
    access.init_login(app)
    converters.init_converters(app)
    templates.init_templates(app, currency=config.currency, site_name=config.site_name)
    app.jinja_env.globals["chip_of"] = chip_of
    gate.init_gate(app)
    app.before_request(access.check_access)
    app.before_request(lambda: _speak(config))
    watching.init_watching(app)
    errors.init_errors(app)
    headers.init_headers(app)
    app.teardown_request(lambda _error: _leave())
    load_slices(app)
    _declare_static(app)
    access.refuse_undeclared(app)
    _wrap(app, config)
    return app


def _configure(app: Flask, config: Config) -> None:
    app.config.update(
        SECRET_KEY=config.secret_key,
        SESSION_COOKIE_NAME="__Host-sid" if config.is_secure else "sid",
        SESSION_COOKIE_SECURE=config.is_secure,
        PUBLIC_URL=config.public_url,
        LOOPBACK_URLS=_loopback_urls(config),
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=500_000,
        MAX_FORM_PARTS=50,
        WTF_CSRF_TIME_LIMIT=None,
        SEND_FILE_MAX_AGE_DEFAULT=31_536_000,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.session_interface = SessionInterface()
    app.url_map.strict_slashes = False


def _open_post(config: Config) -> post.PostOffice:
    return post.PostOffice(
        carrier=post.open_carrier(config.mail_url),
        sender=config.mail_from,
        public_url=config.public_url,
        site_name=config.site_name,
        secret=config.secret_key,
        locale=config.locales[0],
    )


def _loopback_urls(config: Config) -> tuple[str, ...]:
    """On a plain-http portal, localhost and 127.0.0.1 are the same place, on any port of it."""
    parts = urlsplit(config.public_url)
    if config.is_secure:
        return ()
    port = f":{parts.port}" if parts.port else ""
    return tuple(f"http://{host}{port}" for host in ("localhost", "127.0.0.1", "[::1]"))


def _speak(config: Config) -> None:
    person = access.find_reader()
    browser = describe_browser(request.remote_addr, request.user_agent.string)
    come_from(browser.network, browser.summary)
    i18n.speak(
        (person.locale if person else None) or config.locales[0],
        (person.time_zone if person else None) or config.time_zone,
    )


def _leave() -> None:
    come_from(None, None)
    release()


def load_slices(app: Flask) -> None:
    """Import each slice's reactions, jobs, views and commands, as far as it has them."""
    app.register_blueprint(operations)
    app.cli.add_command(db)
    for name in SLICES:
        for module in ("reactions", "jobs"):
            _import(name, module)
        views = _import(name, "views")
        if views is not None:
            app.register_blueprint(getattr(views, name))
        commands = _import(name, "commands")
        for command in commands.COMMANDS if commands else ():
            app.cli.add_command(command)
    speak_plainly(app.cli)


def _import(name: str, module: str) -> Any:
    path = f"portal.{name}.{module}"
    if importlib.util.find_spec(path) is None:
        return None
    return importlib.import_module(path)


def chip_of(thing: Any) -> Chip | None:
    """The clock of anything with ``due_at``, ``waits_since`` and ``is_paused``, for a page."""
    return make_chip(thing.due_at, thing.waits_since, is_paused=thing.is_paused, moment=now())


def _declare_static(app: Flask) -> None:
    app.view_functions["static"] = access.public(app.view_functions["static"])


def _wrap(app: Flask, config: Config) -> None:
    wrapped: Any = WhiteNoise(
        app.wsgi_app, root=str(ROOT / "static"), prefix="static/", max_age=31_536_000
    )
    wrapped = headers.Door(wrapped, hosts=config.hosts, is_secure=config.is_secure)
    if config.trusted_proxies:
        hops = config.trusted_proxies
        wrapped = ProxyFix(wrapped, x_for=hops, x_proto=hops, x_host=0)
    app.wsgi_app = wrapped
    start_logging()
