"""Pieces of pages drawn from plain values alone, kept by those values.

A list shows the same rows to most of its readers, and the frame the same places.  Drawing is
the dearest part of a page, and what is drawn from values alone is the same whenever they are:
so the values are the key, and nothing ever has to be thrown out because it changed.
"""

from collections.abc import Hashable
from functools import lru_cache

from jinja2 import Environment
from markupsafe import Markup

from portal import i18n

KEPT = 4096
"""How many pieces a process keeps, a kilobyte or two each; the least used one goes."""


class Fragments:
    """Draws a macro of a template; callable from templates as ``drawn(file, macro, *values)``.

    The macro may use nothing but its values, the language and the reader's time zone: not the
    reader, not the request, not the time.
    """

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        self._kept = lru_cache(maxsize=KEPT)(self._draw)

    def __call__(self, template: str, macro: str, *values: Hashable) -> Markup:
        """The piece, drawn now or before."""
        return self._kept(template, macro, i18n.current_locale(), i18n.current_zone(), *values)

    def _draw(
        self, template: str, macro: str, _locale: str, _zone: Hashable, *values: Hashable
    ) -> Markup:
        module = self.environment.get_template(template).module
        return Markup(getattr(module, macro)(*values))
