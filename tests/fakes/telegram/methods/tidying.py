"""What else the bot does to messages: delete, pin, react."""

from __future__ import annotations

from tests.fakes.telegram.chat import Chat
from tests.fakes.telegram.limits import REACTIONS
from tests.fakes.telegram.message import Message
from tests.fakes.telegram.parameters import Parameters
from tests.fakes.telegram.refusal import BadRequest, Body, Violation
from tests.fakes.telegram.world import Answer, World

DELETABLE_SECONDS = 48 * 3600
MOST_AT_ONCE = 100


def _deletable(world: World, chat: Chat, message: Message) -> bool:
    young = world.clock.now() - message.body["date"] <= DELETABLE_SECONDS
    own = message.body.get("from", {}).get("id") == world.me["id"]
    return world.is_admin(chat) or (young and (own or chat.private))


async def delete_message(world: World, parameters: Parameters) -> bool:
    chat = world.chat(parameters)
    message = chat.message(parameters.integer("message_id"), "message to delete not found")
    if not _deletable(world, chat, message):
        raise BadRequest("message can't be deleted for everyone")
    message.deleted = True
    chat.touched(message)
    return True


async def delete_messages(world: World, parameters: Parameters) -> bool:
    chat = world.chat(parameters)
    wanted = parameters.structure("message_ids") or []
    if not 1 <= len(wanted) <= MOST_AT_ONCE:
        raise Violation(f"message_ids must have 1-{MOST_AT_ONCE} elements")
    for message_id in wanted:
        message = chat.by_id.get(message_id)
        if message and not message.deleted and _deletable(world, chat, message):
            message.deleted = True
            chat.touched(message)
    return True


async def pin(world: World, parameters: Parameters) -> bool:
    chat = _pinnable(world, parameters)
    message = chat.message(parameters.integer("message_id"), "message to pin not found")
    message.pinned = True
    chat.touched(message)
    return True


async def unpin(world: World, parameters: Parameters) -> bool:
    chat = _pinnable(world, parameters)
    message = chat.by_id.get(parameters.integer("message_id")) if "message_id" in parameters else chat.pinned
    if message is None or not message.pinned:
        raise BadRequest("message to unpin not found")
    message.pinned = False
    chat.touched(message)
    return True


async def unpin_all(world: World, parameters: Parameters) -> bool:
    for message in _pinnable(world, parameters).messages:
        message.pinned = False
    return True


def _pinnable(world: World, parameters: Parameters) -> Chat:
    chat = world.chat(parameters)
    world.writable(chat)
    if not chat.private and not world.is_admin(chat):
        raise BadRequest("not enough rights to manage pinned messages in the chat")
    return chat


async def react(world: World, parameters: Parameters) -> bool:
    chat = world.chat(parameters)
    world.writable(chat)
    message = chat.message(parameters.integer("message_id"), "message to react not found")
    wanted: list[Body] = parameters.structure("reaction") or []
    if len(wanted) > 1:
        raise Violation("REACTIONS_TOO_MANY")
    if any(one["type"] != "emoji" or one["emoji"] not in REACTIONS for one in wanted):
        raise Violation("REACTION_INVALID")
    message.reactions[world.me["id"]] = wanted
    chat.touched(message)
    return True


METHODS: dict[str, Answer] = {
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "pinChatMessage": pin,
    "unpinChatMessage": unpin,
    "unpinAllChatMessages": unpin_all,
    "setMessageReaction": react,
}
