"""The bot itself: its account, application, commands, gateway and direct messages."""

from __future__ import annotations

from tests.fakes.discord.naming import is_name
from tests.fakes.discord.refusal import Body, Refused, Violation, bad_request, missing_access, unknown
from tests.fakes.discord.router import ROUTER, Answer, Asked
from tests.fakes.discord.world import World

IDENTIFIES_A_DAY = 1000
MOST_COMMANDS = 100
_COMMANDS = "/applications/{application_id}/commands"
_COMMAND = _COMMANDS + "/{command_id}"
_IN_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"


@ROUTER.on("GET", "/users/@me")
def me(asked: Asked) -> Answer:
    """The bot's own account."""
    return 200, {**asked.world.me, "mfa_enabled": False, "locale": "en-US", "verified": True, "email": None}


@ROUTER.on("GET", "/users/{user_id}")
def user(asked: Asked) -> Answer:
    """Anybody's account."""
    found = asked.world.users.get(asked.number("user_id", "User"))
    if found is None:
        raise unknown("User")
    return 200, found


@ROUTER.on("GET", "/applications/@me")
def application(asked: Asked) -> Answer:
    """The application."""
    return 200, _application(asked.world)


@ROUTER.on("GET", "/oauth2/applications/@me")
def application_info(asked: Asked) -> Answer:
    """The application, at the path where discord.py looks for it."""
    return 200, _application(asked.world)


@ROUTER.on("GET", "/gateway")
def gateway(asked: Asked) -> Answer:
    """Where the gateway is."""
    return 200, {"url": asked.world.gateway.url}


@ROUTER.on("GET", "/gateway/bot")
def gateway_bot(asked: Asked) -> Answer:
    """The same, with the advice for sharding."""
    gateway = asked.world.gateway
    left = max(0, IDENTIFIES_A_DAY - len(gateway.identifies))
    start: Body = {"total": IDENTIFIES_A_DAY, "remaining": left, "reset_after": 86_400_000}
    start["max_concurrency"] = gateway.max_concurrency
    return 200, {"url": gateway.url, "shards": gateway.shards, "session_start_limit": start}


@ROUTER.on("POST", "/users/@me/channels")
def open_dm(asked: Asked) -> Answer:
    """The channel of direct messages with somebody."""
    world = asked.world
    person = int(asked.form.get("recipient_id") or 0)
    if person not in world.users or person == world.id:
        raise bad_request(50033, "Invalid Recipient(s)")
    return 200, world.dm(person).body


@ROUTER.on("GET", "/users/@me/guilds")
def my_guilds(asked: Asked) -> Answer:
    """The guilds that the bot is in."""
    world = asked.world
    told: list[Body] = [
        {
            "id": str(guild.id),
            "name": guild.name,
            "icon": None,
            "banner": None,
            "owner": False,
            "permissions": str(guild.permissions(world.id)),
            "features": [],
        }
        for guild in world.guilds.values()
        if guild.here
    ]
    return 200, told


@ROUTER.on("GET", _COMMANDS)
def commands(asked: Asked) -> Answer:
    """What is synced everywhere."""
    return 200, _list(asked, None)


@ROUTER.on("PUT", _COMMANDS)
def sync(asked: Asked) -> Answer:
    """Replaces all."""
    return 200, _replace(asked, None)


@ROUTER.on("POST", _COMMANDS)
def add_command(asked: Asked) -> Answer:
    """Adds one, or replaces the one of that name."""
    _mine(asked)
    there = asked.world.commands[None]
    command = _command(asked.world, asked.form, there, None, "")
    same = next((one for one in there if (one["name"], one["type"]) == (command["name"], command["type"])), None)
    asked.world.commands[None] = [one for one in there if one is not same] + [command]
    return (200 if same else 201), command


@ROUTER.on("GET", _COMMAND)
def command(asked: Asked) -> Answer:
    """One of them."""
    _mine(asked)
    found = next((one for one in asked.world.commands[None] if one["id"] == asked.path["command_id"]), None)
    if found is None:
        raise unknown("Application Command")
    return 200, found


@ROUTER.on("DELETE", _COMMAND)
def remove_command(asked: Asked) -> Answer:
    """Takes one away."""
    gone = command(asked)[1]
    asked.world.commands[None].remove(gone)
    return 204, None


@ROUTER.on("GET", _IN_GUILD)
def guild_commands(asked: Asked) -> Answer:
    """What is synced in one guild."""
    return 200, _list(asked, _guild(asked))


@ROUTER.on("PUT", _IN_GUILD)
def guild_sync(asked: Asked) -> Answer:
    """Replaces all of one guild."""
    return 200, _replace(asked, _guild(asked))


def _application(world: World) -> Body:
    return {
        "id": str(world.id),
        "name": "Cliffhanger",
        "icon": None,
        "description": "Interactive short dramas.",
        "type": None,
        "verify_key": "0" * 64,
        "flags": 0,
        "flags_new": "0",
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "owner": world.owner,
        "bot": world.me,
        "bot_public": True,
        "bot_require_code_grant": False,
        "approximate_guild_count": sum(guild.here for guild in world.guilds.values()),
        "approximate_user_install_count": len(world.installed),
        "approximate_user_authorization_count": 0,
        "explicit_content_filter": 0,
        "team": None,
        "eligible_oauth2_scopes": [],
    }


def _mine(asked: Asked) -> None:
    if asked.path["application_id"] != str(asked.world.id):
        raise Refused(403, 20012, "You are not authorized to perform this action on this application")


def _guild(asked: Asked) -> int:
    number = asked.number("guild_id", "Guild")
    guild = asked.world.guilds.get(number)
    if guild is None or not guild.here:
        raise missing_access()
    return number


def _list(asked: Asked, guild: int | None) -> list[Body]:
    _mine(asked)
    there = asked.world.commands.get(guild, [])
    if asked.query.get("with_localizations", "").lower() in ("true", "1"):
        return there
    return [{k: v for k, v in one.items() if not k.endswith("_localizations")} for one in there]


def _replace(asked: Asked, guild: int | None) -> list[Body]:
    _mine(asked)
    world, given = asked.world, asked.body or []
    if sum(one.get("type", 1) == 1 for one in given) > MOST_COMMANDS:
        raise bad_request(30032, f"Maximum number of application commands reached ({MOST_COMMANDS}).")
    names = [(one["name"], one.get("type", 1)) for one in given]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise Violation(
                str(place), "Application command names must be unique", "APPLICATION_COMMANDS_DUPLICATE_NAME"
            )
    old = world.commands.get(guild, [])
    world.commands[guild] = [_command(world, one, old, guild, str(place)) for place, one in enumerate(given)]
    world.syncs[guild] += 1
    world.gateway.changed.ring()
    return world.commands[guild]


def _command(world: World, given: Body, old: list[Body], guild: int | None, where: str) -> Body:
    kind = given.get("type") or 1
    if kind == 1:
        _check_names(given, where)
    same = next((one for one in old if (one["name"], one["type"]) == (given["name"], kind)), None)
    told = {name: value for name, value in given.items() if value is not None}
    told |= {"id": same["id"] if same else str(world.snowflakes.next()), "version": str(world.snowflakes.next())}
    told |= {"application_id": str(world.id), "type": kind, "description": given.get("description") or ""}
    rights = given.get("default_member_permissions")
    told["default_member_permissions"] = None if rights is None else str(rights)
    told.setdefault("nsfw", False)
    if guild is None:
        told.setdefault("contexts", None)
        told.setdefault("integration_types", [0])
        if told["contexts"] is None:
            del told["contexts"]
        return told
    return {**told, "guild_id": str(guild)}


def _check_names(given: Body, where: str) -> None:
    """Lower case wherever the script knows it, for commands and options, in every language."""
    for name in (given["name"], *(given.get("name_localizations") or {}).values()):
        if not is_name(name):
            raise Violation(f"{where}.name", f"{name!r} is no name for a command", "APPLICATION_COMMAND_INVALID_NAME")
    needed = [bool(option.get("required")) for option in given.get("options") or []]
    if needed != sorted(needed, reverse=True):
        words = "Required options must be placed before non-required options"
        raise Violation(f"{where}.options", words, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID")
    for place, option in enumerate(given.get("options") or []):
        _check_names(option, f"{where}.options.{place}")
