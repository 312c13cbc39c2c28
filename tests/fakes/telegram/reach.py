"""What the server can reach: this machine only, under whatever public names a test gives it."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


class Reach:
    """Stands in for DNS and for the proxy with the certificate."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def lead(self, public: str, local: str) -> None:
        """URLs that begin with `public` (`https://bot.example`) are looked for at `local` (`http://127.0.0.1:8080`)."""
        self._names[public.rstrip("/")] = local.rstrip("/")

    def local(self, url: str) -> str | None:
        """Where a URL leads on this machine; None when it leads elsewhere."""
        for public, local in self._names.items():
            if url == public or url.startswith(f"{public}/"):
                return local + url[len(public) :]
        return url if is_loopback(url) else None


def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
