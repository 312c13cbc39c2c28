"""What each path of the REST API does: importing this fills the router."""

from __future__ import annotations

from tests.fakes.discord.router import ROUTER
from tests.fakes.discord.routes import application, channels, events, guilds, interactions, messages, threads

__all__ = ["ROUTER", "application", "channels", "events", "guilds", "interactions", "messages", "threads"]
