"""Cards made ready: all of a story's words in one language, as far as they can be filled in before the play."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from bot.play.card import Card, Option, Spoken
from bot.story.compiler import Holds
from bot.story.expression import Value
from bot.story.story import Choice, Scene, Story, Text, Wording

_LOOKS = 3
_HIDDEN, _LOCKED, _OPEN = range(_LOOKS)
"""How a choice may be shown."""

_MOST_MADE = 64
"""Cards kept per scene; with more ways to show its choices than that, the others are made each time."""


@dataclass(frozen=True, slots=True)
class _Cue:
    """A line whose words wait for variables."""

    spoken: Spoken
    text: Text


@dataclass(frozen=True, slots=True)
class _Button:
    """A choice with its option as it is shown open and locked; `text` is set when the label has holes.

    What is asked at every showing stands here, one step away: `once` is the choice's key if it can be taken just
    once, `shut` how it is shown while its condition does not hold.
    """

    open: Option
    locked: Option
    text: Text | None
    once: str | None
    holds: Holds | None
    shut: int


@dataclass(frozen=True, slots=True)
class Stage:
    """One scene, ready to be shown. `lines` is set when none of its lines waits for a variable."""

    scene: Scene
    language: str
    lines: tuple[Spoken, ...] | None
    cues: tuple[_Cue, ...]
    buttons: tuple[_Button, ...]
    filled: bool
    """Whether some label has holes."""
    made: dict[int, Card]
    """Cards made before, by how each choice was shown: making one costs as much as half a step."""

    def spoken(self, values: Sequence[Value]) -> tuple[Spoken, ...]:
        """The lines with the variables' values in them."""
        if self.lines is not None:
            return self.lines
        return tuple(
            Spoken(cue.spoken.speaker, cue.spoken.name, cue.text.fill(values), cue.spoken.at) for cue in self.cues
        )

    def card(
        self,
        values: Sequence[Value],
        visits: Mapping[str, int],
        chosen: Mapping[str, int],
        ended: frozenset[str],
    ) -> Card:
        """The card with the choices to show now; hidden and used-up ones are left out."""
        shown = 0
        for button in self.buttons:
            if button.once is not None and button.once in chosen:
                look = _HIDDEN
            elif button.holds is None or button.holds(values, visits, chosen, ended):
                look = _OPEN
            else:
                look = button.shut
            shown = shown * _LOOKS + look
        card = self.made.get(shown)
        if card is None:
            card = self._make(shown)
            if len(self.made) < _MOST_MADE:
                self.made[shown] = card
        if self.filled or self.lines is None:
            return replace(card, lines=self.spoken(values), options=self._fill(card.options, values))
        return card

    def _make(self, shown: int) -> Card:
        options = []
        for button in reversed(self.buttons):
            shown, look = divmod(shown, _LOOKS)
            if look != _HIDDEN:
                options.append(button.open if look == _OPEN else button.locked)
        scene, offered = self.scene, tuple(reversed(options))
        if all(option.locked for option in offered):
            return Card(scene.id, self.language, self.lines or (), offered, stuck=True)
        default = default_option(scene.default, offered) if scene.within is not None else None
        return Card(scene.id, self.language, self.lines or (), offered, scene.within, default)

    def _fill(self, options: tuple[Option, ...], values: Sequence[Value]) -> tuple[Option, ...]:
        texts = {button.open.id: button.text for button in self.buttons if button.text is not None}
        return tuple(
            replace(option, label=texts[option.id].fill(values)) if option.id in texts else option for option in options
        )


def default_option(defaults: tuple[str, ...], options: tuple[Option, ...]) -> str | None:
    """The choice taken when time runs out: the default, else the first that is open; None where dice decide."""
    open_ones = [option.id for option in options if not option.locked]
    wanted = [choice for choice in defaults if choice in open_ones]
    if len(wanted) > 1:
        return None
    return wanted[0] if wanted else open_ones[0] if open_ones else None


@lru_cache(maxsize=512)
def stages(story: Story, language: str) -> Mapping[str, Stage]:
    """A stage per scene. Stories are compared by identity, so a story read again gets stages of its own."""
    wording = story.wording(language)
    return {scene.id: _stage(story, scene, wording) for scene in story.scenes.values()}


def _stage(story: Story, scene: Scene, wording: Wording) -> Stage:
    cues = tuple(
        _Cue(
            Spoken(line.speaker, wording.plain(f"cast/{line.speaker}"), text.plain or "", line.at),
            text,
        )
        for line in scene.lines
        for text in (wording.texts[f"scene/{scene.id}/line/{line.id}"],)
    )
    ready = all(cue.text.plain is not None for cue in cues)
    buttons = tuple(_button(story, scene, choice, wording) for choice in scene.choices.values())
    lines = tuple(cue.spoken for cue in cues) if ready else None
    filled = any(button.text is not None for button in buttons)
    return Stage(scene, wording.language, lines, cues, buttons, filled, {})


def _button(story: Story, scene: Scene, choice: Choice, wording: Wording) -> _Button:
    text = wording.texts[f"scene/{scene.id}/choice/{choice.id}"]
    ask = None if choice.ask is None else story.variables[choice.ask].length
    label = text.plain or ""
    return _Button(
        open=Option(choice.id, label, False, choice.image, ask),
        locked=Option(choice.id, label, True, choice.image, ask),
        text=None if text.plain is not None else text,
        once=choice.key if choice.once else None,
        holds=None if choice.condition is None else choice.condition.holds,
        shut=_LOCKED if choice.locked else _HIDDEN,
    )
