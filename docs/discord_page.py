"""A channel as Discord shows it: messages of the local Discord as HTML, in the look of its dark theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from docs.chat_page import ICON
from docs.discord_parts import Look, Parts
from docs.discord_text import Reader
from tests.fakes.discord import Channel, Message
from tests.fakes.discord.refusal import Body

STYLE = Path(__file__).with_name("discord_page.css")

COLOURS = ("#5865f2", "#3ba55d", "#faa61a", "#ed4245", "#eb459e", "#00a8a8")
"""Of people without a picture."""

EYE = '<svg viewBox="0 0 16 16"><path d="M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8Z"/><circle cx="8" cy="8" r="2"/></svg>'  # noqa: E501 - a drawing
THREAD = '<svg viewBox="0 0 24 24"><path d="M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-7l-4 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Z"/></svg>'  # noqa: E501 - a drawing


@dataclass(frozen=True, slots=True)
class Post:
    """A message, and what stands above it where somebody's command or button brought it."""

    message: Message
    used: str = ""
    """The command, such as /play."""
    by: str = ""
    replies: int = 0
    """Messages in its thread."""


@dataclass(frozen=True, slots=True)
class View:
    """A channel, or a thread of one, and what is to be seen of it."""

    channel: Channel
    posts: Sequence[Post]


def page(views: Sequence[View], reader: Reader, look: Look) -> str:
    """Channels side by side, each as tall as what stands in it."""
    shown = "".join(_channel(view, reader, Parts(reader, look)) for view in views)
    return f"""<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Discord</title>
<style>{STYLE.read_text("utf-8")}</style><body>{shown}"""


def _channel(view: View, reader: Reader, parts: Parts) -> str:
    channel = view.channel
    sign = f'<span class="sign thread">{THREAD}</span>' if channel.is_thread else '<span class="sign">#</span>'
    told, before = "", None
    for post in view.posts:
        told += _message(post, before, reader, parts)
        before = post
    where = f"“{channel.name}”" if channel.is_thread else f"#{channel.name}"
    return f"""<main><header>{sign}<b>{escape(channel.name)}</b></header><div class="messages">{told}</div>
<footer><span>Message {escape(where)}</span></footer></main>"""


def _message(post: Post, before: Post | None, reader: Reader, parts: Parts) -> str:
    """The author is named anew only where something else stood between."""
    message = post.message
    body, author = message.body, message.body["author"]
    follows = before is not None and not post.used and before.message.body["author"] == author
    follows = follows and before is not None and message.ephemeral == before.message.ephemeral
    head = "" if follows else _above(post) + _avatar(author) + _author(author, body)
    edited = '<span class="edited">(edited)</span>' if body["edited_timestamp"] and not message.v2 else ""
    said = f'<div class="text">{reader.html(body["content"])}{edited}</div>' if body["content"] else ""
    kinds = " ".join(kind for kind, so in (("follows", follows), ("mine", message.ephemeral)) if so)
    return f"""<article class="{kinds}">{head}<div class="body">{said}{parts.html(body["components"])}{_thread(post)}
{_dismiss() if message.ephemeral else ""}</div></article>"""


def _above(post: Post) -> str:
    """Which command it answers."""
    if not post.used:
        return ""
    dot = f'<span class="dot" style="background:{_colour(post.by)}">{escape(post.by[0])}</span>'
    return f'<div class="above">{dot}<b>{escape(post.by)}</b> used <em>{escape(post.used)}</em></div>'


def _avatar(author: Body) -> str:
    if author.get("bot"):
        return f'<span class="face bot">{ICON.read_text("utf-8")}</span>'
    name = author["global_name"]
    return f'<span class="face" style="background:{_colour(name)}">{escape(name[0])}</span>'


def _colour(name: str) -> str:
    return COLOURS[sum(map(ord, name)) % len(COLOURS)]


def _author(author: Body, body: Body) -> str:
    app = '<span class="app">APP</span>' if author.get("bot") else ""
    at = datetime.fromisoformat(body["timestamp"]).astimezone(UTC)
    return f'<div class="who"><b>{escape(author["global_name"])}</b>{app}<time>{at:%H:%M}</time></div>'


def _thread(post: Post) -> str:
    """The box that leads from a message into its thread."""
    thread = post.message.body.get("thread")
    if thread is None:
        return ""
    told = f"{post.replies} Message{'' if post.replies == 1 else 's'} ›"
    return f'<div class="starter"><b>{escape(thread["name"])}</b><em>{told}</em></div>'


def _dismiss() -> str:
    return f'<div class="only">{EYE}Only you can see this · <em>Dismiss message</em></div>'
