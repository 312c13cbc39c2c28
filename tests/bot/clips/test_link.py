"""A link opens one file, for some hours, to whoever holds it; nobody can make one or change one."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clips.link import BUCKET, LIFETIME, ClipLinks

LINKS = ClipLinks(b"k" * 32, "https://play.example/bot")
NOW = 1_800_000_123.0


def parts(url: str) -> tuple[str, str, str, str]:
    """Story, path, expiry and signature, as the web server reads them out of a link."""
    split = urlsplit(url)
    _, story, path = split.path.removeprefix("/bot").removeprefix("/").split("/", 2)
    query = parse_qs(split.query)
    return unquote(story), unquote(path), query["expires"][0], query["signature"][0]


def test_a_link_is_good_for_six_hours_at_least_and_seven_at_most() -> None:
    link = parts(LINKS.sign("last-train", "clips/a.mp4", NOW))
    assert LINKS.check(*link, now=NOW)
    assert LINKS.check(*link, now=NOW + LIFETIME - BUCKET)
    assert not LINKS.check(*link, now=NOW + LIFETIME)
    assert not LINKS.check(*link, now=float(link[2]))


def test_a_clip_keeps_its_link_within_the_hour() -> None:
    start = NOW // BUCKET * BUCKET
    first = LINKS.sign("last-train", "clips/a.mp4", start)
    assert LINKS.sign("last-train", "clips/a.mp4", start + BUCKET - 1) == first
    assert LINKS.sign("last-train", "clips/a.mp4", start + BUCKET) != first


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda path: "//" not in path))
def test_any_path_comes_back_whole(path: str) -> None:
    link = parts(LINKS.sign("last-train", "clips/" + path, NOW))
    assert link[1] == "clips/" + path
    assert LINKS.check(*link, now=NOW)


def test_nothing_in_a_link_can_be_changed() -> None:
    story, path, expires, signature = parts(LINKS.sign("last-train", "clips/a.mp4", NOW))
    assert not LINKS.check("other", path, expires, signature, NOW)
    assert not LINKS.check(story, "clips/b.mp4", expires, signature, NOW)
    assert not LINKS.check(story, path, str(int(expires) + 1), signature, NOW)
    assert not LINKS.check(story, path, expires, signature[:-1], NOW)
    assert not LINKS.check(story, path, expires, "", NOW)
    assert not ClipLinks(b"other" * 8, LINKS.public_url).check(story, path, expires, signature, NOW)


@pytest.mark.parametrize("expires", ["", "soon", "-1", "1e99", "٣", "9" * 5000, " 1"])
def test_an_odd_expiry_is_refused_even_when_signed(expires: str) -> None:
    assert not LINKS.check("s", "p", expires, LINKS._signature("s", "p", expires), NOW)


@given(st.text(), st.text(), st.text(), st.text())
def test_no_text_from_outside_opens_anything_or_fails(story: str, path: str, expires: str, signature: str) -> None:
    assert not LINKS.check(story, path, expires, signature, NOW)


def test_a_link_to_elsewhere_is_passed_on_untouched() -> None:
    elsewhere = "https://cdn.example/a b.mp4?x=1#t=2"
    assert LINKS.sign("last-train", elsewhere, NOW) == elsewhere


def test_the_secret_is_not_shown() -> None:
    assert "kkkk" not in repr(LINKS)
