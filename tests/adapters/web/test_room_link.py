"""The way into a room leads where other people's devices can follow."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from adapters.web.room_link import qr_code, room_link


@pytest.mark.parametrize(
    ("host", "public", "link"),
    [
        ("127.0.0.1:8080", "http://127.0.0.1:8080", "http://127.0.0.1:8080/room/abc"),
        ("192.168.1.5:8080", "http://127.0.0.1:8080", "http://192.168.1.5:8080/room/abc"),
        ("192.168.1.5:8080", "http://0.0.0.0:8080", "http://192.168.1.5:8080/room/abc"),
        ("localhost:8080", "http://192.168.1.5:8080", "http://192.168.1.5:8080/room/abc"),
        ("drama.example", "https://drama.example", "https://drama.example/room/abc"),
        ("[::1]:8080", "https://drama.example/", "https://drama.example/room/abc"),
    ],
)
def test_the_link_is_for_others(host: str, public: str, link: str) -> None:
    scope = {
        "type": "http", "scheme": "http", "path": "/", "root_path": "", "query_string": b"",
        "headers": [(b"host", host.encode())],
    }  # fmt: skip
    assert room_link(Request(scope), public, "abc") == link


def test_the_code_is_a_picture_that_scales() -> None:
    picture = qr_code("https://drama.example/room/2da3jpjmh").decode()
    assert "viewBox" in picture
    assert " width=" not in picture
    assert picture == qr_code("https://drama.example/room/2da3jpjmh").decode()
