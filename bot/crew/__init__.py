"""The crew: the workers (processes) that share one database, and what each of them has to itself."""

from bot.crew.alone import Alone
from bot.crew.clock import Clock
from bot.crew.crew import Crew
from bot.crew.lanes import Lanes
from bot.crew.news import News, Topic
from bot.crew.workers import Workers

__all__ = ["Alone", "Clock", "Crew", "Lanes", "News", "Topic", "Workers"]
