"""What a creator is told where the studio does not do what they asked for, and what they can do instead."""

from __future__ import annotations

from adapters.studio.sheet import Sheet, Span, phrase
from bot.studio.creator import Denied, Why

SAID: dict[Why, str] = {
    Why.UNKNOWN: "There is no such story among yours. `/studio` shows them.",
    Why.ROLE: "That is for its {detail}s. Ask one of its owners.",
    Why.TAKEN: 'The id "{detail}" is taken. Rename the file or the folder, and send it again.',
    Why.MANY_STORIES: "You own {detail} stories, which is the most. `/delete` one that you no longer need.",
    Why.MANY_UPLOADS: "That was a lot in one hour. You can send again in {detail} min.",
    Why.MUCH: "The clips of a story may take {detail} MB together. Make some smaller, or leave some out.",
    Why.TRANSLATIONS_ONLY: "You translate this story: you can change its locales/, and {detail} is something else.",
    Why.NO_SCENE: 'The story has no scene "{detail}". Write a scene\'s id as the caption of its clip.',
    Why.NO_CLIP: "That clip cannot be used: {detail}",
    Why.NOTHING: "There is nothing to do: it is as it was.",
    Why.CHANGED: "Something has changed since. Look again before you go on.",
    Why.INVITE: "That invitation is used or over. Ask for a new one.",
    Why.STOPPED: "Whoever runs this server has stopped {detail}: only they can let it be played again.",
    Why.LAST_OWNER: "A story needs an owner. Invite another one first.",
    Why.NOT_PLAYING: "You are not testing a story. `/studio` shows yours.",
}


def denial(denied: Denied) -> Sheet:
    """Why not."""
    return Sheet((phrase(SAID[denied.why], detail=denied.detail),))


def advice(text: str) -> Sheet:
    """A sentence of ours, with `/commands` between backticks."""
    return Sheet((phrase(text),))


def told(text: str) -> Sheet:
    """A few words, which may be anybody's."""
    return Sheet(((Span(text),),))
