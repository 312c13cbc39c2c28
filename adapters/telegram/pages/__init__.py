"""Every page by its name, as notes and buttons call it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from adapters.telegram.page import MakePage
from adapters.telegram.pages import journey, links, money, rights, settings, stories, watch

PAGES: Mapping[str, MakePage] = MappingProxyType(
    {
        "start": stories.catalogue,
        "stories": stories.catalogue,
        "map": journey.chart,
        "endings": journey.endings,
        "rewind": journey.rewind,
        "joining": journey.joining,
        "language": settings.language,
        "settings": settings.settings,
        "link": links.code,
        "linked": links.linked,
        "set": settings.settled,
        "help": settings.help_page,
        "say-more": settings.say_more,
        "private-only": settings.private_only,
        "ask": settings.ask,
        "privacy": rights.privacy,
        "export": rights.export,
        "forget": rights.forget,
        "forgotten": rights.forgotten,
        "kept": rights.kept,
        "terms": money.terms,
        "paysupport": money.paysupport,
        "paid": money.paid,
        "refund": money.refund,
        "refunded": money.refunded,
        "watch-usage": watch.usage,
    }
)
