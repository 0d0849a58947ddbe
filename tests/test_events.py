"""Whoever tells people of an event hears it when everything that acts has acted."""

from dataclasses import dataclass

from portal.events import publish, reacts_to, tells_of


def test_telling_comes_after_acting_whichever_was_registered_first() -> None:
    @dataclass(frozen=True)
    class Happened:
        thing_id: int

    done: list[tuple[str, int]] = []

    @tells_of(Happened)
    def tell(event: Happened) -> None:
        done.append(("tell", event.thing_id))

    @reacts_to(Happened)
    def act(event: Happened) -> None:
        done.append(("act", event.thing_id))

    publish(Happened(7))
    assert done == [("act", 7), ("tell", 7)]
