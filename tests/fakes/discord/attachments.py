"""Files that were uploaded, and the content network that serves them."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tests.fakes.discord.refusal import Body, Refused, Violation
from tests.fakes.discord.snowflake import Snowflakes

UPLOAD_BYTES = 10 << 20
"""Per file, in a guild without boosts."""

PERSON_BYTES = 500 << 20
"""Per file, of somebody who pays for the most."""

MOST_FILES = 10

KEPT, PASSING = "/attachments/", "/ephemeral-attachments/"
"""Paths of files in messages, and of those that came with a command and go by themselves."""


@dataclass(frozen=True)
class Upload:
    """One part of a form."""

    filename: str
    content: bytes
    mime: str = "application/octet-stream"


class Files:
    """All uploads, by the path of their link. `base` is the server's address, known once it runs."""

    def __init__(self, snowflakes: Snowflakes) -> None:
        self.base = ""
        self._snowflakes = snowflakes
        self._by_path: dict[str, Upload] = {}

    def at(self, path: str) -> Upload | None:
        """By the path of its link."""
        return self._by_path.get(path)

    def keep(self, channel: int, upload: Upload, described: Body) -> Body:
        """An upload's attachment JSON; Refused (40005) when it is too large."""
        if len(upload.content) > UPLOAD_BYTES:
            raise Refused(413, 40005, "Request entity too large")
        number = self._snowflakes.next()
        name = described.get("filename") or upload.filename
        path = f"/attachments/{channel}/{number}/{quote(name)}"
        self._by_path[path] = upload
        told: Body = {"id": str(number), "filename": name, "size": len(upload.content)}
        told |= {"url": self.base + path, "proxy_url": self.base + path}
        mime = mimetypes.guess_type(name)[0] or upload.mime
        told["content_type"] = mime
        if mime.startswith(("image/", "video/")):
            told |= {"width": 720, "height": 1280}
        if described.get("description"):
            told["description"] = described["description"]
        return told

    def hand(self, application: int, upload: Upload) -> Body:
        """The attachment JSON of a file that comes with a command: its link is signed, and good for a while."""
        if len(upload.content) > PERSON_BYTES:
            raise LookupError("nobody can upload so much")
        number = self._snowflakes.next()
        path = f"{PASSING}{application}/{number}/{quote(upload.filename)}"
        self._by_path[path] = upload
        told: Body = {"id": str(number), "filename": upload.filename, "size": len(upload.content), "ephemeral": True}
        url = f"{self.base}{path}?ex=68a1b2c3&is=68a06143&hm={number:064x}&"
        told |= {"url": url, "proxy_url": url}
        if mime := mimetypes.guess_type(upload.filename)[0]:
            told["content_type"] = mime
        return told

    def settle(self, channel: int, given: Body, files: Mapping[int, Upload], old: list[Body]) -> list[Body]:
        """The attachments of a message from the body's list, the uploads by number, and those it had before."""
        listed = given.get("attachments")
        if len(files) > MOST_FILES:
            raise Violation("attachments", f"Must be between 0 and {MOST_FILES} in length.")
        if listed is None:
            return [*old, *[self.keep(channel, upload, {}) for upload in files.values()]]
        known = {int(one["id"]): one for one in old}
        settled, taken = [], set()
        for place, one in enumerate(listed):
            number = int(one["id"])
            if number in files:
                taken.add(number)
                settled.append(self.keep(channel, files[number], one))
            elif number in known:
                settled.append(known[number])
            else:
                raise Violation(f"attachments.{place}.id", f"There is no file {number}.", "ATTACHMENT_NOT_FOUND")
        return settled + [self.keep(channel, upload, {}) for number, upload in files.items() if number not in taken]

    def link(self, where: str, url: str, attachments: list[Body]) -> Body:
        """What a component's link becomes. Violation for attachment:// names that are not there."""
        told: Body = {"id": str(self._snowflakes.next())}
        if url.startswith("attachment://"):
            name = url.removeprefix("attachment://")
            found = next((one for one in attachments if one["filename"] == name), None)
            if found is None:
                raise Violation(
                    where,
                    f"The referenced attachment {name!r} was not found",
                    "UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND",
                )
            told |= {"url": found["url"], "proxy_url": found["proxy_url"], "attachment_id": found["id"]}
            shape: dict[str, Any] = {key: found[key] for key in ("width", "height", "content_type") if key in found}
            return told | shape
        if not url.startswith(("http://", "https://")):
            raise Violation(
                where, f"Scheme {url[:20]!r} is not one of ('http', 'https', 'attachment').", "URL_TYPE_INVALID_SCHEME"
            )
        return told | {"url": url, "proxy_url": url}
