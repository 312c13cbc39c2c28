"""The rules of message components, old and new (https://discord.com/developers/docs/components/reference)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from tests.fakes.discord.refusal import Body, Violation

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SELECTS = (3, 5, 6, 7, 8)
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 9, 10, 11, 12, 13, 14, 17, 18
LINK, PREMIUM = 5, 6
"""Styles of buttons."""

MOST_COMPONENTS = 40
MOST_TEXT = 4000
MOST_ROWS = 5
MOST_BUTTONS = 5
MOST_OPTIONS = 25
MOST_MEDIA = 10
CUSTOM_ID = 100

_NEW = frozenset({SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER})
_INSIDE: dict[int, frozenset[int]] = {
    ROW: frozenset({BUTTON, *SELECTS}),
    SECTION: frozenset({TEXT}),
    CONTAINER: frozenset({ROW, TEXT, SECTION, GALLERY, SEPARATOR, FILE}),
    0: frozenset({ROW, TEXT, SECTION, GALLERY, SEPARATOR, FILE, CONTAINER}),
}

Media = Callable[[str, str], Body]
"""What a link in a component becomes, by where it stands and the link."""


def walk(parts: Iterable[Body]) -> Iterator[Body]:
    """Every component, those inside others after what holds them."""
    for part in parts:
        yield part
        yield from walk(part.get("components", []))
        if isinstance(inner := part.get("accessory", part.get("component")), dict):
            yield from walk([inner])


def links_of(part: Body) -> list[str]:
    """The links of what one component shows."""
    if part["type"] == GALLERY:
        return [item["media"]["url"] for item in part["items"]]
    shown = part.get("media") or part.get("file")
    return [shown["url"]] if shown else []


def check(parts: list[Body], new: bool) -> None:
    """Violation for what the description cannot say; `new` is the flag IS_COMPONENTS_V2."""
    everything = list(walk(parts))
    if new and len(everything) > MOST_COMPONENTS:
        raise Violation("components", f"The total number of components cannot exceed {MOST_COMPONENTS}.")
    if not new and len(parts) > MOST_ROWS:
        raise Violation("components", f"Must be between 1 and {MOST_ROWS} in length.", "BASE_TYPE_BAD_LENGTH")
    if new and sum(len(part["content"]) for part in everything if part["type"] == TEXT) > MOST_TEXT:
        raise Violation("components", f"The text of all components cannot exceed {MOST_TEXT} characters.")
    if not new and any(part["type"] in _NEW for part in everything):
        raise Violation("components", 'Value of field "type" must be one of (1,).', "UNION_TYPE_CHOICES")
    _check_names(everything)
    _check_inside(parts, 0, "components")


def _check_names(everything: list[Body]) -> None:
    for name, code in (("custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED"), ("id", "COMPONENT_ID_DUPLICATED")):
        used = Counter(part[name] for part in everything if part.get(name))
        if twice := [one for one, times in used.items() if times > 1]:
            raise Violation("components", f"Component {name} cannot be duplicated: {twice[0]!r}", code)


def _check_inside(parts: list[Body], holder: int, where: str) -> None:
    for place, part in enumerate(parts):
        here = f"{where}.{place}"
        if part["type"] not in _INSIDE[holder]:
            raise Violation(here, f"A component of type {part['type']} cannot stand here.", "UNION_TYPE_CHOICES")
        _check_part(part, here)
        if "components" in part:
            _check_inside(part["components"], part["type"], f"{here}.components")


def _check_part(part: Body, where: str) -> None:
    kind = part["type"]
    if kind == ROW:
        _check_row(part["components"], where)
    elif kind == BUTTON:
        _check_button(part, where)
    elif kind in SELECTS:
        _check_menu(part, where)
    elif kind == GALLERY:
        _count(part["items"], 1, MOST_MEDIA, f"{where}.items")
    elif kind == SECTION:
        _count(part["components"], 1, 3, f"{where}.components")
        if part["accessory"]["type"] not in (BUTTON, THUMBNAIL):
            raise Violation(f"{where}.accessory", "Must be a button or a thumbnail.")
        _check_part(part["accessory"], f"{where}.accessory")
    elif kind == TEXT:
        _count(part["content"], 1, MOST_TEXT, f"{where}.content")
    elif kind == CONTAINER:
        _count(part["components"], 1, MOST_COMPONENTS, f"{where}.components")


def _check_row(parts: list[Body], where: str) -> None:
    _count(parts, 1, MOST_BUTTONS, f"{where}.components")
    if len(parts) > 1 and any(part["type"] in SELECTS for part in parts):
        raise Violation(
            f"{where}.components", "A select menu needs a row of its own.", "COMPONENT_LAYOUT_WIDTH_EXCEEDED"
        )


def _check_button(part: Body, where: str) -> None:
    style = part["style"]
    if style == LINK:
        if not part.get("url") or part.get("custom_id"):
            raise Violation(where, "A link button has a url and no custom_id.", "BUTTON_COMPONENT_INVALID_URL")
    elif style != PREMIUM:
        if part.get("url"):
            raise Violation(where, "Only a link button has a url.")
        _count(part.get("custom_id") or "", 1, CUSTOM_ID, f"{where}.custom_id")
    if style != PREMIUM and not part.get("label") and not part.get("emoji"):
        raise Violation(where, "A button has a label or an emoji.", "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED")


def _check_menu(part: Body, where: str) -> None:
    _count(part["custom_id"], 1, CUSTOM_ID, f"{where}.custom_id")
    least, most = part.get("min_values", 1), part.get("max_values", 1)
    if least is not None and most is not None and least > most:
        raise Violation(f"{where}.min_values", "Cannot be greater than max_values.")
    if part["type"] != STRING_SELECT:
        return
    options = part["options"]
    _count(options, 1, MOST_OPTIONS, f"{where}.options")
    if len({option["value"] for option in options}) < len(options):
        raise Violation(
            f"{where}.options", "The specified option value is already used", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"
        )
    if (most or 1) > len(options):
        raise Violation(f"{where}.max_values", "Cannot be greater than the number of options.")
    if sum(bool(option.get("default")) for option in options) > (most or 1):
        raise Violation(f"{where}.options", "More options are chosen beforehand than may be chosen.")


def _count(things: list[Body] | str, least: int, most: int, where: str) -> None:
    if not least <= len(things) <= most:
        raise Violation(where, f"Must be between {least} and {most} in length.", "BASE_TYPE_BAD_LENGTH")


def shown(parts: list[Body], media: Media) -> list[Body]:
    """The components as an answer shows them: each with an id, all fields filled, links looked up."""
    taken = {part["id"] for part in walk(parts) if part.get("id")}
    fresh = (number for number in range(1, 10_000) if number not in taken)
    return [_shown(part, media, fresh, f"components.{place}") for place, part in enumerate(parts)]


def _shown(part: Body, media: Media, fresh: Iterator[int], where: str) -> Body:
    told = _without_nulls(part)
    told["id"] = part.get("id") or next(fresh)
    kind = part["type"]
    if "components" in part:
        inner = part["components"]
        told["components"] = [
            _shown(one, media, fresh, f"{where}.components.{place}") for place, one in enumerate(inner)
        ]
    if "accessory" in part:
        told["accessory"] = _shown(part["accessory"], media, fresh, f"{where}.accessory")
    if kind == CONTAINER:
        told |= {"accent_color": part.get("accent_color"), "spoiler": bool(part.get("spoiler"))}
    elif kind == GALLERY:
        told["items"] = [_item(item, media, f"{where}.items.{place}") for place, item in enumerate(part["items"])]
    elif kind == THUMBNAIL:
        told |= _item(part, media, where)
    elif kind == FILE:
        link = media(f"{where}.file", part["file"]["url"])
        told |= {
            "file": link,
            "name": link["url"].rpartition("/")[2],
            "size": None,
            "spoiler": bool(part.get("spoiler")),
        }
    elif kind == SEPARATOR:
        divider = part.get("divider")
        told |= {"spacing": part.get("spacing") or 1, "divider": True if divider is None else divider}
    elif kind in SELECTS:
        told |= {"min_values": _or_one(part.get("min_values")), "max_values": _or_one(part.get("max_values"))}
    return told


def _without_nulls(part: Body) -> Body:
    """As answers show it: unknown fields are left out, in the emoji and the options of a component too."""
    told = {name: value for name, value in part.items() if value is not None}
    if "emoji" in told:
        told["emoji"] = _without_nulls(told["emoji"])
    if "options" in told:
        told["options"] = [_without_nulls(option) for option in told["options"]]
    return told


def _item(item: Body, media: Media, where: str) -> Body:
    link = media(f"{where}.media", item["media"]["url"])
    return {"media": link, "description": item.get("description"), "spoiler": bool(item.get("spoiler"))}


def _or_one(number: int | None) -> int:
    return 1 if number is None else number
