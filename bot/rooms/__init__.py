"""The door for watch-alongs: groups begin a room here, vote, steer it, and hear how each ballot closed."""

from bot.rooms.plans import Plan
from bot.rooms.reply import Reply
from bot.rooms.rooms import Gathered, Rooms

__all__ = ["Gathered", "Plan", "Reply", "Rooms"]
