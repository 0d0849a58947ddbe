"""What browsers report about the Content-Security-Policy, made fit for a log."""

from collections import deque
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

_NAMES = {
    "directive": ("effectiveDirective", "effective-directive", "violated-directive"),
    "blocked": ("blockedURL", "blocked-uri"),
    "page": ("documentURL", "document-uri"),
    "source": ("sourceFile", "source-file"),
    "line_number": ("lineNumber", "line-number"),
}


class Allowance:
    """So many notes a minute and process; anybody may send reports, and logs are finite."""

    def __init__(self, per_minute: int) -> None:
        self.noted: deque[float] = deque(maxlen=per_minute)

    def may_note(self, moment: float) -> bool:
        """Whether one more is noted at this moment, in seconds."""
        if len(self.noted) == self.noted.maxlen and moment - self.noted[0] < 60:
            return False
        self.noted.append(moment)
        return True


def read_reports(sent: Any) -> Iterator[dict[str, str]]:
    """The violations in a report of either format (``report-uri``, Reporting API), ten at most.

    Addresses lose their queries, and everything is short: a report is somebody else's text.
    """
    entries = sent if isinstance(sent, list) else [sent]
    for entry in entries[:10]:
        if not isinstance(entry, dict):
            continue
        body = entry.get("csp-report", entry.get("body"))
        if isinstance(body, dict):
            yield {ours: _short(body, theirs) for ours, theirs in _NAMES.items()}


def _short(body: dict[str, Any], names: tuple[str, ...]) -> str:
    value = next((body[name] for name in names if name in body), "")
    text = str(value) if isinstance(value, str | int) else ""
    try:
        return urlsplit(text)._replace(query="", fragment="").geturl()[:200]
    except ValueError:
        return ""
