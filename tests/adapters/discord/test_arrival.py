"""An arrival: who did something, and where, out of what the gateway sends."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.discord.arrival import ADMINISTRATOR, MANAGE_EVENTS, arrival

AT = 1_750_000_000_000
USER = {"id": "5", "username": "ann_1", "global_name": "Ann"}


def told(**changes: Any) -> dict[str, Any]:
    """A command in direct messages, with what differs."""
    return {
        "id": "1", "token": "t", "type": 2, "channel_id": "7", "locale": "es-ES", "context": 1,
        "app_permissions": "2048", "user": USER, **changes,
    }  # fmt: skip


def in_guild(permissions: int = 0, **changes: Any) -> dict[str, Any]:
    member = {"user": USER, "nick": None, "roles": ["8", "9"], "permissions": str(permissions)}
    data = told(context=0, guild_id="6", guild_locale="zh-CN", member={**member, **changes})
    del data["user"]
    return data


def test_in_direct_messages() -> None:
    arrived = arrival(told(), AT)
    assert (arrived.id, arrived.token, arrived.user) == (1, "t", 5)
    assert (arrived.guild, arrived.channel, arrived.direct, arrived.may) == (None, 7, True, 2048)
    assert (arrived.language, arrived.at, arrived.roles) == ("es-ES", AT, frozenset())
    assert (arrived.voter.id, arrived.key.id, arrived.voter.steward) == ("discord:5", "1", False)


def test_in_a_foreign_chat_it_is_not_direct() -> None:
    assert not arrival(told(context=2), AT).direct


def test_in_a_server() -> None:
    arrived = arrival(in_guild(), AT)
    assert (arrived.guild, arrived.guild_language, arrived.direct) == (6, "zh-CN", False)
    assert arrived.voter.roles == {"8", "9"}


@pytest.mark.parametrize(("permissions", "steward"), [(0, False), (MANAGE_EVENTS, True), (ADMINISTRATOR, True)])
def test_who_manages_events_may_act_for_a_host(permissions: int, steward: bool) -> None:
    assert arrival(in_guild(permissions), AT).voter.steward is steward


def test_a_press_knows_its_message() -> None:
    arrived = arrival(told(message={"id": "33", "flags": 64}), AT)
    assert (arrived.message, arrived.ephemeral) == (33, True)
    assert not arrival(told(message={"id": "33"}), AT).ephemeral


def test_a_channel_may_be_told_as_a_whole() -> None:
    data = told(channel={"id": "12"})
    del data["channel_id"]
    assert arrival(data, AT).channel == 12


@pytest.mark.parametrize("lacks", ["id", "token", "user", "channel_id"])
def test_what_is_no_interaction_is_refused(lacks: str) -> None:
    data = told()
    del data[lacks]
    with pytest.raises(KeyError):
        arrival(data, AT)


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        arrival(told(id="x"), AT)


@pytest.mark.parametrize(
    ("platform", "address", "home"),
    [
        ("discord", "7", True),
        ("discord", "7/3a", True),
        ("discord", "70", False),
        ("discord", "4", False),
        ("telegram", "7", False),
        ("room", "7", False),
    ],
)
def test_who_may_act_for_a_host_may_so_where_the_room_is_at_home(platform: str, address: str, home: bool) -> None:
    here = arrival(in_guild(ADMINISTRATOR), AT)
    thread = arrival({**in_guild(ADMINISTRATOR), "channel_id": "8", "channel": {"type": 11, "parent_id": "7"}}, AT)
    assert here.voter_in(platform, address).steward is home
    assert thread.voter_in(platform, address).steward is home
    assert here.voter_in(platform, address).id == here.voter.id


def test_a_channel_of_a_category_is_no_thread_of_it() -> None:
    assert arrival({**in_guild(), "channel": {"type": 0, "parent_id": "70"}}, AT).parent is None


def test_neither_token_nor_name_is_ever_written_down() -> None:
    assert "secret" not in repr(arrival(told(token="secret"), AT))
    assert "Ann" not in repr(arrival(told(), AT))
