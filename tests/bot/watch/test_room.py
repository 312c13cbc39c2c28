"""Rooms are stored and read again; what is damaged is told, what is huge is not unfolded."""

from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.watch.ballot import Ballot
from bot.watch.room import BadRoom, Room, pack, pack_ballot, unpack, unpack_ballot
from bot.watch.rules import Mode, Rules, Short, TieRule, Who
from bot.watch.vote import Vote
from tests.bot.watch.polls import polls

RULES = Rules(
    mode=Mode.TWO_ROUND,
    seconds=45,
    who=Who.ROLE,
    role="crew",
    weights={"captain": 5},
    quorum=3,
    short=Short.EXTEND,
    ties=TieRule.DEFAULT,
    near=5,
    fair=True,
    early=True,
)


@given(
    polls(),
    st.booleans(),
    st.booleans(),
    st.dictionaries(st.text("abc:1é", min_size=1), st.integers(1, 9), max_size=80),
)
def test_a_room_is_what_was_packed(
    poll: tuple[Ballot, dict[str, Vote]], paused: bool, stopped: bool, losses: dict[str, int]
) -> None:
    for ballot in (None, poll[0]):
        room = Room("telegram:1", RULES, ballot, paused, stopped, 1, losses)
        assert unpack(pack(room)) == room
    assert unpack_ballot(pack_ballot(poll[0])) == poll[0]


def test_what_is_stored_is_short_and_readable() -> None:
    assert pack(Room("telegram:1")) == b'{"host":"telegram:1"}'


def test_a_room_of_a_later_program_is_read_as_far_as_it_is_known() -> None:
    assert unpack(b'{"host":null,"twin":{"session":8}}') == Room(None)


@pytest.mark.parametrize(
    "packed",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"host":""}',
        b'{"host":5}',
        b'{"host":"h","rules":{"seconds":-1}}',
        b'{"host":"h","rules":{"mode":"shouting"}}',
        b'{"host":"h","rules":{"who":"role"}}',
        b'{"host":"h","losses":{"v":99}}',
        b'{"host":"h","ballot":{"revision":1,"choices":[],"opened":1,"rules":{},"host":null}}',
        b'{"host":"h","ballot":{"revision":1,"choices":["a"],"opened":1,"rules":{},"host":null,"default":"b"}}',
        b'{"host":"h","ballot":{"revision":1,"choices":["a"],"opened":1,"rules":{},"host":null,"run":2}}',
        b'{"host":"h","ballot":{"revision":1,"choices":["a","a"],"opened":1,"rules":{},"host":null}}',
        b"x\x9cdamaged",
        zlib.compress(b"[" * 900),
        zlib.compress(b" " * (1 << 25)),
        pack(Room("h", losses={f"voter{n}": 1 for n in range(200)}))[:-9],
    ],
)
def test_a_damaged_room_is_told(packed: bytes) -> None:
    with pytest.raises(BadRoom, match="a stored room"):
        unpack(packed)


@given(st.binary(max_size=200))
def test_no_bytes_do_harm(packed: bytes) -> None:
    for reader in (unpack, unpack_ballot):
        with pytest.raises(BadRoom):
            reader(packed)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"seconds": 86_401}, "seconds per vote must be 0 to 86400"),
        ({"quorum": 0}, "a quorum must be 1"),
        ({"near": 101}, "near tie must be 0 to 100"),
        ({"weights": {"crew": 0}}, 'weight of "crew" must be 1 to 100'),
        ({"weights": {"x" * 129: 2}}, "128 characters"),
        ({"weights": {str(number): 1 for number in range(51)}}, "number of weighted roles"),
        ({"who": Who.ROLE}, "name the role"),
    ],
)
def test_rules_out_of_bounds_say_which(wrong: dict[str, int], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Rules(**wrong)  # type: ignore[arg-type]  # that is the point


def test_a_hosts_id_is_bounded() -> None:
    with pytest.raises(ValueError, match="host's id"):
        Room("x" * 129)
