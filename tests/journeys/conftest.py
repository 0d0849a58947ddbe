"""What the stories start from."""

from tests.journeys.floor import floor

__all__ = ["floor"]
