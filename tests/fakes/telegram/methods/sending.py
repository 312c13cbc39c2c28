"""Messages that the bot sends."""

from __future__ import annotations

from typing import Any

from tests.fakes.telegram import limits
from tests.fakes.telegram.chat import GENERAL, Chat
from tests.fakes.telegram.entities import Formatted
from tests.fakes.telegram.files import File
from tests.fakes.telegram.message import Message
from tests.fakes.telegram.parameters import Parameters
from tests.fakes.telegram.payments import read_invoice
from tests.fakes.telegram.refusal import BadRequest, Body, Violation
from tests.fakes.telegram.world import Answer, World

_SPOILERS = ("photo", "video", "animation")


def destination(world: World, parameters: Parameters) -> Chat:
    """Where a call sends to, if the bot may write there; its topic must be one that is there."""
    chat = world.chat(parameters)
    world.writable(chat)
    thread = parameters.integer("message_thread_id")
    if thread and (thread == GENERAL or thread not in chat.topics):
        raise BadRequest("message thread not found")
    limits.effect(parameters.text("message_effect_id"), private=chat.private)
    return chat


def post(world: World, chat: Chat, parameters: Parameters, content: Body, invoice: bool = False) -> Message:
    """The bot's new message in that chat."""
    markup = parameters.structure("reply_markup")
    keyboard = limits.keyboard(markup, private=chat.private, invoice=invoice)
    body: Body = {"message_id": 0, "date": world.clock.date(), "chat": chat.body, **content}
    body |= {"sender_chat": chat.body} if chat.kind == "channel" else {"from": world.me}
    if keyboard:
        body["reply_markup"] = keyboard
    if thread := parameters.integer("message_thread_id"):
        body |= {"message_thread_id": thread, "is_topic_message": True}
    if replied := replied_to(world, chat, parameters):
        body["reply_to_message"] = replied
    if parameters.flag("protect_content"):
        body["has_protected_content"] = True
    if effect := parameters.text("message_effect_id"):
        body["effect_id"] = effect
    body["message_id"] = chat.next_id()
    return chat.add(Message(body, keyboard=None if keyboard else markup))


def replied_to(world: World, chat: Chat, parameters: Parameters) -> Body | None:
    """The body of the message that a call replies to."""
    wanted = parameters.structure("reply_parameters")
    if not wanted:
        return None
    if "chat_id" in wanted:
        chat = world.chat(Parameters(wanted))
    found = chat.by_id.get(wanted["message_id"])
    if found is None or found.deleted:
        if wanted.get("allow_sending_without_reply"):
            return None
        raise BadRequest("message to be replied not found")
    return {name: value for name, value in found.body.items() if name != "reply_to_message"}


def described(said: Formatted, name: str = "text") -> Body:
    """A text or a caption as it stands in a message."""
    if not said.text:
        return {}
    entities = "entities" if name == "text" else "caption_entities"
    return {name: said.text, entities: said.entities} if said.entities else {name: said.text}


def shown(file: File, caption: Formatted, values: Any) -> Body:
    """A file and its caption as they stand in a message. An animation is told as a document too."""
    content: Body = {file.kind: file.shown, **described(caption, "caption")}
    if file.kind == "animation":
        content["document"] = file.shown
    truth = (True, "true", "True", "1")
    if file.kind in _SPOILERS and values.get("has_spoiler") in truth:
        content["has_media_spoiler"] = True
    if caption.text and values.get("show_caption_above_media") in truth:
        content["show_caption_above_media"] = True
    return content


def facts(parameters: Parameters) -> Body:
    """What a call says about its clip."""
    return {name: parameters.integer(name) for name in ("width", "height", "duration")}


def source(parameters: Parameters, name: str) -> str:
    """What stands for the file in a call: the name of its upload, an id, or a URL."""
    if name in parameters.files:
        return name
    if said := parameters.text(name):
        return said
    raise Violation(f"there is no {name} in the request")


async def send_message(world: World, parameters: Parameters) -> Body:
    chat = destination(world, parameters)
    content = described(limits.message_text(parameters))
    if preview := parameters.structure("link_preview_options"):
        content["link_preview_options"] = preview
    return post(world, chat, parameters, content).body


def sender_of(kind: str) -> Answer:
    """sendPhoto, sendVideo and the like."""

    async def send(world: World, parameters: Parameters) -> Body:
        chat = destination(world, parameters)
        caption = limits.message_caption(parameters.values, parameters.structure("caption_entities"))
        uploads = parameters.files
        file = await world.files.take(kind, source(parameters, kind), uploads, facts(parameters))
        content = shown(file, caption, parameters.values)
        if "cover" in parameters:
            cover = await world.files.take("photo", source(parameters, "cover"), uploads, {})
            content[file.kind] = {**file.shown, "cover": cover.shown}
        return post(world, chat, parameters, content).body

    return send


async def send_media_group(world: World, parameters: Parameters) -> list[Body]:
    chat = destination(world, parameters)
    album = parameters.structure("media") or []
    if len(album) not in limits.MEDIA_GROUP:
        raise Violation("media group must include 2-10 items")
    if len({_family(media["type"]) for media in album}) > 1:
        raise Violation("documents and other media can't be mixed in an album")
    contents = [await media_content(world, media, parameters) for media in album]
    group = str(13_000_000_000_000_000 + next(world.numbers))
    return [post(world, chat, parameters, {**content, "media_group_id": group}).body for content in contents]


async def media_content(world: World, media: Body, parameters: Parameters) -> Body:
    """What an InputMedia shows."""
    caption = limits.message_caption(media, media.get("caption_entities"))
    file = await world.files.take(media["type"], media["media"], parameters.files, media)
    return shown(file, caption, media)


def _family(kind: str) -> str:
    return "visual" if kind in ("photo", "video") else kind


async def copy_message(world: World, parameters: Parameters) -> Body:
    chat = destination(world, parameters)
    origin = world.chat(parameters, "from_chat_id")
    message = origin.message(parameters.integer("message_id"), "message to copy not found")
    if message.kind in ("service", "invoice"):
        raise BadRequest("message can't be copied")
    kept = ("text", "entities", "caption", "caption_entities", "has_media_spoiler", "document", message.kind)
    content = {name: message.body[name] for name in kept if name in message.body}
    if "caption" in parameters and message.kind != "text":
        caption = limits.message_caption(parameters.values, parameters.structure("caption_entities"))
        content.pop("caption", None)
        content.pop("caption_entities", None)
        content |= described(caption, "caption")
    return {"message_id": post(world, chat, parameters, content).id}


async def send_invoice(world: World, parameters: Parameters) -> Body:
    chat = destination(world, parameters)
    invoice = check_invoice(parameters)
    told = {
        "title": invoice.title,
        "description": invoice.description,
        "start_parameter": parameters.text("start_parameter"),
        "currency": "XTR",
        "total_amount": invoice.amount,
    }
    if "reply_markup" not in parameters:
        pay = [[{"text": f"Pay ⭐️{invoice.amount}", "pay": True}]]
        parameters = parameters.with_values(reply_markup={"inline_keyboard": pay})
    message = post(world, chat, parameters, {"invoice": told}, invoice=True)
    message.invoice = invoice
    return message.body


async def create_invoice_link(world: World, parameters: Parameters) -> str:
    return world.payments.link(check_invoice(parameters))


def check_invoice(parameters: Parameters) -> Any:
    """The invoice of a call, within its limits."""
    invoice = read_invoice(parameters)
    limits.length("title", invoice.title, range(1, limits.INVOICE_TITLE + 1))
    limits.length("description", invoice.description, range(1, limits.INVOICE_DESCRIPTION + 1))
    if not 1 <= len(invoice.payload.encode()) <= limits.INVOICE_PAYLOAD:
        raise Violation("INVOICE_PAYLOAD_INVALID")
    return invoice


async def send_chat_action(world: World, parameters: Parameters) -> bool:
    chat = destination(world, parameters)
    if parameters.text("action") not in limits.CHAT_ACTIONS:
        raise Violation("wrong parameter action in request")
    chat.actions.append((parameters.text("action"), parameters.integer("message_thread_id") or None))
    return True


METHODS: dict[str, Answer] = {
    "sendMessage": send_message,
    "sendPhoto": sender_of("photo"),
    "sendVideo": sender_of("video"),
    "sendAnimation": sender_of("animation"),
    "sendDocument": sender_of("document"),
    "sendMediaGroup": send_media_group,
    "copyMessage": copy_message,
    "sendInvoice": send_invoice,
    "createInvoiceLink": create_invoice_link,
    "sendChatAction": send_chat_action,
}
