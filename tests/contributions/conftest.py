"""What the tests of tasks start from."""

from tests.support.desks import deputy, head, house, idea

__all__ = ["deputy", "head", "house", "idea"]
