"""The bot's answers to interactions: the callback within 3 s, then 15 minutes on its token."""

from __future__ import annotations

from tests.fakes.discord import interaction as kinds
from tests.fakes.discord import posting
from tests.fakes.discord.interaction import Interaction
from tests.fakes.discord.message import EPHEMERAL, Message
from tests.fakes.discord.permissions import Permission
from tests.fakes.discord.refusal import Body, Refused, bad_request, unknown
from tests.fakes.discord.router import ROUTER, Answer, Asked

MOST_FOLLOWUPS = 5
"""For an app that is only installed by the person, not in the guild."""

_HOOK = "/webhooks/{webhook_id}/{webhook_token}"
_MESSAGE = _HOOK + "/messages/{message_id}"
_ORIGINAL = _HOOK + "/messages/@original"


@ROUTER.on("POST", "/interactions/{interaction_id}/{interaction_token}/callback", open=True)
def callback(asked: Asked) -> Answer:
    """The first answer."""
    world = asked.world
    number = asked.number("interaction_id", "Interaction")
    interaction = world.interactions.get(number)
    if interaction is None or interaction.token != asked.path["interaction_token"]:
        raise unknown("Interaction")
    answer = asked.form.get("type", 0)
    try:
        interaction.first(answer)
        _act(asked, interaction, answer, asked.form.get("data") or {})
    except Refused as refused:
        interaction.errors.append(str(refused))
        raise
    interaction.acked(answer)
    if asked.query.get("with_response", "").lower() not in ("true", "1"):
        return 204, None
    return 200, _response(interaction, answer)


@ROUTER.on("POST", _HOOK, open=True)
def followup(asked: Asked) -> Answer:
    """A further message. The first one after a deferral fills in what "thinking" stood for."""
    world, interaction = asked.world, _by_token(asked)
    if waiting := interaction.waiting:
        posting.edit(world, interaction.channel, waiting, asked.form, asked.files)
        interaction.bell.ring()
        return 200, waiting.body
    if not interaction.app_in_guild and len(interaction.messages) > MOST_FOLLOWUPS:
        raise bad_request(40094, "Maximum number of follow-up messages reached")
    message = _say(asked, interaction, asked.form)
    return 200, message.body


@ROUTER.on("GET", _ORIGINAL, open=True)
def read_original(asked: Asked) -> Answer:
    """The first answer, or the message that was pressed."""
    return 200, _original(_by_token(asked)).body


@ROUTER.on("PATCH", _ORIGINAL, open=True)
def edit_original(asked: Asked) -> Answer:
    """Fills in a deferred answer, or changes the first one."""
    interaction = _by_token(asked)
    return _edit(asked, interaction, _original(interaction))


@ROUTER.on("DELETE", _ORIGINAL, open=True)
def delete_original(asked: Asked) -> Answer:
    """Takes the first answer away."""
    interaction = _by_token(asked)
    posting.delete(asked.world, interaction.channel, _original(interaction))
    interaction.bell.ring()
    return 204, None


@ROUTER.on("GET", _MESSAGE, open=True)
def read(asked: Asked) -> Answer:
    """One of the answers."""
    return 200, _answer_message(asked, _by_token(asked)).body


@ROUTER.on("PATCH", _MESSAGE, open=True)
def edit(asked: Asked) -> Answer:
    """Changes one of the answers."""
    interaction = _by_token(asked)
    return _edit(asked, interaction, _answer_message(asked, interaction))


@ROUTER.on("DELETE", _MESSAGE, open=True)
def delete(asked: Asked) -> Answer:
    """Takes one of the answers away."""
    interaction = _by_token(asked)
    posting.delete(asked.world, interaction.channel, _answer_message(asked, interaction))
    interaction.bell.ring()
    return 204, None


def _act(asked: Asked, interaction: Interaction, answer: int, data: Body) -> None:
    world, channel = asked.world, interaction.channel
    if answer == kinds.SAY:
        interaction.original = _say(asked, interaction, data)
    elif answer == kinds.DEFER:
        only_for = interaction.user if _is_ephemeral(data) else None
        message = posting.loading(world, channel, only_for, _origin(asked, interaction))
        interaction.original = message
        interaction.messages.append(message)
    elif answer == kinds.DEFER_UPDATE:
        interaction.original = interaction.message
    elif answer == kinds.UPDATE and interaction.message:
        if interaction.message.deleted:
            raise unknown("Message")
        interaction.original = posting.edit(world, channel, interaction.message, data, asked.files)
    elif answer == kinds.CHOICES:
        interaction.choices = data.get("choices") or []
    elif answer == kinds.FORM:
        interaction.modal = data


def _say(asked: Asked, interaction: Interaction, given: Body) -> Message:
    world, channel = asked.world, interaction.channel
    if asked.files and channel.guild and interaction.app_in_guild:
        world.need(channel, Permission.ATTACH_FILES)
    only_for = interaction.user if _is_ephemeral(given) else None
    message = posting.post(world, channel, given, asked.files, only_for=only_for, more=_origin(asked, interaction))
    interaction.messages.append(message)
    interaction.bell.ring()
    return message


def _edit(asked: Asked, interaction: Interaction, message: Message) -> Answer:
    posting.edit(asked.world, interaction.channel, message, asked.form, asked.files)
    interaction.bell.ring()
    return 200, message.body


def _origin(asked: Asked, interaction: Interaction) -> Body:
    """What a message tells of the interaction that it came from."""
    world = asked.world
    metadata: Body = {"id": str(interaction.id), "type": interaction.kind}
    metadata |= {"user": world.users[interaction.user], "authorizing_integration_owners": interaction.owners}
    if interaction.kind == kinds.COMPONENT and interaction.message:
        metadata["interacted_message_id"] = str(interaction.message.id)
    if interaction.kind == kinds.MODAL:
        inner = {"id": str(interaction.id), "type": kinds.COMMAND, "authorizing_integration_owners": interaction.owners}
        metadata["triggering_interaction_metadata"] = inner
    told: Body = {"application_id": str(world.id), "webhook_id": str(world.id), "interaction_metadata": metadata}
    return {**told, "type": posting.COMMAND_ANSWER if interaction.kind == kinds.COMMAND else 0}


def _is_ephemeral(given: Body) -> bool:
    return bool(int(given.get("flags") or 0) & EPHEMERAL)


def _by_token(asked: Asked) -> Interaction:
    interaction = asked.world.by_token.get(asked.path["webhook_token"])
    if interaction is None or asked.path["webhook_id"] != str(asked.world.id):
        raise unknown("Webhook")
    interaction.usable()
    return interaction


def _original(interaction: Interaction) -> Message:
    if interaction.original is None or interaction.original.deleted:
        raise unknown("Message")
    return interaction.original


def _answer_message(asked: Asked, interaction: Interaction) -> Message:
    number = asked.number("message_id", "Message")
    there = [*interaction.messages, *([interaction.message] if interaction.message else [])]
    found = next((one for one in there if one.id == number and not one.deleted), None)
    if found is None:
        raise unknown("Message")
    return found


def _response(interaction: Interaction, answer: int) -> Body:
    told: Body = {"id": str(interaction.id), "type": interaction.kind}
    if interaction.channel.guild:
        told["guild_id"] = str(interaction.channel.guild_id)
    told["channel_id"] = str(interaction.channel.id)
    message = interaction.original
    if message and answer in (kinds.SAY, kinds.DEFER, kinds.UPDATE, kinds.DEFER_UPDATE):
        told |= {"response_message_id": str(message.id), "response_message_loading": message.loading}
        told["response_message_ephemeral"] = message.ephemeral
    body: Body = {"interaction": told}
    if message and answer in (kinds.SAY, kinds.DEFER, kinds.UPDATE):
        body["resource"] = {"type": kinds.SAY if answer == kinds.DEFER else answer, "message": message.body}
    return body
