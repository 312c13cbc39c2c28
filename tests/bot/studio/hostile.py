"""Uploads that mean ill, and such that went wrong: each is made when it is asked for, with the code that refuses it."""

from __future__ import annotations

import stat
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bot.story.limits import MAX_FILE_BYTES, MAX_FILES
from bot.studio.archive.limits import MAX_DIRECTORY_BYTES, MAX_ENTRIES
from tests.bot.studio.packing import MAIN, SIZES_FOLLOW, STORED, STORY, UTF8, Item, Lies, deflated, descriptor, zip_of

ZEROS = b"\0" * 1024 * 1024


@dataclass(frozen=True)
class Hostile:
    """What is hostile, the code it is refused with, and what is sent under which name."""

    what: str
    code: str
    content: Callable[[], bytes]
    called: str = "tale.zip"


def with_main(*items: Item) -> Callable[[], bytes]:
    return lambda: zip_of(MAIN, *items)


def alone(content: bytes) -> Callable[[], bytes]:
    return lambda: content


def uploads() -> Iterator[Hostile]:
    """All of them."""
    for kinds in (
        names,
        twins,
        kinds_of_file,
        packings,
        contradictions,
        overlaps,
        damages,
        sizes,
        wrong_stories,
        texts,
    ):
        yield from kinds()


def names() -> Iterator[Hostile]:
    bad: dict[str, str | bytes] = {
        "the folder above": "../story2.yaml",
        "up again from below": "episodes/../../one.yaml",
        "up, under what is passed over": "__MACOSX/../../one.yaml",
        "two dots at the end": "clips/..",
        "the root": "/etc/passwd",
        "two roots": "//server/share.yaml",
        "a drive": "C:/windows/one.yaml",
        "a drive without a root": "C:one.yaml",
        "a stream of a file": "story.yaml:hidden",
        "backslashes": "episodes\\one.yaml",
        "up by backslashes": "..\\..\\one.yaml",
        "an empty folder's name": "episodes//one.yaml",
        "a dot for a folder": "./one.yaml",
        "a dot in the middle": "episodes/./one.yaml",
        "no name": "",
        "a slash alone": "/",
        "a NUL": "one.yaml\0.mp4",
        "a line break": "one\nstory.yaml",
        "an escape": "\x1b[2Jone.yaml",
        "letters that turn": "clips/\u202e4pm.exe.mp4",
        "letters that do not show": "clips/a\u200b.mp4",
        "a separator of lines": "clips/a\u2028b.mp4",
        "a device": "con.yaml",
        "a device as a folder": "clips/AUX/a.mp4",
        "a device with two endings": "clips/nul.tar.mp4",
        "a port": "clips/COM1",
        "a port in small digits": "clips/lpt\u00b9.mp4",
        "a long name": "clips/" + "a" * 300,
        "the longest name": "a" * 0xFFFF,
        "marks without end": "clips/a" + "\u0301\u0327" * 16_000,
        "deep folders": "a/" * 20 + "a.mp4",
        "a name in another encoding": b"clips/caf\xe9.mp4",
        "half a letter": b"clips/caf\xc3",
        "a surrogate": b"clips/\xed\xa0\x80.mp4",
    }  # fmt: skip
    for what, name in bad.items():
        yield Hostile(f"name: {what}", "STORY096", with_main(Item(name, flags=0)))
    yield Hostile("name: said to be UTF-8", "STORY096", with_main(Item(b"clips/caf\xe9.mp4", flags=UTF8)))


def twins() -> Iterator[Hostile]:
    pairs = {
        "the same twice": ("clips/a.mp4", "clips/a.mp4"),
        "the story twice": ("story.yaml", "a.txt"),
        "other capitals": ("clips/a.mp4", "CLIPS/A.MP4"),
        "an accent in two ways": ("clips/caf\u00e9.mp4", "clips/cafe\u0301.mp4"),
        "joined letters": ("clips/\ufb01.mp4", "clips/fi.mp4"),
        "a sharp s": ("clips/stra\u00dfe.mp4", "clips/STRASSE.mp4"),
        "a dot at the end": ("clips/a", "clips/a."),
        "a space at the end": ("clips/a", "clips/a "),
        "a file that is a folder": ("clips", "clips/a.mp4"),
        "a folder that is a file": ("clips/a.mp4", "Clips"),
        "a folder deep down": ("a/b/c/d", "A/b"),
    }
    for what, (one, other) in pairs.items():
        yield Hostile(f"twins: {what}", "STORY097", with_main(Item(one), Item(other)))
    yield Hostile("twins: a folder listed, and a file", "STORY097", with_main(Item("x/", mode=0o40755), Item("x")))
    yield Hostile("twins: one file listed twice", "STORY097", lambda: zip_of(MAIN, MAIN))


def kinds_of_file() -> Iterator[Hostile]:
    modes = {
        "a link": stat.S_IFLNK, "a device of characters": stat.S_IFCHR, "a device of blocks": stat.S_IFBLK,
        "a pipe": stat.S_IFIFO, "a socket": stat.S_IFSOCK, "a kind that is none": 0o170000,
    }  # fmt: skip
    for what, mode in modes.items():
        yield Hostile(f"kind: {what}", "STORY098", with_main(Item("clips/a.mp4", b"/etc/passwd", mode=mode | 0o777)))
    point = Item("clips/a.mp4", b"x").both(attributes=0x400)
    yield Hostile("kind: a link of Windows", "STORY098", with_main(point))
    yield Hostile("kind: the story is a link", "STORY098", lambda: zip_of(replace(MAIN, mode=stat.S_IFLNK | 0o777)))
    for suffix in ("zip", "ZIP", "tar.gz", "7z", "rar", "jar"):
        nested = Item(f"more.{suffix}", zip_of(MAIN), STORED)
        yield Hostile(f"kind: an archive inside, {suffix}", "STORY098", with_main(nested))
    disguised = Item("episodes/one.yaml", zip_of(MAIN), STORED)
    yield Hostile("kind: an archive called an episode", "STORY098", with_main(disguised))
    yield Hostile("kind: the story is an archive", "STORY098", lambda: zip_of(Item("story.yaml", zip_of(MAIN), STORED)))
    yield Hostile("kind: a folder that holds something", "STORY095", with_main(Item("clips/", b"x", mode=0)))
    yield Hostile("kind: a folder called a file", "STORY095", with_main(Item("clips", mode=0o40755)))
    yield Hostile("kind: a file called a folder", "STORY095", with_main(Item("clips/", mode=0o100644)))


def packings() -> Iterator[Hostile]:
    flags = {"a password": 0x1, "a strong password": 0x41, "a hidden list": 0x2001, "a patch": 0x20}
    for what, flag in flags.items():
        yield Hostile(f"packing: {what}", "STORY099", with_main(Item("clips/a.mp4", b"x", flags=UTF8 | flag)))
    methods = {"shrunk": 1, "imploded": 6, "deflate64": 9, "bzip2": 12, "lzma": 14, "zstd": 93, "aes": 99, "none": 4711}
    for what, method in methods.items():
        yield Hostile(f"packing: {what}", "STORY099", with_main(Item("clips/a.mp4", b"x", method)))
    large = struct.pack("<HHQQ", 1, 16, 2**32, 2**32)
    huge = Item("clips/a.mp4", b"x", listed={"extra": large, "size": 0xFFFF_FFFF, "packed": 0xFFFF_FFFF})
    yield Hostile("packing: zip64, an entry of 4 GiB", "STORY099", with_main(huge))
    small = Item("clips/a.mp4", b"x", STORED).both(extra=struct.pack("<HHQQ", 1, 16, 1, 1))
    yield Hostile("packing: zip64, for nothing", "STORY099", with_main(small))
    far = Item("clips/a.mp4", b"x", listed={"extra": struct.pack("<HHQ", 1, 8, 2**63), "offset": 0xFFFF_FFFF})
    yield Hostile("packing: zip64, an entry beyond the moon", "STORY099", with_main(far))
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    yield Hostile("packing: zip64, a locator", "STORY099", lambda: zip_of(MAIN, locator=locator))
    hidden = replace(MAIN, listed={"comment": locator})
    yield Hostile("packing: zip64, a locator in a comment", "STORY099", lambda: zip_of(hidden))
    yield Hostile("packing: zip64, entries without number", "STORY099", lambda: zip_of(MAIN, count=0xFFFF))
    yield Hostile("packing: zip64, a list of 4 GiB", "STORY099", lambda: zip_of(MAIN, size=0xFFFF_FFFF))
    yield Hostile("packing: zip64, a list far away", "STORY099", lambda: zip_of(MAIN, start=0xFFFF_FFFF))
    yield Hostile("packing: the last of five parts", "STORY099", lambda: zip_of(MAIN, disk=4))
    yield Hostile("packing: an entry in another part", "STORY099", with_main(Item("a.txt", listed={"volume": 3})))


def contradictions() -> Iterator[Hostile]:
    clip = Item("clips/a.mp4", b"film" * 100)
    lies: dict[str, Lies] = {
        "another name": {"name": b"clips/b.mp4"}, "a shorter name": {"name": b"clips"}, "way of packing": {"method": 0},
        "checksum": {"crc": 1}, "size": {"size": 7}, "packed size": {"packed": 3}, "a password": {"flags": UTF8 | 1},
        "sizes that follow": {"flags": UTF8 | SIZES_FOLLOW},
    }  # fmt: skip
    for what, lie in lies.items():
        yield Hostile(f"two ways: {what}", "STORY095", with_main(replace(clip, local=lie)))
    yield Hostile("two ways: sizes unsaid", "STORY095", with_main(replace(clip, local={"size": 0, "packed": 0})))
    yield Hostile(
        "two ways: a story under another name", "STORY095", lambda: zip_of(replace(MAIN, local={"name": b"x"}))
    )
    following = replace(clip, flags=UTF8 | SIZES_FOLLOW)
    wrong = replace(following, behind=descriptor(following, size=1))
    yield Hostile("two ways: sizes that follow are others", "STORY095", with_main(wrong))
    unwanted = replace(clip, behind=descriptor(clip))
    yield Hostile("two ways: sizes follow unsaid", "STORY095", with_main(unwanted))
    yield Hostile("two ways: more entries than listed", "STORY095", lambda: zip_of(MAIN, clip, count=3))
    yield Hostile("two ways: fewer entries than listed", "STORY095", lambda: zip_of(MAIN, clip, count=1))
    yield Hostile("two ways: none of them counted", "STORY095", lambda: zip_of(MAIN, clip, count=0))
    yield Hostile("two ways: two ends", "STORY095", lambda: zip_of(clip, comment=zip_of(MAIN)))
    overrun = replace(MAIN, listed={"comment_length": 22})
    yield Hostile("two ways: a comment into the end", "STORY095", lambda: zip_of(overrun))
    yield Hostile("lie: more than it says", "STORY095", lambda: zip_of(MAIN.both(size=20)))
    yield Hostile("lie: far more than it says", "STORY095", lambda: zip_of(Item("story.yaml", ZEROS).both(size=9)))
    yield Hostile("lie: less than it says", "STORY095", lambda: zip_of(MAIN.both(size=len(STORY) + 1)))
    padded = replace(MAIN, packed=deflated(STORY) + b"more")
    yield Hostile("lie: more in the zip than it unpacks", "STORY095", lambda: zip_of(padded))
    idle = replace(MAIN, packed=b"\0\0\0\xff\xff" * 200_000 + deflated(STORY))
    yield Hostile("lie: a million bytes that unpack to nothing", "STORY095", lambda: zip_of(idle))
    yield Hostile("lie: not packed, of two sizes", "STORY095", with_main(Item("a.mp4", b"xx", STORED).both(size=3)))


def overlaps() -> Iterator[Hostile]:
    clip = Item("clips/a.mp4", b"film" * 100, STORED)
    yield Hostile("overlap: an entry at another's place", "STORY095", with_main(replace(clip, listed={"offset": 0})))
    yield Hostile("overlap: within another's data", "STORY095", with_main(replace(clip, listed={"offset": 40})))
    yield Hostile("overlap: behind the end", "STORY095", with_main(replace(clip, listed={"offset": 10**9})))
    yield Hostile(
        "overlap: at the list", "STORY095", with_main(replace(clip, packed=b"", local={}).both(size=400, packed=400))
    )
    yield Hostile("overlap: a quilt of one kernel", "STORY095", quilt)
    yield Hostile("overlap: one kernel under many names", "STORY095", kernel)
    yield Hostile("unowned: before the first entry", "STORY095", lambda: zip_of(MAIN, before=b"PK\x03\x04 a program"))
    yield Hostile("unowned: between entries", "STORY095", lambda: zip_of(replace(MAIN, behind=b"x"), clip))
    yield Hostile(
        "unowned: a hidden zip between entries", "STORY095", lambda: zip_of(replace(MAIN, behind=zip_of(clip)), clip)
    )
    yield Hostile("unowned: before the list", "STORY095", lambda: zip_of(MAIN, behind=b"x" * 1000))


def quilt() -> bytes:
    """Each entry's data begins with the header of the one behind it, so that all share what is last."""
    inner = zip_of(Item("clips/b.mp4", b"film" * 1000, STORED))
    body = inner[: inner.index(b"PK\x01\x02")]
    outer = Item("clips/a.mp4", body, STORED)
    shared = Item(
        "clips/b.mp4", b"film" * 1000, STORED, listed={"offset": len(zip_head(MAIN)) + 30 + len("clips/a.mp4")}
    )
    return zip_of(MAIN, outer, shared)


def zip_head(item: Item) -> bytes:
    """An entry as it stands in a zip."""
    whole = zip_of(item)
    return whole[: whole.index(b"PK\x01\x02")]


def kernel() -> bytes:
    many = [Item(f"clips/{number}.mp4", listed={"offset": 0}) for number in range(1000)]
    return zip_of(Item("story.yaml", STORY), *many)


def damages() -> Iterator[Hostile]:
    whole = zip_of(MAIN, Item("clips/a.mp4", b"film" * 100))
    for kept in (4, 30, len(whole) // 2, len(whole) - 22, len(whole) - 1):
        yield Hostile(f"damage: {kept} bytes left", "STORY093", alone(whole[:kept]))
    yield Hostile("damage: something behind the end", "STORY093", alone(whole + b"\n"))
    yield Hostile("damage: a million zeros behind the end", "STORY093", lambda: whole + ZEROS)
    yield Hostile("damage: a list elsewhere", "STORY093", lambda: zip_of(MAIN, start=10))
    yield Hostile("damage: a list behind the end", "STORY093", lambda: zip_of(MAIN, start=10**9))
    yield Hostile("damage: a list of another length", "STORY093", lambda: zip_of(MAIN, size=10))
    yield Hostile("damage: a list that is none", "STORY093", alone(whole.replace(b"PK\x01\x02", b"PK\x01\x03")))
    yield Hostile(
        "damage: extra fields cut short", "STORY093", lambda: zip_of(replace(MAIN, listed={"extra": b"\1\0\xff\0"}))
    )
    yield Hostile("damage: a version from afar", "STORY093", with_main(Item("a.txt").both(version=999)))
    yield Hostile("damage: no packed data", "STORY093", lambda: zip_of(replace(MAIN, packed=b"\xff" * 90)))
    yield Hostile(
        "damage: packed data cut short", "STORY093", lambda: zip_of(replace(MAIN, packed=deflated(STORY)[:-9]))
    )
    yield Hostile("damage: another checksum", "STORY093", lambda: zip_of(MAIN.both(crc=1)))
    yield Hostile("damage: a text called a zip", "STORY093", alone(STORY))
    yield Hostile("damage: nothing called a zip", "STORY093", alone(b""))
    yield Hostile("damage: a program in front", "STORY093", lambda: b"MZ" + b"\0" * 100 + zip_of(MAIN))
    yield Hostile("damage: beginnings without end", "STORY093", lambda: b"PK\x03\x04" * 200_000)
    yield Hostile("damage: ends without end", "STORY093", lambda: b"PK\x05\x06" * 200_000)


def sizes() -> Iterator[Hostile]:
    yield Hostile("size: a dense entry", "STORY094", with_main(Item("notes.txt", ZEROS)))
    yield Hostile("size: a dense story", "STORY094", lambda: zip_of(Item("story.yaml", b"#" * MAX_FILE_BYTES)))
    yield Hostile("size: an entry of nearly 4 GiB", "STORY094", with_main(Item("a.mp4", b"x").both(size=0xFFFF_FFFE)))
    yield Hostile("size: 4 GiB without zip64", "STORY094", with_main(Item("a.mp4", b"x").both(size=0xFFFF_FFFF)))
    many = [Item(f"{number}.mp4", b"x").both(size=2**26, packed=2**26) for number in range(9)]
    yield Hostile("size: much in all", "STORY094", with_main(*many))
    dense = [Item(f"{number}.txt", b"ab" * 2000 + bytes(range(40))) for number in range(100)]
    yield Hostile("size: dense in all", "STORY094", lambda: zip_of(*dense))
    yield Hostile("size: too many entries", "STORY094", lambda: zip_of(*map(numbered, range(MAX_ENTRIES + 1))))
    yield Hostile("size: folders without number", "STORY094", lambda: zip_of(*map(folder, range(3 * MAX_ENTRIES))))
    long = {"comment": b"x" * 0xFFFF}
    talk = [Item(f"{number}.txt", listed=long) for number in range(MAX_DIRECTORY_BYTES // 0xFFFF + 1)]
    yield Hostile("size: long comments", "STORY094", with_main(*talk))
    episodes = [numbered(number, ".yaml") for number in range(MAX_FILES)]
    yield Hostile("size: too many texts", "STORY002", with_main(*episodes))
    text = bytes(range(32, 127)) * (MAX_FILE_BYTES // 95)
    stored = [Item(f"episodes/{number}.yaml", text, STORED) for number in range(9)]
    yield Hostile("size: too much text", "STORY002", with_main(*stored))
    yield Hostile("size: a text too long", "STORY002", with_main(Item("episodes/a.yaml", text + b"x" * 5000, STORED)))
    yield Hostile("size: one file too long", "STORY002", lambda: b"#" * (MAX_FILE_BYTES + 1), "tale.yaml")


def numbered(number: int, suffix: str = ".txt") -> Item:
    return Item(f"episodes/{number}{suffix}")


def folder(number: int) -> Item:
    return Item(f"{number}/", mode=0o40755)


def wrong_stories() -> Iterator[Hostile]:
    zips = {
        "nothing at all": [],
        "no story": [Item("clips/a.mp4")],
        "two stories": [Item("one/story.yaml", STORY), Item("two/story.yaml", STORY)],
        "a story beside a folder": [Item("one/story.yaml", STORY), Item("a.txt")],
        "another ending": [Item("story.yml", STORY)],
        "a capital": [Item("Story.yaml", STORY)],
        "hidden": [Item(".tale/story.yaml", STORY)],
        "only what a Mac adds": [Item("__MACOSX/story.yaml", STORY)],
        "a folder of that name": [Item("story.yaml/", mode=0o40755)],
    }
    for what, items in zips.items():
        yield Hostile(f"no story: {what}", "STORY092", lambda items=items: zip_of(*items))  # type: ignore[misc]
    for called in ("雨伞.zip", "зонт.zip", "---.zip", ".zip", "a" * 33 + ".zip", "x" * 100_000, "é" * 200 + ".zip", ""):
        yield Hostile(f"no id: {called[:40]!r}", "STORY091", lambda: zip_of(MAIN), called)
    yield Hostile("no id: the folder's", "STORY091", lambda: zip_of(Item("雨伞/story.yaml", STORY)))
    yield Hostile("no id: one file's", "STORY091", alone(STORY), "雨伞.yaml")


def texts() -> Iterator[Hostile]:
    for called in ("tale.exe", "tale.jpg", "tale", "tale.yaml.gz", "tale.rar", "", "yaml", "a/.yaml/"):
        yield Hostile(f"no story file: {called!r}", "STORY090", alone(STORY), called)
    bad = {
        "half of a letter in UTF-16": b"\xff\xfe" + STORY.decode().encode("utf-16-le")[:-1],
        "a surrogate alone": b"\xff\xfe\x00\xd8",
        "UTF-32 beyond all letters": b"\xff\xfe\0\0\xff\xff\xff\xff",
        "UTF-16 without its mark": STORY.decode().encode("utf-16-be"),
        "a NUL": STORY + b"\0",
    }
    for what, text in bad.items():
        yield Hostile(f"no text: {what}", "STORY001", alone(text), "tale.yaml")
        yield Hostile(f"no text in a zip: {what}", "STORY001", lambda text=text: zip_of(Item("story.yaml", text)))  # type: ignore[misc]
