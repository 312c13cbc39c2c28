"""What a deed of a viewer means just then: which button of which card that they were shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.delivery.parcel import Parcel
from bot.event import Open, Tell
from bot.play.event import Choose, Restart, Rewind
from bot.rooms.rooms import Wish
from bot.watch.event import Back, CloseNow, Extend, Pause, Resume, Skip, Stop
from bot.watch.vote import Voter
from tests.simulation.deed import (
    Again,
    Forget,
    Gather,
    Join,
    Leave,
    Play,
    Restarted,
    Rewound,
    Sent,
    Steer,
    Tap,
    Vote,
    Wanted,
)
from tests.simulation.desk import GROUP, Ask, Assemble, Cast, Come, Erase, Go, Guide, What, voter_of
from tests.simulation.history import NONSENSE

Chats = Mapping[str, Sequence[Parcel]]
"""What was shown in each chat, in order."""


def meant(deed: Sent, chats: Chats) -> What | None:
    """What is sent; None where there is no such card to press a button of."""
    match deed:
        case Play():
            return Open(deed.story)
        case Forget():
            return Erase()
        case Gather():
            return Assemble(deed.story, deed.rules)
        case Tap() | Rewound() | Restarted() | Again():
            card = _card(chats.get(deed.who, ()), 0 if isinstance(deed, Again) else deed.back)
            return None if card is None else _alone(deed, card)
        case Vote() | Steer() | Join() | Leave():
            card = _card(chats.get(GROUP, ()), deed.back if isinstance(deed, Vote | Steer) else 0)
            return None if card is None else _together(deed, card)
        case _:
            raise TypeError(f"nobody knows what this means: {deed}")


def _card(cards: Sequence[Parcel], back: int) -> Parcel | None:
    return cards[-1 - back] if back < len(cards) else None


def _alone(deed: Tap | Rewound | Restarted | Again, card: Parcel) -> What:
    match deed:
        case Tap():
            return Tell(card.session, Choose(card.revision, _button(card, deed.pick)))
        case Rewound():
            return Tell(card.session, Rewind(card.revision, 0))
        case Restarted():
            return Tell(card.session, Restart(card.revision))
        case Again():
            return Ask(card.session)


def _together(deed: Vote | Steer | Join | Leave, card: Parcel) -> What:
    match deed:
        case Vote():
            return Cast(card.session, card.revision, _button(card, deed.pick), deed.expected)
        case Steer():
            return Guide(card.session, WISHES[deed.wanted](voter_of(deed.who), card.revision))
        case Join():
            return Come(card.session)
        case Leave():
            return Go(card.session)


def _button(card: Parcel, pick: int) -> str:
    """A button of the card, or one that it never had."""
    options = [option.id for option in card.card.options]
    return options[pick % len(options)] if options and pick < NONSENSE else "nothing"


WISHES: Mapping[Wanted, Callable[[Voter, int], Wish]] = {
    Wanted.CLOSE_NOW: CloseNow,
    Wanted.SKIP: Skip,
    Wanted.EXTEND: Extend,
    Wanted.BACK: Back,
    Wanted.PAUSE: lambda by, revision: Pause(by),
    Wanted.RESUME: lambda by, revision: Resume(by),
    Wanted.STOP: lambda by, revision: Stop(by),
}
