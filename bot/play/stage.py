"""Cards made ready: all of a story's words in one language, as far as they can be filled in before the play."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.play.card import Option, Spoken
from bot.story.expression import Value
from bot.story.story import Choice, Scene, Story, Text, Wording


@dataclass(frozen=True, slots=True)
class _Cue:
    """A line whose words wait for variables."""

    spoken: Spoken
    text: Text


@dataclass(frozen=True, slots=True)
class _Button:
    """A choice with its option as it is shown open and locked; `text` is set when the label has holes."""

    choice: Choice
    open: Option
    locked: Option
    text: Text | None


@dataclass(frozen=True, slots=True)
class Stage:
    """One scene, ready to be shown. `lines` is set when none of its lines waits for a variable."""

    scene: Scene
    language: str
    lines: tuple[Spoken, ...] | None
    cues: tuple[_Cue, ...]
    buttons: tuple[_Button, ...]

    def spoken(self, values: Sequence[Value]) -> tuple[Spoken, ...]:
        """The lines with the variables' values in them."""
        if self.lines is not None:
            return self.lines
        return tuple(
            Spoken(cue.spoken.speaker, cue.spoken.name, cue.text.fill(values), cue.spoken.at) for cue in self.cues
        )

    def options(
        self,
        values: Sequence[Value],
        visits: Mapping[str, int],
        chosen: Mapping[str, int],
        ended: frozenset[str],
    ) -> tuple[Option, ...]:
        """The choices to show now; hidden and used-up ones are left out."""
        shown = []
        for button in self.buttons:
            choice = button.choice
            if choice.once and choice.key in chosen:
                continue
            if choice.condition is None or choice.condition.holds(values, visits, chosen, ended):
                option = button.open
            elif choice.locked:
                option = button.locked
            else:
                continue
            if button.text is not None:
                option = Option(option.id, button.text.fill(values), option.locked, option.image, option.ask)
            shown.append(option)
        return tuple(shown)


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
    return Stage(scene, wording.language, tuple(cue.spoken for cue in cues) if ready else None, cues, buttons)


def _button(story: Story, scene: Scene, choice: Choice, wording: Wording) -> _Button:
    text = wording.texts[f"scene/{scene.id}/choice/{choice.id}"]
    ask = None if choice.ask is None else story.variables[choice.ask].length
    label = text.plain or ""
    return _Button(
        choice,
        Option(choice.id, label, False, choice.image, ask),
        Option(choice.id, label, True, choice.image, ask),
        None if text.plain is not None else text,
    )
