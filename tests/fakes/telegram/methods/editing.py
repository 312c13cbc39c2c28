"""Messages that the bot changes after it sent them."""

from __future__ import annotations

from tests.fakes.telegram import limits
from tests.fakes.telegram.message import MEDIA, Message
from tests.fakes.telegram.methods.sending import described, media_content
from tests.fakes.telegram.parameters import Parameters
from tests.fakes.telegram.refusal import BadRequest, Body
from tests.fakes.telegram.world import Answer, World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)
_TEXT = ("text", "entities", "link_preview_options")
_CAPTION = ("caption", "caption_entities", "show_caption_above_media")


def editable(world: World, parameters: Parameters) -> Message:
    """The message that a call is about, if the bot may change it."""
    if inline_id := parameters.text("inline_message_id"):
        if inline_id not in world.inline:
            raise BadRequest("MESSAGE_ID_INVALID")
        return world.inline[inline_id]
    chat = world.chat(parameters)
    world.writable(chat)
    if not parameters.integer("message_id"):
        raise BadRequest("message identifier is not specified")
    message = chat.message(parameters.integer("message_id"), "message to edit not found")
    own = message.body.get("from", {}).get("id") == world.me["id"] or chat.kind == "channel"
    if not own or message.kind == "service":
        raise BadRequest("message can't be edited")
    return message


def change(world: World, message: Message, parameters: Parameters, replaced: tuple[str, ...], new: Body) -> Body | bool:
    """Puts `new` in the place of the fields `replaced`; the keyboard is always replaced, by none when none is given."""
    chat = world.chats[message.chat_id]
    markup = parameters.structure("reply_markup")
    keyboard = limits.keyboard(
        markup, private=chat.private or message.inline_id is not None, invoice=message.kind == "invoice"
    )
    changes = {**dict.fromkeys(replaced), **new, "reply_markup": keyboard}
    if all(message.body.get(name) == value for name, value in changes.items()):
        raise BadRequest(NOT_MODIFIED)
    content_changed = any(message.body.get(name) != new.get(name) for name in replaced)
    edited = {"edit_date": world.clock.date()} if content_changed else {}
    message.change(**changes, **edited)
    chat.touched(message)
    return True if message.inline_id else message.body


async def edit_text(world: World, parameters: Parameters) -> Body | bool:
    message = editable(world, parameters)
    new = described(limits.message_text(parameters))
    if message.kind != "text":
        raise BadRequest("there is no text in the message to edit")
    if preview := parameters.structure("link_preview_options"):
        new["link_preview_options"] = preview
    return change(world, message, parameters, _TEXT, new)


async def edit_caption(world: World, parameters: Parameters) -> Body | bool:
    message = editable(world, parameters)
    caption = limits.message_caption(parameters.values, parameters.structure("caption_entities"))
    if message.kind not in MEDIA:
        raise BadRequest("there is no caption in the message to edit")
    new = described(caption, "caption")
    if caption.text and parameters.flag("show_caption_above_media"):
        new["show_caption_above_media"] = True
    return change(world, message, parameters, _CAPTION, new)


async def edit_media(world: World, parameters: Parameters) -> Body | bool:
    message = editable(world, parameters)
    media = parameters.structure("media")
    if message.inline_id and parameters.files:
        raise BadRequest("can't upload a file for an inline message")
    if "media_group_id" in message.body and media["type"] not in ("photo", "video"):
        raise BadRequest("can't change the type of media in an album")
    new = await media_content(world, media, parameters)
    return change(world, message, parameters, (*MEDIA, *_TEXT, *_CAPTION, "has_media_spoiler"), new)


async def edit_markup(world: World, parameters: Parameters) -> Body | bool:
    return change(world, editable(world, parameters), parameters, (), {})


METHODS: dict[str, Answer] = {
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageMedia": edit_media,
    "editMessageReplyMarkup": edit_markup,
}
