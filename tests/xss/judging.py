"""What a browser says about a page with hostile text in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request

HOOKS = """
window.xssCalls = [];
window.xss = number => { window.xssCalls.push(number); (window.top.xssCalls ?? []).push(number); };
"""

TAGS = "p br hr strong em code pre blockquote ul ol li a h3 h4 h5 h6"

JUDGE = """
tags => {
  const found = [], allowed = new Set(tags.split(" ")), html = "http://www.w3.org/1999/xhtml";
  const say = (what, element) => found.push(`${what}: ${element.outerHTML.slice(0, 160)}`);
  const active = "script:not([src]), iframe, object, embed, base, meta[http-equiv], applet, math,"
    + " animate, set, foreignObject, marquee, frame, frameset, plaintext, xmp, style, noscript,"
    + " video, audio";
  document.querySelectorAll(active).forEach(element => say("an active element", element));
  for (const box of document.querySelectorAll("[hx-disable]"))
    for (const element of box.querySelectorAll("*")) {
      const isLink = element.localName === "a";
      if (!allowed.has(element.localName) || element.namespaceURI !== html)
        say("an element in written text", element);
      for (const { name } of element.attributes)
        if (!isLink || !["href", "rel"].includes(name)) say(`the attribute ${name}`, element);
      const leads = isLink && element.hasAttribute("href");
      if (leads && !["http:", "https:", "mailto:"].includes(element.protocol))
        say("a link that leads elsewhere", element);
    }
  for (const element of document.querySelectorAll("*"))
    for (const { name, value } of element.attributes) {
      if (/xss/i.test(name)) say("a made-up attribute", element);
      if (/^on|^srcdoc$|^ping$/.test(name)) say(`the attribute ${name}`, element);
      if (/^style$|^(data-)?hx-/.test(name) && /xss/i.test(value))
        say(`the attribute ${name}`, element);
      const isAddress = /href$|^src|action$|^data$|^poster$/.test(name);
      if (isAddress && /^[\\s\\0-\\x20]*(javascript|data|vbscript):/i.test(value))
        say("a script address", element);
    }
  return found;
}
"""
"""What may not be on a page, wherever it came from."""


@dataclass
class Looker:
    """A page that notes whatever comes alive on it."""

    page: Page
    faults: list[str] = field(default_factory=list)
    executions: int = 0

    def judge(self, where: str) -> list[str]:
        """What is wrong with what the page shows now."""
        self.page.wait_for_timeout(30)  # what waits for a load event or a timer comes first
        calls = self.page.evaluate("() => window.xssCalls.splice(0)")
        self.executions += len(calls)
        found = [f"ran: {call}" for call in calls] + self.page.evaluate(JUDGE, TAGS)
        taken, self.faults[:] = [*found, *self.faults], []
        return [f"{where}: {fault}" for fault in taken]


@contextmanager
def looking(
    browser: Browser, *, cookie: tuple[str, str] | None = None, without_policy: bool = False
) -> Iterator[Looker]:
    """A page of a fresh profile; ``cookie`` is an address and a session's value.

    ``without_policy`` takes the content policy away, so that what gets through the escaping is
    not held by it.
    """
    context = browser.new_context(bypass_csp=without_policy)
    context.set_default_timeout(15_000)
    if cookie is not None:
        context.add_cookies([{"name": "sid", "value": cookie[1], "url": cookie[0]}])
    context.add_init_script(HOOKS)
    made = Looker(context.new_page())
    _watch(made)
    try:
        yield made
    finally:
        context.close()


def _watch(looker: Looker) -> None:
    def on_dialog(dialog: object) -> None:
        looker.executions += 1
        looker.faults.append("a dialog opened")
        dialog.dismiss()

    def on_request(request: Request) -> None:
        parts = urlsplit(request.url)
        if "/xss/" in parts.path or "xss.example" in parts.netloc:
            looker.faults.append(f"asked for {request.url}")

    def on_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            looker.faults.append(f"held by the policy only: {message.text[:160]}")

    looker.page.on("dialog", on_dialog)
    looker.page.on("request", on_request)
    looker.page.on("console", on_console)
