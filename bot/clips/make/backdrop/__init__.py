"""The places a scene can be in, by the word its look uses."""

from __future__ import annotations

from collections.abc import Callable

from bot.clips.make.backdrop import helm, home, market, open, railway, ship, town
from bot.clips.make.stage import Stage

BACKDROPS: dict[str, Callable[[Stage], None]] = {
    "platform": railway.platform,
    "carriage": railway.carriage,
    "station-hall": railway.station_hall,
    "ticket-office": railway.ticket_office,
    "street": town.street,
    "alley": town.alley,
    "rooftop": town.rooftop,
    "night-market": market.night_market,
    "noodle-stall": market.noodle_stall,
    "cafe": market.cafe,
    "bridge": open.bridge,
    "river": open.river,
    "planet": open.planet,
    "kitchen": home.kitchen,
    "bedroom": home.bedroom,
    "hospital": home.hospital,
    "ship-corridor": ship.ship_corridor,
    "cockpit": helm.cockpit,
    "airlock": ship.airlock,
    "cabin": ship.cabin,
    "control-room": helm.control_room,
}


def set_backdrop(stage: Stage, place: str) -> None:
    """Builds the place on the stage; an unknown one is an abstract picture."""
    BACKDROPS.get(place, open.nowhere)(stage)
