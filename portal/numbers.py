"""The numbers people see (I-1042, N-87), counted per kind, without gaps."""

from sqlalchemy import String, insert, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.columns import BigId
from portal.database import Base, session


class Counter(Base):
    """The last number given out for a kind, such as ``I`` for ideas."""

    __tablename__ = "counters"

    letter: Mapped[str] = mapped_column(String(4), primary_key=True)
    last: Mapped[int] = mapped_column(BigId)


_BEGINS_AFTER = {"I": 1000}
"""Ideas are numbered from I-1001, so that no reference looks like a rank."""


def next_number(letter: str, count: int = 1) -> int:
    """Take ``count`` numbers of a kind and return the first; a rollback gives them back."""
    taken = session().scalar(
        update(Counter)
        .where(Counter.letter == letter)
        .values(last=Counter.last + count)
        .returning(Counter.last)
        .execution_options(synchronize_session=False)
    )
    if taken is None:
        taken = _BEGINS_AFTER.get(letter, 0) + count
        session().execute(insert(Counter).values(letter=letter, last=taken))
    return taken - count + 1
