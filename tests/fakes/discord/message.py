"""A message as it is on people's screens."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.discord import components
from tests.fakes.discord.refusal import Body
from tests.fakes.telegram.bell import Bell

EPHEMERAL, LOADING, COMPONENTS_V2 = 1 << 6, 1 << 7, 1 << 15
"""Flags of messages."""


@dataclass(eq=False)
class Message:
    """`body` is its JSON as it stands now; edits replace it and leave the old one in `was`, oldest first."""

    body: Body
    only_for: int | None = None
    """The id of the one person who sees it, if it is ephemeral."""
    deleted: bool = False
    was: list[Body] = field(default_factory=list)
    edits: list[float] = field(default_factory=list)
    """When the bot edited it through the channel, by the server's clock."""
    files: dict[int, str] = field(default_factory=dict)
    changed: Bell = field(default_factory=Bell)
    _json: tuple[Body, str] | None = None

    @property
    def id(self) -> int:
        return int(self.body["id"])

    @property
    def channel_id(self) -> int:
        return int(self.body["channel_id"])

    @property
    def ephemeral(self) -> bool:
        return self.only_for is not None

    @property
    def loading(self) -> bool:
        """A deferred answer that says nothing yet."""
        return bool(self.body["flags"] & LOADING)

    @property
    def v2(self) -> bool:
        """Whether it is made of components only."""
        return bool(self.body["flags"] & COMPONENTS_V2)

    @property
    def parts(self) -> list[Body]:
        """Every component in it, those inside others after what holds them."""
        return list(components.walk(self.body["components"]))

    @property
    def texts(self) -> list[str]:
        """What is written in it: content, embeds, text displays, from top to bottom."""
        said = [self.body["content"]]
        for embed in self.body["embeds"]:
            said += [embed.get("title", ""), embed.get("description", "")]
            said += [f"{one['name']}: {one['value']}" for one in embed.get("fields", [])]
            said.append(embed.get("footer", {}).get("text", ""))
        said += [part["content"] for part in self.parts if part["type"] == components.TEXT]
        return [text for text in said if text]

    @property
    def text(self) -> str:
        """All of it, line by line."""
        return "\n".join(self.texts)

    @property
    def rows(self) -> list[list[str]]:
        """The labels of the buttons as they lie."""
        rows = [part["components"] for part in self.parts if part["type"] == components.ROW]
        labels = [[_label(one) for one in row if one["type"] == components.BUTTON] for row in rows]
        return [row for row in labels if row]

    @property
    def buttons(self) -> list[str]:
        """The labels of all buttons (an emoji's name where there is no label), also of those that cannot be pressed."""
        return [_label(part) for part in self.parts if part["type"] == components.BUTTON]

    @property
    def pressable(self) -> list[str]:
        """The labels of the buttons that can be pressed."""
        return [_label(part) for part in self._buttons() if not part.get("disabled") and "custom_id" in part]

    @property
    def menus(self) -> list[Body]:
        """The select menus, as JSON."""
        return [part for part in self.parts if part["type"] in components.SELECTS]

    @property
    def media(self) -> list[str]:
        """The links of all that is to be watched: galleries, thumbnails, files, attachments, embeds."""
        links = [link for part in self.parts for link in components.links_of(part)]
        links += [one["url"] for one in self.body["attachments"]]
        links += [e[kind]["url"] for e in self.body["embeds"] for kind in ("image", "thumbnail") if kind in e]
        return list(dict.fromkeys(links))

    @property
    def accents(self) -> list[int | None]:
        """The colours of its containers."""
        return [part.get("accent_color") for part in self.parts if part["type"] == components.CONTAINER]

    def button(self, which: str | int) -> Body:
        """By custom_id, by label (whole, else the only one containing it), or by place."""
        buttons = self._buttons()
        if isinstance(which, int):
            return buttons[which]
        return _only(buttons, which, self.buttons)

    def menu(self, which: str | int = 0) -> Body:
        """A select menu by custom_id, by placeholder, or by place."""
        if isinstance(which, int):
            return self.menus[which]
        return _only(self.menus, which, [menu["custom_id"] for menu in self.menus])

    def change(self, **changes: Any) -> None:
        """An edit."""
        self.was.append(self.body)
        self.body = {**self.body, **changes}

    @property
    def json(self) -> str:
        """Its JSON as text, made once for each state of it."""
        if self._json is None or self._json[0] is not self.body:
            self._json = self.body, json.dumps(self.body)
        return self._json[1]

    def __iter__(self) -> Iterator[Body]:
        """Every body it ever had, oldest first."""
        yield from (*self.was, self.body)

    def _buttons(self) -> list[Body]:
        return [part for part in self.parts if part["type"] == components.BUTTON]


def _label(button: Body) -> str:
    return str(button.get("label") or (button.get("emoji") or {}).get("name") or "")


def _only(parts: list[Body], which: str, there: list[str]) -> Body:
    named = [part for part in parts if part.get("custom_id") == which]
    exact = [part for part in parts if which in (_label(part), part.get("placeholder"))]
    close = [part for part in parts if which in _label(part) or which in str(part.get("placeholder") or "")]
    found = named or exact or close
    if len(found) != 1:
        raise LookupError(f"{len(found)} components are called {which!r}: there are {there}")
    return found[0]
