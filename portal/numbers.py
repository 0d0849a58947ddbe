"""The numbers people see (I-1042, N-87), counted per kind, without gaps."""

from sqlalchemy import String
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId
from portal.database import Base, active, session


class Counter(Base):
    """The last number given out for a kind, such as ``I`` for ideas."""

    __tablename__ = "counters"

    letter: Mapped[str] = mapped_column(String(4), primary_key=True)
    last: Mapped[int] = mapped_column(BigId)


_BEGINS_AFTER = {"I": 1000}
"""Ideas are numbered from I-1001, so that no reference looks like a rank."""


def next_number(letter: str, count: int = 1) -> int:
    """Take ``count`` numbers of a kind and return the first; a rollback gives them back.

    One statement, so that the first two of a kind do not both begin the count.
    """
    insert = sqlite.insert if active().is_sqlite else postgresql.insert
    first = _BEGINS_AFTER.get(letter, 0) + count
    taken = session().scalars(
        insert(Counter)
        .values(letter=letter, last=first)
        .on_conflict_do_update(index_elements=["letter"], set_={"last": Counter.last + count})
        .returning(Counter.last)
    )
    return taken.one() - count + 1
