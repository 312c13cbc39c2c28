"""The project's own Discord: which calls it takes and refuses, and what people and bots see of each other."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import aiohttp
import discord
import pytest

from tests.fakes.discord import DiscordServer, Permission, fixtures
from tests.fakes.discord.example import Bot, Card
from tests.fakes.discord.fixtures import aim, connected, needs_spec
from tests.fakes.discord.remote import RemoteDiscord

server, loose_server, raw = fixtures.discord_server, fixtures.loose_server, fixtures.raw


@pytest.fixture
async def bot(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    aim(monkeypatch, server)
    bot = Bot()
    async with connected(bot, server):
        yield bot


async def test_a_command_a_card_and_a_press(server: DiscordServer, bot: Bot) -> None:
    ann, ben = server.person("Ann", "es-ES"), server.person("Ben")
    guild = server.guild("Movie night", [ann, ben], locale="fr")
    reply = await ann.slash("watch", story="x", late=3)
    said = await reply.spoken()
    assert (reply.answer, said.text, said.ephemeral) == ("defer", "x begins in 3", True)
    assert said in ann.sees(ann.place)
    assert said not in ben.sees(ann.place)
    card = await ann.place.shown(lambda m: "Get on" in m.buttons)
    assert card.texts == ["**Mei**: go"]
    assert card.media == ["https://clips.example/whistle.mp4"]
    assert card.accents == [0xAA0000]
    assert ann.place.card is card
    pressed = await ben.press(card, "Get on")
    assert pressed.answer == "defer update"
    assert (await pressed.spoken()).text == "You chose: Get on"
    asked = bot.seen[0]
    assert (asked.locale.value, asked.guild_locale) == ("es-ES", discord.Locale.french)
    assert asked.context.guild
    assert asked.app_permissions.send_messages
    assert isinstance(asked.user, discord.Member)
    assert asked.guild_id == guild.id
    assert server.syncs == 1


async def test_every_kind_of_option_and_what_the_client_would_not_send(server: DiscordServer, bot: Bot) -> None:
    ann = server.person("Ann")
    guild = server.guild("Movie night", [ann])
    role = server.role(guild, "Hosts")
    given: dict[str, Any] = {
        "who": ann,
        "where": ann.place,
        "role": role,
        "file": ("a.txt", b"hi"),
        "sure": True,
        "share": 0.5,
    }
    reply = await ann.slash("all", **given)
    assert reply.text == "Ann general Hosts hi True 0.5"
    assert await ann.autocomplete("watch", "story", "last") == [{"name": "last…", "value": "the-last-train-home"}]
    with pytest.raises(LookupError, match="missing"):
        ann.send_slash("watch")
    with pytest.raises(LookupError, match="not within"):
        ann.send_slash("all", **{**given, "share": 2.0})
    with pytest.raises(LookupError, match="no command"):
        ann.send_slash("nothing")


async def test_menus_and_forms(server: DiscordServer, bot: Bot) -> None:
    ann = server.person("Ann")
    guild = server.guild("Movie night", [ann])
    hosts = server.role(guild, "Hosts")
    await ann.slash("watch", story="x")
    card = await ann.place.shown(lambda m: "Get on" in m.buttons)
    opened = await ann.press(card, "Write")
    assert opened.answer == "modal"
    with pytest.raises(LookupError, match="required"):
        ann.send_submit(opened, line="")
    sent = await ann.submit(opened, line="No!")
    assert (sent.text, sent.ephemeral[0].only_for) == ("You said No!", ann.id)
    chosen = await ann.select(card, "English", menu="Language")
    assert chosen.answer == "update"
    assert "Chosen ['en']" in card.buttons
    await ann.select(card, hosts, menu="role:7")
    assert f"Chosen ['{hosts.id}']" in card.buttons
    assert len(card.was) == 2


async def test_direct_messages_and_installations(server: DiscordServer, bot: Bot) -> None:
    ann, ben = server.person("Ann"), server.person("Ben", installed=True)
    reply = await ann.slash("watch", story="x")
    assert bot.seen[-1].guild is None
    await ann.dm.shown(lambda m: "Get on" in m.buttons)
    assert reply.owners == {"0": "0"}
    server.guild("Without the bot", [ben], here=False)
    with pytest.raises(LookupError, match="not installed"):
        ben.send_slash("watch", story="x")
    server.commands[0]["integration_types"] = [0, 1]
    second = await ben.slash("watch", story="x")
    assert second.owners == {"1": str(ben.id)}
    assert (await second.spoken()).text
    user = await bot.fetch_user(ann.id)
    assert (await user.create_dm()).id == ann.dm.id


async def test_a_late_answer_and_a_second_one(server: DiscordServer, bot: Bot) -> None:
    ann = server.person("Ann")
    server.guild("Movie night", [ann])
    await ann.slash("watch", story="x")
    card = await ann.place.shown(lambda m: "Get on" in m.buttons)
    await (await ann.press(card, "Get on")).spoken()
    taken = bot.seen[-1]
    with pytest.raises(discord.InteractionResponded):
        await taken.response.defer()
    taken.response._response_type = None
    with pytest.raises(discord.HTTPException, match="40060"):
        await taken.response.defer()
    await taken.edit_original_response(view=Card("Later"))
    server.clock.jump(901)
    with pytest.raises(discord.HTTPException, match="50027"):
        await taken.followup.send("too late")
    late = ann.send_press_id(card, "vote:7:1:on")
    server.clock.jump(3.1)
    with pytest.raises(TimeoutError, match="did not respond"):
        await late.acknowledged()
    await _until(lambda: late.errors)
    assert "10062" in late.errors[0]


async def test_messages_as_discord_py_sends_them(server: DiscordServer, bot: Bot) -> None:
    ann = server.person("Ann")
    guild = server.guild("Movie night", [ann])
    role = server.role(guild, "Hosts", mentionable=True)
    channel = await bot.fetch_channel(ann.place.id)
    assert isinstance(channel, discord.TextChannel)
    file = discord.File(io.BytesIO(b"moving"), "clip.mp4", description="A train")
    sent = await channel.send(view=Card(media="attachment://clip.mp4"), file=file)
    [link] = ann.place.last.media
    async with aiohttp.ClientSession() as session, session.get(link) as answer:
        assert await answer.read() == b"moving"
    await sent.edit(view=Card("Again", media=sent.attachments[0].url))
    assert ann.place.last.buttons[0] == "Again"
    everybody = f"{ann.mention} <@&{role.id}> @everyone"
    await channel.send(everybody, allowed_mentions=discord.AllowedMentions.none())
    assert server.pings == []
    await channel.send(everybody)
    assert [ping.kind for ping in server.pings] == ["user", "role"]
    await sent.pin()
    assert [one.id async for one in channel.pins()] == [sent.id]
    assert [one.id async for one in channel.history(limit=2)] == [one.id for one in reversed(ann.place.messages[-2:])]
    await sent.delete()
    with pytest.raises(discord.NotFound, match="10008"):
        await channel.fetch_message(sent.id)


async def test_the_same_nonce_gives_the_first_message(loose_server: DiscordServer, raw: aiohttp.ClientSession) -> None:
    channel = loose_server.guild("Movie night", [loose_server.person("Ann")]).channels
    [number] = channel
    body = {"content": "once", "nonce": "7:1", "enforce_nonce": True}
    first = await _json(raw.post(f"channels/{number}/messages", json=body))
    assert await _json(raw.post(f"channels/{number}/messages", json=body)) == first
    loose_server.clock.jump(301)
    assert (await _json(raw.post(f"channels/{number}/messages", json=body)))["id"] != first["id"]
    assert len(channel[number].messages) == 2


def _button(custom_id: str) -> dict[str, Any]:
    return {"type": 2, "style": 1, "label": "x", "custom_id": custom_id}


def _row(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(parts)}


def _options(count: int) -> dict[str, Any]:
    options = [{"label": str(one), "value": str(one)} for one in range(count)]
    return {"type": 3, "custom_id": "menu", "options": options}


_TEXT = {"type": 10, "content": "x"}
_NEW = 32768


@pytest.mark.parametrize(
    "body",
    [
        {"flags": _NEW, "components": [_TEXT], "content": "beside"},
        {"flags": _NEW, "components": [{**_TEXT, "content": "x" * 2001}] * 2},
        {"flags": _NEW, "components": [{"type": 17, "components": [_TEXT] * 30}, *[_TEXT] * 10]},
        {"flags": _NEW, "components": [_row(*[_button(str(one)) for one in range(6)])]},
        {"flags": _NEW, "components": [_row(_button("same"), _button("same"))]},
        {"flags": _NEW, "components": [_row(_button("x" * 101))]},
        {"flags": _NEW, "components": [_row(_options(26))]},
        {"flags": _NEW, "components": [_row(_options(0))]},
        {"flags": _NEW, "components": [_row(_options(2), _button("beside"))]},
        {"flags": _NEW, "components": [{"type": 12, "items": [{"media": {"url": "https://x.example"}}] * 11}]},
        {"flags": _NEW, "components": [{"type": 12, "items": [{"media": {"url": "attachment://gone.mp4"}}]}]},
        {"flags": _NEW, "components": [{"type": 12, "items": [{"media": {"url": "file:///etc/passwd"}}]}]},
        {"flags": _NEW, "components": [_row({"type": 2, "style": 5, "label": "x"})]},
        {"components": [_TEXT]},
        {"content": "x" * 2001},
        {"content": "x", "attachments": [{"id": 3}]},
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
    ],
)
async def test_what_breaks_the_rules_of_messages(
    loose_server: DiscordServer, raw: aiohttp.ClientSession, body: dict[str, Any]
) -> None:
    [number] = loose_server.guild("Movie night", [loose_server.person("Ann")]).channels
    async with raw.post(f"channels/{number}/messages", json=body) as answer:
        assert (answer.status, (await answer.json())["code"]) == (400, 50035)
    assert len(loose_server.violations) == 1
    assert len(list(loose_server.faults)) == 1


@needs_spec
async def test_what_breaks_the_official_description(loose_server: DiscordServer, raw: aiohttp.ClientSession) -> None:
    [number] = loose_server.guild("Movie night", [loose_server.person("Ann")]).channels
    wrong: list[dict[str, Any]] = [{"content": 7}, {"content": "x", "nonce": "x" * 26}, {"embeds": {}}]
    wrong += [{"flags": _NEW, "components": [{"type": 10}]}, {"flags": _NEW, "components": [{"type": 99}]}]
    for body in wrong:
        async with raw.post(f"channels/{number}/messages", json=body) as answer:
            assert (answer.status, (await answer.json())["code"]) == (400, 50035)
    async with raw.get(f"channels/{number}/messages", params={"limit": "101"}) as answer:
        assert answer.status == 400
    async with raw.get("voice/regions") as answer:
        assert answer.status == 404
    assert len(loose_server.violations) == len(wrong) + 2
    assert loose_server.called("POST /channels")[0].code == 50035


async def test_permissions(loose_server: DiscordServer, raw: aiohttp.ClientSession) -> None:
    server = loose_server
    guild = server.guild("Movie night", [server.person("Ann")])
    [channel] = guild.channels.values()
    bot = server.world.id
    path = f"channels/{channel.id}/messages"
    for denied, body, code in [
        (Permission.SEND_MESSAGES, {"content": "x"}, 50013),
        (Permission.EMBED_LINKS, {"embeds": [{"title": "x"}]}, 50013),
        (Permission.VIEW_CHANNEL, {"content": "x"}, 50001),
    ]:
        server.overwrite(channel, bot, deny=int(denied))
        assert (await _json(raw.post(path, json=body)))["code"] == code
    server.overwrite(channel, bot, deny=int(Permission.CREATE_PUBLIC_THREADS))
    said = await _json(raw.post(path, json={"content": "x"}))
    assert (await _json(raw.post(f"{path}/{said['id']}/threads", json={"name": "t"})))["code"] == 50013
    server.overwrite(channel, bot)
    thread = await _json(raw.post(f"{path}/{said['id']}/threads", json={"name": "t"}))
    assert thread["id"] == said["id"]
    assert (await _json(raw.post(f"{path}/{said['id']}/threads", json={"name": "t"})))["code"] == 160004
    server.overwrite(channel, bot, deny=int(Permission.SEND_MESSAGES_IN_THREADS))
    assert (await _json(raw.post(f"channels/{thread['id']}/messages", json={"content": "x"})))["code"] == 50013
    server.overwrite(channel, bot)
    server.delete_channel(channel)
    assert (await _json(raw.post(path, json={"content": "x"})))["code"] == 10003
    assert (await _json(raw.post(f"channels/{thread['id']}/messages", json={"content": "x"})))["code"] == 10003
    assert server.invalid_answers == 5
    assert server.violations == []


async def test_members_events_and_a_guild_that_is_left(server: DiscordServer, bot: Bot) -> None:
    ann, ben = server.person("Ann"), server.person("Ben")
    guild = server.guild("Movie night", [ann, ben])
    away = server.guild("Without us", [ben], here=False)
    known = await bot.fetch_guild(guild.id)
    assert (await known.fetch_member(ben.id)).display_name == "Ben"
    server.leave(ben, guild)
    with pytest.raises(discord.NotFound, match="10007"):
        await known.fetch_member(ben.id)
    start = discord.utils.utcnow() + timedelta(hours=1)
    end = start + timedelta(hours=2)
    details: dict[str, Any] = {"start_time": start, "end_time": end, "entity_type": discord.EntityType.external}
    details |= {"location": "#general", "privacy_level": discord.PrivacyLevel.guild_only}
    event = await known.create_scheduled_event(name="Tonight", **details)
    assert [one.name for one in await known.fetch_scheduled_events()] == ["Tonight"]
    event = await event.edit(name="Tomorrow", status=discord.EventStatus.active)
    event = await event.edit(status=discord.EventStatus.completed)
    assert guild.events == {}
    server.permit(guild, next(role for role in guild.roles.values() if role.managed), 0)
    with pytest.raises(discord.Forbidden, match="50013"):
        await known.create_scheduled_event(name="Tonight", **details)
    with pytest.raises(discord.NotFound, match="10004"):
        await bot.fetch_guild(away.id)
    other = server.channel(guild, "other")
    server.delete_channel(other)
    server.remove_bot(guild)
    with pytest.raises(discord.Forbidden, match="50001"):
        await bot.get_partial_messageable(ann.place.id).send("x")
    await _until(lambda: bot.heard == ["deleted other", "removed Movie night"])


async def test_threads(server: DiscordServer, bot: Bot) -> None:
    ann = server.person("Ann")
    guild = server.guild("Movie night", [ann])
    home = ann.place
    channel = await bot.fetch_channel(home.id)
    assert isinstance(channel, discord.TextChannel)
    thread = await channel.create_thread(name="Side A", type=discord.ChannelType.public_thread)
    reply = await ann.slash("watch", guild.channels[thread.id], story="x")
    assert isinstance(bot.seen[-1].channel, discord.Thread)
    await guild.channels[thread.id].shown(lambda m: "Get on" in m.buttons)
    assert reply.channel.parent is home
    await thread.edit(archived=True, locked=True)
    assert guild.channels[thread.id].archived
    await thread.send("x")  # the bot may manage threads
    await thread.delete()
    with pytest.raises(discord.NotFound, match="10003"):
        await thread.send("x")


async def test_rate_limits(loose_server: DiscordServer, raw: aiohttp.ClientSession) -> None:
    server = loose_server
    guild = server.guild("Movie night", [server.person("Ann")])
    [number] = guild.channels
    path, body = f"channels/{number}/messages", {"content": "x"}
    left = []
    for _ in range(5):
        async with raw.post(path, json=body) as answer:
            left.append(answer.headers["X-RateLimit-Remaining"])
    assert left == ["4", "3", "2", "1", "0"]
    async with raw.post(path, json=body) as answer:
        told = await answer.json()
        assert (answer.status, answer.headers["X-RateLimit-Scope"], told["global"]) == (429, "user", False)
        assert 0 < told["retry_after"] <= 5
    server.clock.jump(5)
    said = await _json(raw.post(path, json=body))
    server.clock.jump(3700)
    edits = [await _json(raw.patch(f"{path}/{said['id']}", json=body)) for _ in range(4)]
    assert [one.get("code") for one in edits] == [None, None, None, 30046]
    server.limits = False
    for _ in range(8):
        assert "id" in await _json(raw.post(path, json=body))
    server.limits = True
    answers = [raw.get(f"channels/{number}") for _ in range(60)]
    codes = [one.status for one in await asyncio.gather(*answers)]
    assert codes.count(200) <= 50
    assert server.floods == 2 + codes.count(429)


async def test_faults(loose_server: DiscordServer, raw: aiohttp.ClientSession) -> None:
    server = loose_server
    guild = server.guild("Movie night", [server.person("Ann")])
    [channel] = guild.channels.values()
    path, body = f"channels/{channel.id}/messages", {"content": "x"}
    server.faults.reset(call="POST /channels")
    server.faults.lost_answer(call="POST /channels", channel=channel.id)
    for seen in (0, 1):
        with pytest.raises(aiohttp.ClientError):
            await raw.post(path, json=body)
        assert len(channel.messages) == seen
    server.faults.broken(503)
    async with raw.post(path, json=body) as answer:
        assert (answer.status, answer.content_type) == (503, "text/html")
    server.faults.flood(7, scope="global")
    assert (await _json(raw.post(path, json=body)))["global"] is True
    server.faults.missing_access(channel=channel.id)
    assert (await _json(raw.post(path, json=body)))["code"] == 50001
    server.faults.lift()
    assert "id" in await _json(raw.post(path, json=body))
    server.reset_token()
    async with raw.get("users/@me") as answer:
        assert answer.status == 401


async def test_a_shard_that_is_dropped_resumes(server: DiscordServer, bot: Bot) -> None:
    ann = server.person("Ann")
    server.guild("Movie night", [ann])
    server.gateway.drop()
    await server.gateway.changed.until(lambda: not server.gateway.connected or None)
    missed = ann.send_slash("watch", story="while you were away")
    await missed.acknowledged()
    assert server.gateway.resumes == 1
    server.gateway.reconnect()
    await _until(lambda: server.gateway.resumes == 2)
    await _until(lambda: bot.heard == ["resumed", "resumed"])
    assert len(server.gateway.identifies) == 1
    server.gateway.drop(code=4000)
    await _until(lambda: server.gateway.resumes == 3)
    server.gateway.invalidate()
    await _until(lambda: len(server.gateway.identifies) == 2)
    server.gateway.drop(lose_session=True)
    await _until(lambda: len(server.gateway.identifies) == 3)
    assert (await ann.slash("watch", story="still here")).answer == "defer"


async def test_a_token_that_is_reset(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> None:
    aim(monkeypatch, server)
    bot, token = Bot(), server.token
    life = asyncio.create_task(bot.start(token))
    await server.gateway.ready()
    server.reset_token()
    with pytest.raises(discord.ConnectionClosed, match="4004"):
        await life
    await bot.close()
    async with Bot() as again:
        with pytest.raises(discord.LoginFailure):
            await again.login(token)


async def test_the_gateway_by_hand(loose_server: DiscordServer, raw: aiohttp.ClientSession) -> None:
    server = loose_server
    ann = server.person("Ann")
    east, west = server.guild("East", [ann], shard=(0, 2)), server.guild("West", [ann], shard=(1, 2))
    server.world.commands[None] = [{"id": "5", "name": "x", "type": 1, "default_member_permissions": None}]
    good = {"token": server.token, "intents": 1, "properties": {}}
    for wrong, code in [
        ({"op": 2, "d": {**good, "token": "x"}}, 4004),
        ({"op": 2, "d": {**good, "shard": [2, 2]}}, 4010),
        ({"op": 2, "d": {**good, "intents": 1 << 15}}, 4014),
        ({"op": 2, "d": {**good, "intents": 1 << 40}}, 4013),
        ({"op": 3, "d": {}}, 4003),
    ]:
        assert await _closed(raw, server, wrong) == code
    server.gateway.largest_shard = 1
    assert await _closed(raw, server, {"op": 2, "d": good}) == 4011
    first = await _listen(raw, server, {"op": 2, "d": {**good, "shard": [0, 2]}})
    second = await _listen(raw, server, {"op": 2, "d": {**good, "shard": [1, 2]}})
    assert [(await one.receive_json())["d"]["name"] for one in (first[0], second[0])] == ["East", "West"]
    ann.send_slash("x", next(iter(west.channels.values())))
    ann.send_slash("x", next(iter(east.channels.values())))
    ann.send_slash("x", ann.dm)
    contexts = [(await first[0].receive_json())["d"]["context"] for _ in range(2)]
    assert contexts == [0, 1]
    assert (await second[0].receive_json())["d"]["guild_id"] == str(west.id)
    server.gateway.drop(1)
    ann.send_slash("x", next(iter(west.channels.values())))
    resume = {"op": 6, "d": {"token": server.token, "session_id": second[1]["session_id"], "seq": 2}}
    again = await _connect(raw, server, resume)
    kinds = [(await again.receive_json())["t"] for _ in range(3)]
    assert kinds == ["INTERACTION_CREATE", "INTERACTION_CREATE", "RESUMED"]
    server.gateway.invalidate(0)
    assert await first[0].receive_json() == {"op": 9, "d": False}
    server.gateway.strict, server.gateway.max_concurrency = True, 1
    refused = await _connect(raw, server, {"op": 2, "d": {**good, "shard": [0, 2]}})
    assert (await refused.receive_json())["op"] == 9
    for ws in (first[0], second[0], again, refused):
        await ws.close()


async def test_two_shards_of_one_client(server: DiscordServer, monkeypatch: pytest.MonkeyPatch) -> None:
    aim(monkeypatch, server)
    ann = server.person("Ann")
    server.guild("East", [ann], shard=(0, 2))
    west = server.guild("West", [ann], shard=(1, 2))
    server.gateway.shards = 2
    bot = Bot()
    async with connected(bot, server, shards=2):
        assert {guild.shard_id for guild in bot.guilds} == {0, 1}
        await ann.slash("watch", next(iter(west.channels.values())), story="x")
        assert server.gateway.drop(1) == 1
        await _until(lambda: server.gateway.resumes == 1)


async def test_a_crowd(server: DiscordServer, bot: Bot) -> None:
    ann = server.person("Ann")
    server.guild("Movie night", [ann])
    server.limits = False
    await ann.slash("watch", story="x")
    card = await ann.place.shown(lambda m: "Get on" in m.buttons)
    crowd = server.crowd(30)
    crowd.everybody(card, ["vote:7:1:on"])
    await crowd.settled()
    assert len({seen.user.id for seen in bot.seen}) == 31
    crowd.storm(card, ["vote:7:1:on"], presses=50, open_at_once=5)
    await crowd.settled()
    result = crowd.result()
    assert (result["presses"], result["acked"], len(crowd.waits)) == (50, 50, 50)


@pytest.mark.parametrize("flag", ["--unchecked", "--no-record"])
async def test_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch, flag: str) -> None:
    async with RemoteDiscord(flag) as server:
        aim(monkeypatch, server)
        ann = await server.person("Ann")
        channel = await server.guild("Movie night", ann)
        bot = Bot()
        life = asyncio.create_task(bot.start(server.token))
        await server.order("ready")
        begun = await ann.slash("watch", story="x")
        assert (await ann.spoken(begun)).text == "x begins in 0"
        card = await channel.shown(lambda m: "Get on" in m.buttons)
        assert (await ann.press(card, "Get on"))["answer"] == "defer update"
        await server.order("crowd", size=20)
        await server.order("crowd_votes", channel=channel.id, message=card.id, choices=["vote:7:1:on"])
        assert (await server.order("crowd_result", within=10))["acked"] == 20
        with pytest.raises(LookupError, match="there is no order"):
            await server.order("nothing")
        assert await server.violations() == []
        await bot.close()
        await life


async def test_what_people_write(loose_server: DiscordServer, raw: aiohttp.ClientSession) -> None:
    server = loose_server
    ann = server.person("Ann")
    server.guild("Movie night", [ann])
    intents = 1 << 9 | 1 << 12
    identify = {"op": 2, "d": {"token": server.token, "intents": intents, "properties": {}}}
    ws, _ = await _listen(raw, server, identify)
    ann.say("the bot is not meant")
    ann.say(f"<@{server.world.id}> is meant")
    ann.say("neither is it here", ann.dm)
    said = [(await ws.receive_json())["d"]["content"] for _ in range(3)]
    assert said == ["", f"<@{server.world.id}> is meant", "neither is it here"]
    await ws.close()


async def _json(answer: Any) -> Any:
    async with answer as got:
        return await got.json()


async def _connect(
    raw: aiohttp.ClientSession, server: DiscordServer, said: dict[str, Any]
) -> aiohttp.ClientWebSocketResponse:
    """A connection after its hello, with this said."""
    ws = await raw.ws_connect(f"{server.gateway_url}?v=10&encoding=json")
    assert (await ws.receive_json())["op"] == 10
    await ws.send_json(said)
    return ws


async def _listen(
    raw: aiohttp.ClientSession, server: DiscordServer, said: dict[str, Any]
) -> tuple[aiohttp.ClientWebSocketResponse, dict[str, Any]]:
    ws = await _connect(raw, server, said)
    return ws, (await ws.receive_json())["d"]


async def _closed(raw: aiohttp.ClientSession, server: DiscordServer, said: dict[str, Any]) -> int | None:
    ws = await _connect(raw, server, said)
    await ws.receive()
    return ws.close_code


async def _until(holds: Any, within: float = 10.0) -> None:
    """Looks again with every turn of the loop: for what happens inside the bot."""
    async with asyncio.timeout(within):
        while not holds():
            await asyncio.sleep(0.01)
