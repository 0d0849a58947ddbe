"""The ways in which the domain says no, each with a sentence fit for the reader."""


class PortalError(Exception):
    """A refusal whose message is a whole sentence that the reader may see."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(PortalError):
    """The thing is not there, or not there for this reader; the two look the same."""


class NotAllowed(PortalError):
    """The actor may see the thing but not do this to it."""


class Conflict(PortalError):
    """Somebody or something was faster; what was asked no longer fits the state."""


class Busy(PortalError):
    """More is asked for at once than can be done; the same works again in a moment."""


class RuleBroken(PortalError):
    """A rule of the product forbids it; ``field`` names the form field at fault, if one is."""

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field
