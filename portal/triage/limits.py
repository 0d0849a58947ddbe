"""The amounts and times that bound what may be answered how."""

from datetime import timedelta

SIGNED_ABOVE_MINOR = 10_000 * 100
"""Calls of a year that cost more than this go on only where somebody signs that they do."""

EXECUTIVE_ABOVE_MINOR = 100_000 * 100
"""Above this, an executive has to be the one who signs."""

LONGEST_REVIEW = timedelta(days=366)
"""The latest day to look again."""

LONGEST_TEST_DAYS = 30
"""A test ends after at most so many business days."""

TRY_DAYS = 10
TRY_MONEY_MINOR = 200 * 100
"""What an author may try out without being asked: days, and money in minor units."""

APPEAL_WITHIN = timedelta(days=30)
"""So long after an answer its author can appeal."""
