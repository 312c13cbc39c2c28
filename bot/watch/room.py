"""A room: a group that plays one session. Its members are the store's; their losses are here, for the next vote."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, TypeVar

from pydantic import Field, TypeAdapter

from bot.watch.ballot import Ballot
from bot.watch.branch import MOST_PARTED, Branch, Parted, Parting
from bot.watch.losses import MOST_LOSERS, MOST_LOSSES
from bot.watch.rules import MOST_TEXT, Mode, Rules, Who
from bot.watch.vote import Voter

IDLE_MOST = 2
"""After so many ballots without a vote in a row the clock waits: a story must not play on before empty chairs."""

MOST_BYTES = 1 << 23
"""A packed room, unfolded: 4,096 voters with the longest and oddest ids fit, who joined and who lost."""

MOST_CHATS = 20
"""Other chats in which one room is shown."""

MOST_JOINED = 4096
"""Voters who may have joined one room."""

_PLAIN_BYTES = 800
"""Rooms up to this size are stored as readable JSON, larger ones deflated: as branch states are."""

_Id = Annotated[str, Field(min_length=1, max_length=MOST_TEXT)]
_Losses = Mapping[_Id, Annotated[int, Field(ge=1, le=MOST_LOSSES)]]
_Stored = TypeVar("_Stored")


class BadRoom(ValueError):
    """A stored room that cannot be read."""


@dataclass(frozen=True, slots=True)
class Room:
    """One moment of a group's play. It stays the same object while an event changes nothing but votes."""

    host: str | None
    """A voter's id; None after the last host left: who votes next takes over."""
    rules: Rules = field(default_factory=Rules)
    """For the next ballot; an open one keeps those it was opened with."""
    ballot: Ballot | None = None
    """The latest, open or closed; None before the first."""
    paused: bool = False
    stopped: bool = False
    idle: int = 0
    """Ballots in a row that nobody voted on."""
    losses: Annotated[_Losses, Field(max_length=MOST_LOSERS)] = field(default_factory=dict)
    """Kept while the rules are fair."""
    branch: Branch | None = None
    """Set while it is one of two; None again when the other has ended or they have met."""
    parting: Parting | None = None
    """Set while its ballot, shut, waits for the host's word on a split, or for the split to be finished."""
    meeting: int | None = None
    """Unix ms until which it waits for its twin, with nobody voting; None while it does not."""
    chats: Annotated[tuple[tuple[str, str], ...], Field(max_length=MOST_CHATS)] = ()
    """Other chats that watch along and vote: (platform, address)."""
    joined: Annotated[frozenset[_Id], Field(max_length=MOST_JOINED)] = frozenset()
    """Who is in, where only those may vote."""
    parted: Annotated[tuple[Parted, ...], Field(max_length=MOST_PARTED)] = ()
    """Every split it came through, in order."""

    def __post_init__(self) -> None:
        if self.host is not None and not 0 < len(self.host) <= MOST_TEXT:
            raise ValueError(f"a host's id has 1 to {MOST_TEXT} characters")


_ROOMS = TypeAdapter(Room)


_BALLOTS = TypeAdapter(Ballot)


def pack(room: Room) -> bytes:
    """The room for storage: JSON of what differs from the defaults; `unpack` gives it back."""
    return _packed(_ROOMS.dump_json(room, exclude_defaults=True))


def unpack(packed: bytes) -> Room:
    """The room again. Raises `BadRoom` when it is damaged or too large."""
    return _unpacked(_ROOMS, packed)


def pack_ballot(ballot: Ballot) -> bytes:
    """A closed ballot for storage beside its votes: with them and the dice it can be counted again."""
    return _packed(_BALLOTS.dump_json(ballot, exclude_defaults=True))


def unpack_ballot(packed: bytes) -> Ballot:
    """The ballot again. Raises `BadRoom` when it is damaged or too large."""
    return _unpacked(_BALLOTS, packed)


def _packed(text: bytes) -> bytes:
    return text if len(text) <= _PLAIN_BYTES else zlib.compress(text, 1)


def _unpacked(shape: TypeAdapter[_Stored], packed: bytes) -> _Stored:
    try:
        text = packed if packed[:1] == b"{" else zlib.decompressobj().decompress(packed, MOST_BYTES)
        if len(text) >= MOST_BYTES:
            raise BadRoom(f"a stored room has {MOST_BYTES} bytes or more")
        return shape.validate_json(text)
    except (ValueError, zlib.error) as error:
        raise BadRoom(f"a stored room cannot be read: {type(error).__name__}") from error


def led_by(room: Room, host: str | None) -> Room:
    """The room with another host, whose vote from now on is the host's; not on a ballot that is final."""
    ballot = room.ballot
    if ballot is not None and not ballot.closed and room.parting is None:
        ballot = replace(ballot, host=host)
    return replace(room, host=host, ballot=ballot)


def nameless(room: Room) -> Room:
    """The room without anybody's id in it, as one that has ended is kept."""
    ballot = None if room.ballot is None else replace(room.ballot, host=None)
    return replace(room, host=None, losses={}, joined=frozenset(), chats=(), ballot=ballot)


def may_vote(room: Room, rules: Rules, voter: Voter) -> bool:
    """Whether the rules let somebody vote. The host always may."""
    if rules.who is Who.EVERYONE or voter.id == room.host:
        return True
    if rules.who is Who.JOINED:
        return voter.joined or voter.id in room.joined
    return rules.role in voter.roles


def weight_of(room: Room, rules: Rules, voter: Voter) -> int:
    """What somebody's vote weighs: their heaviest role, or 1, and where it is fair their losses on top."""
    weight = 1
    if rules.mode is Mode.WEIGHTED:
        weight = max((rules.weights[role] for role in voter.roles & rules.weights.keys()), default=1)
    return weight + room.losses.get(voter.id, 0) if rules.fair else weight
