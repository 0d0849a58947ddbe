"""Where a notice leads, as a path: letters are written where no request is."""

_PATHS = {
    "idea": "/ideas/I-{number}",
    "insight": "/insights/N-{number}",
    "seal": "/seals/{number}",
    "impact": "/impact/I-{number}",
    "redemption": "/rewards/redemptions/R-{number}",
    "inbox": "/triage",
    "note": "/triage/I-{number}/notes",
    "ageing": "/boards/funnel",
    "telling": "/me/notices",
    "letters": "/admin/letters",
}

NOTICES = "/notifications"
SETTINGS = "/me/notices"
NO_DIGESTS = "/no-digests/{ticket}"


def path_of(subject_kind: str, number: int) -> str:
    """The page about the thing that a notice is about."""
    return _PATHS[subject_kind].format(number=number)
