"""The parts of the house, made from their settings. What nobody asked for is not loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.settings import Settings, dealt_shards, secret_key

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from adapters.discord.adapter import DiscordAdapter
    from adapters.studio.door import StudioDoor
    from adapters.telegram.adapter import TelegramAdapter
    from adapters.web.adapter import WebAdapter
    from bot.app import App
    from bot.clips.shelf import Shelf
    from bot.clips.vault.port import Vault
    from bot.crew import Clock
    from bot.crew.foreman import Seat
    from bot.retention import Retention
    from bot.rooms import Rooms
    from bot.trace import Trace


def trace(endpoint: str | None) -> Trace | None:
    """Traces for a collector, loaded only where one is set. Without the extra the bot plays on untraced."""
    if endpoint is None:
        return None
    try:
        from bot.trace import Trace
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("opentelemetry"):
            raise
        import structlog

        structlog.get_logger().warning(
            "nothing_traced", help="install the extra: python -m pip install -c constraints.txt -e '.[otel]'"
        )
        return None
    return Trace(endpoint)


def vault(settings: Settings) -> Vault:
    """Where uploaded clips are kept."""
    from bot.clips.vault.open import open_vault

    key_id, key = settings.clips_s3_key_id, settings.clips_s3_secret
    return open_vault(
        settings.clips_url,
        settings.clips_s3_endpoint,
        settings.clips_s3_region,
        key_id.get_secret_value() if key_id else None,
        key.get_secret_value() if key else None,
    )


def retention(settings: Settings, app: App, clock: Clock) -> Retention:
    """What goes after its time."""
    from bot.retention import Kept, Retention

    kept = Kept(
        settings.events_kept_days, settings.facts_kept_days, settings.troubles_kept_days, settings.cards_kept_days
    )
    return Retention(app.store, kept, platforms(settings), clock)


def platforms(settings: Settings) -> list[str]:
    """Platforms that have a token."""
    tokens = {"telegram": settings.telegram_token, "discord": settings.discord_token}
    return [platform for platform, token in tokens.items() if token is not None]


def metrics(settings: Settings, app: App, rooms: Rooms, web: WebAdapter) -> list[BaseRoute]:
    """The route of the figures, which are told to this machine, or to who has the token."""
    if settings.metrics_token is None and not settings.stays_here:
        return []
    from bot.gauges import gauges
    from bot.http.metrics import Metrics

    token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
    shown = gauges(app, rooms, platforms(settings), lambda: web.room_listeners)
    return [Metrics(app.figures, shown, token).route()]


def studio(settings: Settings, app: App, shelf: Shelf) -> StudioDoor:
    """What creators do, whose clips lie in the vault."""
    from adapters.studio.door import StudioDoor
    from bot.studio.studio import Studio

    clips = shelf.vault or vault(settings)
    return StudioDoor(Studio(app.store, app.library, clips, app.spread), app.store, frozenset(settings.owners))


def telegram(
    settings: Settings, app: App, rooms: Rooms, shelf: Shelf, clock: Clock, studio: StudioDoor
) -> TelegramAdapter | None:
    """The Telegram adapter, loaded only where there is a token."""
    if settings.telegram_token is None:
        return None
    from adapters.telegram.adapter import Account, TelegramAdapter

    owners = [owner.partition(":")[2] for owner in settings.owners if owner.startswith("telegram:")]
    account = Account(
        settings.telegram_token.get_secret_value(),
        secret_key(settings),
        settings.telegram_api_url,
        settings.public_url,
        settings.telegram_webhook_url,
        tuple(int(owner) for owner in owners if owner.isdigit()),
        settings.telegram_clips_chat,
        settings.support_contact,
        settings.telegram_sends_per_second,
    )
    return TelegramAdapter(app, rooms, shelf, account, clock, studio)


def discord(
    settings: Settings, seat: Seat | None, app: App, rooms: Rooms, shelf: Shelf, clock: Clock, studio: StudioDoor
) -> DiscordAdapter | None:
    """The Discord adapter, loaded only where there is a token, and a shard for this worker."""
    shards = settings.discord_shards if seat is None else dealt_shards(settings.discord_shards, seat.number, seat.of)
    if settings.discord_token is None or (shards is not None and not shards[0]):
        return None
    from adapters.discord.adapter import Account, DiscordAdapter
    from bot.link import Links

    account = Account(
        settings.discord_token.get_secret_value(),
        secret_key(settings),
        settings.discord_api_url,
        settings.public_url,
        shards,
    )
    return DiscordAdapter(app, rooms, Links(app), shelf, account, clock, studio)
