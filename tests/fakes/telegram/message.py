"""A message as it is on people's screens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.telegram.payments import Invoice
from tests.fakes.telegram.refusal import Body

MEDIA = ("photo", "video", "animation", "document")


@dataclass(eq=False)
class Message:
    """`body` is its JSON as the Bot API shows it now; it changes with edits, which `was` keeps, oldest first."""

    body: Body
    inline_id: str | None = None
    keyboard: Body | None = None
    """A reply keyboard, its removal or a forced reply that came with it."""
    invoice: Invoice | None = None
    deleted: bool = False
    pinned: bool = False
    was: list[Body] = field(default_factory=list)
    reactions: dict[int, list[Body]] = field(default_factory=dict)
    """What everybody reacted, by user id; the bot is one of them."""

    @property
    def id(self) -> int:
        return int(self.body["message_id"])

    @property
    def chat_id(self) -> int:
        return int(self.body["chat"]["id"])

    @property
    def thread(self) -> int | None:
        """The topic it is in."""
        return self.body.get("message_thread_id")

    @property
    def text(self) -> str:
        """Its text, or its caption."""
        return str(self.body.get("text") or self.body.get("caption") or "")

    @property
    def kind(self) -> str:
        """text, photo, video, animation, document, invoice, or service."""
        return next((kind for kind in (*MEDIA, "text", "invoice") if kind in self.body), "service")

    @property
    def file_id(self) -> str:
        """The id of what it shows; a KeyError for a message without media."""
        shown = self.body[self.kind]
        return str(shown[-1]["file_id"] if self.kind == "photo" else shown["file_id"])

    @property
    def rows(self) -> list[list[Body]]:
        """The inline buttons as they lie."""
        rows: list[list[Body]] = self.body.get("reply_markup", {}).get("inline_keyboard", [])
        return rows

    @property
    def buttons(self) -> list[str]:
        """The labels of the inline buttons, left to right, top to bottom."""
        return [button["text"] for row in self.rows for button in row]

    @property
    def effect(self) -> str | None:
        return self.body.get("effect_id")

    @property
    def spoiler(self) -> bool:
        return bool(self.body.get("has_media_spoiler"))

    @property
    def protected(self) -> bool:
        return bool(self.body.get("has_protected_content"))

    @property
    def reply_to(self) -> int | None:
        replied: Body = self.body.get("reply_to_message", {})
        return replied.get("message_id")

    def button(self, which: str | int | tuple[int, int]) -> Body:
        """By label (whole, else the only one containing it), by place, or by (row, column)."""
        if isinstance(which, tuple):
            return self.rows[which[0]][which[1]]
        buttons = [button for row in self.rows for button in row]
        if isinstance(which, int):
            return buttons[which]
        found = [one for one in buttons if one["text"] == which] or [one for one in buttons if which in one["text"]]
        if len(found) != 1:
            raise LookupError(f"{len(found)} buttons are called {which!r}: there are {self.buttons}")
        return found[0]

    def change(self, **changes: Any) -> None:
        """An edit: None takes a field away."""
        self.was.append(self.body)
        changed = {**self.body, **changes}
        self.body = {name: value for name, value in changed.items() if value is not None}

    def __iter__(self) -> Iterator[Body]:
        """Every body it ever had, oldest first."""
        yield from (*self.was, self.body)
