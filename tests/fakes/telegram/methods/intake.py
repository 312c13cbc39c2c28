"""How the bot gets its updates, and who it is."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tests.fakes.telegram.limits import DOWNLOAD_BYTES
from tests.fakes.telegram.parameters import Parameters
from tests.fakes.telegram.reach import is_loopback
from tests.fakes.telegram.refusal import BadRequest, Body, Refused, Violation
from tests.fakes.telegram.world import Answer, World

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
MOST_UPDATES = 100
MOST_CONNECTIONS = 100


async def get_me(world: World, parameters: Parameters) -> Body:
    return {
        **world.me,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": True,
        "can_connect_to_business": False,
        "has_main_web_app": True,
    }


async def get_updates(world: World, parameters: Parameters) -> list[Body]:
    if world.webhook.url:
        raise Refused(
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook "
            "first",
        )
    world.updates.set_allowed(parameters.structure("allowed_updates"))
    limit = min(max(parameters.integer("limit", MOST_UPDATES), 1), MOST_UPDATES)
    ready = await world.updates.poll(parameters.integer("offset"), limit, parameters.integer("timeout"))
    return [update.body for update in ready]


async def set_webhook(world: World, parameters: Parameters) -> bool:
    url, secret = parameters.text("url"), parameters.text("secret_token")
    if not url:
        return await delete_webhook(world, parameters)
    # Plain http is for this machine alone: a local Bot API server allows it too.
    if urlsplit(url).scheme != "https" and not is_loopback(url):
        raise Violation("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not _SECRET.fullmatch(secret):
        raise Violation("secret token contains unallowed characters")
    connections = parameters.integer("max_connections", 40)
    if not 1 <= connections <= MOST_CONNECTIONS:
        raise Violation("max_connections must be 1-100")
    world.updates.set_allowed(parameters.structure("allowed_updates"))
    if parameters.flag("drop_pending_updates"):
        world.updates.drop()
    world.updates.conflict()
    world.webhook.set(url, secret, connections)
    return True


async def delete_webhook(world: World, parameters: Parameters) -> bool:
    if parameters.flag("drop_pending_updates"):
        world.updates.drop()
    world.webhook.remove()
    return True


async def get_webhook_info(world: World, parameters: Parameters) -> Body:
    return world.webhook.info()


async def leave_server(world: World, parameters: Parameters) -> bool:
    """logOut and close: both are only noted."""
    return True


async def get_file(world: World, parameters: Parameters) -> Body:
    file = world.files.known(parameters.text("file_id"))
    if file.size > DOWNLOAD_BYTES:
        raise BadRequest("file is too big")
    return {"file_id": file.id, "file_unique_id": file.unique, "file_size": file.size, "file_path": file.path}


METHODS: dict[str, Answer] = {
    "getMe": get_me,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "logOut": leave_server,
    "close": leave_server,
    "getFile": get_file,
}
