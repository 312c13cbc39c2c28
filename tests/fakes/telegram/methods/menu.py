"""What people see of the bot before they write: commands, name, descriptions, the menu button, chats and members."""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.telegram import limits
from tests.fakes.telegram.chat import Chat
from tests.fakes.telegram.parameters import Parameters
from tests.fakes.telegram.refusal import BadRequest, Body, Violation
from tests.fakes.telegram.world import Answer, World

_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_LANGUAGE = re.compile(r"([a-z]{2})?")
_ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
)
_LENGTHS = {"name": 64, "description": 512, "short_description": 120}


def _language(parameters: Parameters) -> str:
    language = parameters.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise Violation("LANGUAGE_CODE_INVALID")
    return language


def _scope(parameters: Parameters) -> tuple[Any, ...]:
    scope = parameters.structure("scope") or {"type": "default"}
    return scope["type"], scope.get("chat_id"), scope.get("user_id"), _language(parameters)


async def set_commands(world: World, parameters: Parameters) -> bool:
    commands: list[Body] = parameters.structure("commands")
    if len(commands) > limits.COMMANDS:
        raise Violation("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command["command"].removeprefix("/")):
            raise Violation("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"].strip()) <= 256:
            raise Violation("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_scope(parameters)] = commands
    return True


async def get_commands(world: World, parameters: Parameters) -> list[Body]:
    return world.commands.get(_scope(parameters), [])


async def delete_commands(world: World, parameters: Parameters) -> bool:
    world.commands.pop(_scope(parameters), None)
    return True


def commands_for(world: World, person: Body, chat: Chat) -> list[Body]:
    """The commands that a person sees in a chat, by https://core.telegram.org/bots/api#determining-list-of-commands."""
    admin = chat.members.get(person["id"]) in ("creator", "administrator")
    scopes: list[tuple[Any, ...]] = [("chat", chat.id, None), ("all_private_chats", None, None)]
    if not chat.private:
        scopes = [("chat_member", chat.id, person["id"])]
        scopes += [("chat_administrators", chat.id, None)] if admin else []
        scopes += [("chat", chat.id, None)]
        scopes += [("all_chat_administrators", None, None)] if admin else []
        scopes += [("all_group_chats", None, None)]
    for scope in [*scopes, ("default", None, None)]:
        for language in (person.get("language_code", ""), ""):
            if found := world.commands.get((*scope, language)):
                return found
    return []


def text_setter(what: str) -> Answer:
    """setMyName, setMyDescription, setMyShortDescription."""

    async def set_text(world: World, parameters: Parameters) -> bool:
        limits.length(what, parameters.text(what), range(_LENGTHS[what] + 1))
        world.texts[what, _language(parameters)] = parameters.text(what)
        return True

    return set_text


def text_getter(what: str) -> Answer:
    async def get_text(world: World, parameters: Parameters) -> Body:
        fallback = world.texts.get((what, ""), world.me["first_name"] if what == "name" else "")
        return {what: world.texts.get((what, _language(parameters)), fallback)}

    return get_text


async def set_menu_button(world: World, parameters: Parameters) -> bool:
    button = parameters.structure("menu_button") or {"type": "default"}
    if "web_app" in button:
        limits.web_app_url(button["web_app"]["url"])
    if "chat_id" in parameters:
        world.chat(parameters).menu_button = button
    else:
        world.menu_button = button
    return True


async def get_menu_button(world: World, parameters: Parameters) -> Body:
    own = world.chat(parameters).menu_button if "chat_id" in parameters else None
    return own or world.menu_button


async def get_chat(world: World, parameters: Parameters) -> Body:
    chat = world.chat(parameters)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    full = {
        **chat.body,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
    return {**full, "pinned_message": chat.pinned.body} if chat.pinned else full


def member(world: World, chat: Chat, user_id: int) -> Body:
    """A ChatMember. BadRequest for somebody nobody knows."""
    user = world.me if user_id == world.me["id"] else world.people.get(user_id)
    if user is None:
        raise BadRequest("PARTICIPANT_ID_INVALID")
    status = chat.members.get(user_id, "member" if chat.private else "left")
    told: Body = {"status": status, "user": user}
    if status == "creator":
        told["is_anonymous"] = False
    elif status == "administrator":
        told |= {"can_be_edited": False, "is_anonymous": False, **dict.fromkeys(_ADMIN_RIGHTS, True)}
    elif status == "kicked":
        told["until_date"] = 0
    return told


async def get_member(world: World, parameters: Parameters) -> Body:
    return member(world, world.chat(parameters), parameters.integer("user_id"))


async def get_administrators(world: World, parameters: Parameters) -> list[Body]:
    chat = world.chat(parameters)
    if chat.private:
        raise BadRequest("there are no administrators in the private chat")
    admins = [user for user, status in chat.members.items() if status in ("creator", "administrator")]
    return [member(world, chat, user) for user in admins if user != world.me["id"]]


async def count_members(world: World, parameters: Parameters) -> int:
    chat = world.chat(parameters)
    return 2 if chat.private else sum(status not in ("left", "kicked") for status in chat.members.values())


async def leave(world: World, parameters: Parameters) -> bool:
    world.chat(parameters).members[world.me["id"]] = "left"
    return True


METHODS: dict[str, Answer] = {
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "setMyName": text_setter("name"),
    "setMyDescription": text_setter("description"),
    "setMyShortDescription": text_setter("short_description"),
    "getMyName": text_getter("name"),
    "getMyDescription": text_getter("description"),
    "getMyShortDescription": text_getter("short_description"),
    "setChatMenuButton": set_menu_button,
    "getChatMenuButton": get_menu_button,
    "getChat": get_chat,
    "getChatMember": get_member,
    "getChatAdministrators": get_administrators,
    "getChatMemberCount": count_members,
    "leaveChat": leave,
}
