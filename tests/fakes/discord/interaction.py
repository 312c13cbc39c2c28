"""A slash command, a press, a choice or a form of somebody's, and what they saw of the bot's answers to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.discord.channel import Channel
from tests.fakes.discord.message import LOADING, Message
from tests.fakes.discord.refusal import Body, Refused, Violation, bad_request, unknown
from tests.fakes.telegram.bell import PATIENCE, Bell
from tests.fakes.telegram.clock import Clock

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5
"""Kinds of interactions."""

SAY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, FORM = 4, 5, 6, 7, 8, 9
"""Types of callbacks: https://discord.com/developers/docs/interactions/receiving-and-responding."""

ACK_NAMES = {
    SAY: "message",
    DEFER: "defer",
    DEFER_UPDATE: "defer update",
    UPDATE: "update",
    CHOICES: "choices",
    FORM: "modal",
}

ACK_SECONDS = 3.0
TOKEN_SECONDS = 900.0

_ALLOWED = {
    COMMAND: (SAY, DEFER, FORM),
    COMPONENT: (SAY, DEFER, DEFER_UPDATE, UPDATE, FORM),
    AUTOCOMPLETE: (CHOICES,),
    MODAL: (SAY, DEFER, DEFER_UPDATE, UPDATE),
}


@dataclass(eq=False, slots=True)
class Interaction:
    """`opened` and `acked_at` are by the server's clock. What the person sees hangs on `messages` and `choices`."""

    id: int
    token: str
    kind: int
    user: int
    channel: Channel
    opened: float
    clock: Clock
    message: Message | None = None
    """The message whose component was used."""
    app_in_guild: bool = True
    owners: Body = field(default_factory=dict)
    name: str = ""
    ack: int | None = None
    """The callback's type; None while there is none."""
    acked_at: float = 0.0
    original: Message | None = None
    """The first answer; after an update, the message that was pressed."""
    messages: list[Message] = field(default_factory=list)
    """All answers that are messages of their own, oldest first."""
    choices: list[Body] = field(default_factory=list)
    modal: Body | None = None
    """The form that was opened: custom_id, title, components."""
    errors: list[str] = field(default_factory=list)
    """What the server refused the bot about this interaction."""
    bell: Bell = field(default_factory=Bell)
    ahead: float = field(init=False)
    """How far the clock had jumped when it began."""
    leniency: float = 0.0
    """Real seconds more that the bot may take."""

    def __post_init__(self) -> None:
        self.ahead = self.clock.ahead

    @property
    def answer(self) -> str | None:
        """How the bot answered first: message, defer, defer update, update, choices, modal; None while it has not."""
        return ACK_NAMES[self.ack] if self.ack else None

    @property
    def ack_seconds(self) -> float:
        """From the press to the first answer, by the server's clock."""
        return self.acked_at - self.opened

    @property
    def failed(self) -> bool:
        """Whether the person saw "The application did not respond"."""
        return self.ack is None and self.late

    @property
    def late(self) -> bool:
        """Whether the time for a first answer is over: a clock that jumped is nobody's stall, and needs no leniency."""
        jumped = self.clock.ahead - self.ahead
        return jumped > ACK_SECONDS or self.clock.now() - jumped > self.opened + ACK_SECONDS + self.leniency

    @property
    def ephemeral(self) -> list[Message]:
        """The answers that only this person sees, without those that were dismissed or say nothing yet."""
        return [one for one in self.messages if one.ephemeral and not one.deleted and not one.loading]

    @property
    def said(self) -> Message | None:
        """The newest answer that says something."""
        return next((one for one in reversed(self.messages) if not one.loading and not one.deleted), None)

    @property
    def text(self) -> str:
        """What the newest answer says; empty while there is none."""
        return self.said.text if self.said else ""

    async def acknowledged(self, within: float = PATIENCE) -> Interaction:
        """Waits for the first answer of any kind. TimeoutError if there is none, at once if 3 s were jumped over."""
        await self.bell.until(lambda: self.ack or self.failed or None, within, f"an answer to {self.name}")
        if self.ack is None:
            raise TimeoutError(f"the application did not respond to {self.name}: {self.errors}")
        return self

    async def spoken(self, within: float = PATIENCE) -> Message:
        """Waits until an answer says something, and is that message."""
        return await self.bell.until(lambda: self.said, within, f"a message in answer to {self.name}")

    def first(self, callback: int) -> None:
        """The callback arrives; Refused when it is late, a second one, or of a type that cannot be here."""
        if self.ack is not None:
            raise bad_request(40060, "Interaction has already been acknowledged.")
        if self.late:
            raise unknown("Interaction")
        on_message = self.message is not None or callback not in (DEFER_UPDATE, UPDATE)
        if callback not in _ALLOWED[self.kind] or not on_message:
            raise Violation("type", f"{callback} is no answer to this interaction.", "BASE_TYPE_CHOICES")

    def acked(self, callback: int) -> None:
        """The person sees that something happens."""
        self.ack = callback
        self.acked_at = self.clock.now()
        self.bell.ring()

    def usable(self) -> None:
        """Refused when its token is worth nothing: before the first answer, or too late."""
        if self.clock.now() > self.opened + TOKEN_SECONDS:
            raise Refused(401, 50027, "Invalid Webhook Token")
        if self.ack is None or self.ack in (CHOICES, FORM):
            raise unknown("Webhook")

    @property
    def waiting(self) -> Message | None:
        """The deferred answer that the next message fills in."""
        return self.original if self.original and self.original.body["flags"] & LOADING else None
