"""Why a file is not taken."""


class Refused(Exception):
    """The file stays out; the message is a sentence for its sender."""

    @property
    def sentence(self) -> str:
        """What to tell the sender."""
        return str(self.args[0])
