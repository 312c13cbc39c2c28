"""What is so at this moment, for the figures: asked of the rooms of the house when somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.app import App
from bot.http.metrics import Gauge
from bot.rooms import Rooms


def gauges(app: App, rooms: Rooms, wanted: Sequence[str], room_listeners: Callable[[], int]) -> tuple[Gauge, ...]:
    """Every gauge. `wanted`: platforms that have a token; `room_listeners`: browsers that watch a room."""

    def waiting() -> dict[str, float]:
        return {name: len(delivery.waiting) for name, delivery in app.deliveries.items()}

    def oldest() -> dict[str, float]:
        return {name: delivery.waiting.oldest for name, delivery in app.deliveries.items()}

    def reached() -> dict[str, float]:
        return {name: float(name in app.deliveries) for name in wanted}

    def listening() -> dict[str, float]:
        return {"session": app.moves.listening, "room": room_listeners()}

    def looked() -> dict[str, float]:
        return {"": app.figures.agenda_looked}

    return (
        Gauge("outbox_cards", "Cards taken from the outbox and not shown yet.", "platform", waiting),
        Gauge("outbox_oldest_seconds", "How long the oldest of them waits.", "platform", oldest),
        Gauge("platform_reached", "1 while the platform is served.", "platform", reached),
        Gauge("listeners", "Streams that browsers listen to.", "stream", listening),
        Gauge("rooms_at_hand", "Running rooms held in memory.", "", lambda: {"": rooms.at_hand}),
        Gauge("agenda_looked_timestamp_seconds", "When the agenda last had nothing left to do.", "", looked),
    )
