"""The way into a room leads where other people's devices can follow."""

from __future__ import annotations

import re

import pytest
import segno
from starlette.requests import Request

from adapters.web.room_link import BORDER, qr_code, room_link


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


def drawn(picture: str) -> set[tuple[int, int]]:
    """The dark modules of the picture: (column, row), counted without the border."""
    line = re.search(r' d="([^"]+)"', picture)
    assert line is not None
    dark: set[tuple[int, int]] = set()
    x = y = 0.0
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", line[1]):
        if command == "h":
            dark |= {(int(x) + step - BORDER, int(y) - BORDER) for step in range(int(first))}
            x += float(first)
        else:
            x, y = (float(first), float(second)) if command == "M" else (x + float(first), y + float(second))
    return dark


def test_the_code_is_that_of_the_link_and_of_no_other() -> None:
    link = "https://drama.example/room/2da3jpjmh"
    matrix = segno.make(link, error="m", micro=False).matrix
    wanted = {(column, row) for row, modules in enumerate(matrix) for column, dark in enumerate(modules) if dark}
    assert drawn(qr_code(link).decode()) == wanted
    assert drawn(qr_code(link.replace("2", "3")).decode()) != wanted
