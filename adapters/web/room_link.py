"""The way into a room: its address, and that as a QR code for a phone's camera."""

from __future__ import annotations

import io
from ipaddress import ip_address
from urllib.parse import urlsplit

import segno
from starlette.requests import Request

BORDER = 2
"""Modules of quiet zone; the page lays the code on a white field, which is the rest of the four that are asked for."""


def room_link(request: Request, public_url: str, code: str) -> str:
    """The room's address as a friend's browser can open it: on the host by which this browser came, or, where that is
    this machine's own name for itself, on `public_url`."""
    here = urlsplit(str(request.base_url))
    public = urlsplit(public_url)
    known = _own(here.hostname) and not _own(public.hostname)
    scheme = "https" if public.scheme == "https" else here.scheme
    base = public_url.rstrip("/") if known else f"{scheme}://{here.netloc}"
    return f"{base}/room/{code}"


def only_here(link: str) -> bool:
    """Whether nobody else can open the link: it leads to the machine of whoever opens it."""
    return _own(urlsplit(link).hostname)


def qr_code(link: str) -> bytes:
    """The link as an SVG picture, dark on nothing."""
    picture = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        picture, kind="svg", border=BORDER, xmldecl=False, svgclass=None, lineclass=None, omitsize=True, dark="#0b0a0d"
    )
    return picture.getvalue()


def _own(host: str | None) -> bool:
    if host is None or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback or ip_address(host).is_unspecified
    except ValueError:
        return False
