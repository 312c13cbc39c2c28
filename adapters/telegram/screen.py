"""The screen: shows a private chat's cards, one tidy message after the other or all in one that changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import MappingProxyType

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from adapters.button import Buttons
from adapters.shares import Shares
from adapters.telegram.background import Background
from adapters.telegram.cashier import Cashier
from adapters.telegram.chat import Chat
from adapters.telegram.files import Media
from adapters.telegram.keyboard import Keyboard
from adapters.telegram.scene import LABEL, Scene, scene_of
from adapters.telegram.sender import Look, Sender
from adapters.telegram.settle import Settler
from adapters.telegram.standing import Standing, Standings
from adapters.telegram.taste import Taste, Tastes
from adapters.telegram.text import bold, joined, plain
from adapters.telegram.ticker import Ticker
from adapters.telegram.trouble import NO_EFFECT
from adapters.telegram.warmer import Warmer
from adapters.text import cut
from adapters.words import Words, words
from bot.delivery.delivery import Later, Unshowable
from bot.delivery.parcel import Parcel, Taken
from bot.story.story import EndingKind, Story

log = structlog.get_logger()

EFFECTS: MappingProxyType[EndingKind, str] = MappingProxyType(
    {
        "happy": "5046509860389126442",  # confetti
        "sad": "5104858069142078462",  # thumb down
        "bittersweet": "5159385139981059251",  # heart
        "open": "5107584321108051014",  # thumb up
        "secret": "5104841245755180586",  # fire
    }
)
"""Telegram's own message effects, which every bot may use in a private chat."""

APPLAUSE = "🎉"
"""The bot's reaction to an ending that is found for the first time."""

LOOK = 0.5
"""Seconds between looks whether something else is wanted while a clip runs in the one message."""

Wanted = Callable[[Chat, Parcel], bool]
"""Whether anything but the rest of this card's step waits for the chat: then nobody watches the clip to its end."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A card on its way to a chat."""

    chat: Chat
    story: Story
    parcel: Parcel
    scene: Scene
    media: Media | None
    look: Look
    words: Words
    taste: Taste
    now: int

    @property
    def final(self) -> bool:
        """Whether something is waited for after it; else the next card follows by itself."""
        card = self.parcel.card
        return bool(card.options) or card.ending is not None or card.stuck or card.toll is not None

    @property
    def until(self) -> int:
        """Unix ms at which its clip will have run, where another card follows it."""
        seconds = self.media.seconds if self.media is not None else 0.0
        return 0 if self.final else self.now + round(seconds * 1000)


class Screen:
    """Shows parcels. Raises what `Sender` raises."""

    def __init__(
        self,
        sender: Sender,
        standings: Standings,
        buttons: Buttons,
        tastes: Tastes,
        shares: Shares,
        ticker: Ticker,
        cashier: Cashier,
        warmer: Warmer,
        background: Background,
        now: Callable[[], int],
        wanted: Wanted = lambda chat, parcel: False,
    ) -> None:
        self._sender = sender
        self._standings = standings
        self._buttons = buttons
        self._tastes = tastes
        self._shares = shares
        self._ticker = ticker
        self._cashier = cashier
        self._warmer = warmer
        self._now = now
        self._wanted = wanted
        self._background = background
        self._settler = Settler(sender, background)

    async def show(self, chat: Chat, story: Story, parcel: Parcel) -> None:
        """Show a card in place of the one before, whose buttons go and whose choice stays readable."""
        shot = await self._shot(chat, story, parcel)
        before = await self._standings.of(chat, parcel.session)
        if before is not None and before.revision > parcel.revision:
            return  # asked for again at one worker while the story went on at another
        if before is not None and before.until > shot.now and shot.taste.one_message and not self._wanted(chat, parcel):
            raise Later(min((before.until - shot.now) / 1000, LOOK))
        self._ticker.stop(chat)
        # Shown again (asked for, or after a crash), a card goes to the bottom of the chat.
        # A card of the same step that follows a clip by itself goes on where that clip was.
        onward = before is not None and (before.revision < parcel.revision or before.until > 0)
        chosen = await self._chosen(shot, parcel.taken) if parcel.taken is not None and onward else ""
        if parcel.card.toll is not None:
            _, standing = await asyncio.gather(
                self._settled(shot, before, chosen), self._billed(shot, parcel.card.toll)
            )
        elif before is not None and shot.taste.one_message and onward:
            standing = await self._replaced(shot, before, chosen)
        else:
            _, standing = await asyncio.gather(self._settled(shot, before, chosen), self._sent(shot))
        await self._standings.keep(chat, parcel.session, standing, shot.now)
        self._count_down(shot, standing)
        self._applaud(shot, standing)
        self._warmer.after(story, parcel.card.scene)

    async def _shot(self, chat: Chat, story: Story, parcel: Parcel) -> Shot:
        card, now = parcel.card, self._now()
        scene = story.scenes[card.scene]
        said = words(card.language)
        taste = await self._tastes.of(chat.id)
        seconds = story.seconds.get(card.scene, 0.0)
        clip = scene.clip if card.toll is None else None
        media = await self._sender.files.media(story, clip, now / 1000, seconds)
        effect = EFFECTS[card.ending] if card.ending is not None and not taste.one_message else None
        look = Look(protect=story.protect, spoiler=story.covered, effect=effect)
        return Shot(chat, story, parcel, scene_of(story, parcel, self._buttons, said), media, look, said, taste, now)

    # -- a message for each scene

    async def _sent(self, shot: Shot) -> Standing:
        """Send the card as new messages; the last of them has the buttons."""
        first, *others = shot.scene.texts
        timed = self._timed(shot, shot.now)
        if not others:
            return await self._opening(shot, first, timed, shot.scene.keyboard)
        opening = await self._opening(shot, first, "", None)
        plain_look = _bare(shot).look
        for text in others[:-1]:
            await self._sender.text(shot.chat, text, look=plain_look)
        last = others[-1]
        message = await self._sender.text(
            shot.chat, joined([last, timed]) or "…", shot.scene.keyboard, reply=opening.message, look=plain_look
        )
        return _standing(shot, message, last, caption=False)

    async def _opening(self, shot: Shot, html: str, below: str, keyboard: Keyboard) -> Standing:
        """The clip with its caption; where Telegram takes no clip, a text with a link to it or without."""
        if shot.media is None:
            return await self._as_text(shot, _told(shot, html), below, keyboard)
        try:
            message = await self._sender.video(shot.chat, shot.media, joined([html, below]), keyboard, look=shot.look)
        except Unshowable as error:
            if trouble_with_effect(shot, error):
                return await self._opening(_bare(shot), html, below, keyboard)
            log.warning("clip_refused", story=shot.story.id, scene=shot.parcel.card.scene, error=str(error))
            return await self._as_text(shot, _linked(shot, html), below, keyboard)
        return _standing(shot, message, html, caption=True)

    async def _as_text(self, shot: Shot, html: str, below: str, keyboard: Keyboard) -> Standing:
        try:
            message = await self._sender.text(shot.chat, joined([html, below]), keyboard, look=shot.look)
        except Unshowable as error:
            if trouble_with_effect(shot, error):
                return await self._as_text(_bare(shot), html, below, keyboard)
            raise
        return _standing(shot, message, html, caption=False)

    async def _settled(self, shot: Shot, before: Standing | None, chosen: str) -> None:
        """Clear away the card before. What goes wrong there never holds up the next scene."""
        if before is not None and before.waits:
            await self._settler.settle(shot.chat, before, chosen)

    async def _billed(self, shot: Shot, episode: str) -> Standing:
        """The next episode is still to be bought: an invoice for it, and a link to one for all that are left."""
        chat, said = shot.chat, shot.words
        one, *more = await self._cashier.offers(shot.story, episode, chat.id, said)
        rows = [[InlineKeyboardButton(said("pay_one", price=one.stars), pay=True)]]
        for offer in more:
            link = await self._sender.invoice_link(chat, offer)
            rows.append([InlineKeyboardButton(said("pay_all", price=offer.stars), url=link)])
        message = await self._sender.invoice(chat, one, InlineKeyboardMarkup(rows))
        return Standing(shot.parcel.revision, message, False, "", False)

    # -- one message for the whole story

    async def _replaced(self, shot: Shot, before: Standing, chosen: str) -> Standing:
        """Show the card in the message of the one before; new ones where that is gone or cannot hold it."""
        html = joined([chosen, shot.scene.texts[0], self._timed(shot, shot.now)])
        keyboard = shot.scene.keyboard
        alone = len(shot.scene.texts) == 1
        if alone and shot.media is not None and before.caption:
            done = await self._in_place(shot, before, html)
        elif alone and shot.media is None and not before.caption:
            done = await self._sender.edit(shot.chat, before.message, html or "…", keyboard, caption=False)
        else:
            await self._sender.delete(shot.chat, before.message)
            done = False
        if not done:
            return await self._sent(shot)
        first = joined([chosen, shot.scene.texts[0]])
        return Standing(shot.parcel.revision, before.message, before.caption, first, keyboard is not None, shot.until)

    async def _in_place(self, shot: Shot, before: Standing, html: str) -> bool:
        if shot.media is None:
            return False
        try:
            return await self._sender.replace(
                shot.chat, before.message, shot.media, html, shot.scene.keyboard, look=shot.look
            )
        except Unshowable as error:
            log.warning("clip_refused", story=shot.story.id, scene=shot.parcel.card.scene, error=str(error))
            return False

    # -- what stands below

    async def _chosen(self, shot: Shot, taken: Taken) -> str:
        """The choice that led here, and how many others took it."""
        wording = shot.story.wording(shot.parcel.card.language)
        text = wording.texts.get(f"scene/{taken.scene}/choice/{taken.choice}")
        label = bold(cut((text.plain or "…") if text is not None else taken.choice, LABEL))
        if taken.timed_out:
            return shot.words("timed_out", label=label)
        percent = await self._shares.percent(shot.story.id, taken.scene, taken.choice) if shot.taste.shares else None
        if percent is None:
            return shot.words("chosen", label=label)
        return shot.words("chosen_share", label=label, percent=percent)

    def _timed(self, shot: Shot, now: int) -> str:
        deadline = shot.parcel.deadline
        if deadline is None or not shot.taste.countdown:
            return ""
        return shot.words("countdown", seconds=max(0, round((deadline - now) / 1000)))

    def _count_down(self, shot: Shot, standing: Standing) -> None:
        deadline = shot.parcel.deadline
        if deadline is None or not shot.taste.countdown or not standing.waits:
            return

        async def write(seconds: int) -> None:
            if self._sender.pace.spare(shot.chat.address):
                html = joined([standing.html, shot.words("countdown", seconds=seconds)])
                await self._sender.edit(
                    shot.chat, standing.message, html, shot.scene.keyboard, caption=standing.caption
                )

        self._ticker.start(shot.chat, deadline, write)

    def _applaud(self, shot: Shot, standing: Standing) -> None:
        if not shot.parcel.card.new:
            return
        bot, chat = self._sender.bot, shot.chat
        self._background.soon(bot.set_message_reaction(chat.id, standing.message, APPLAUSE))


def _standing(shot: Shot, message: int, html: str, *, caption: bool) -> Standing:
    return Standing(shot.parcel.revision, message, caption, html, shot.scene.keyboard is not None, shot.until)


def trouble_with_effect(shot: Shot, error: Unshowable) -> bool:
    """Whether Telegram refused only the effect."""
    return shot.look.effect is not None and NO_EFFECT in str(error).lower()


def _bare(shot: Shot) -> Shot:
    return replace(shot, look=replace(shot.look, effect=None))


def _told(shot: Shot, html: str) -> str:
    """A scene without a clip begins with its name."""
    title = shot.story.wording(shot.parcel.card.language).plain(f"scene/{shot.parcel.card.scene}")
    return f"🎬 <b>{plain(title)}</b>\n{html}" if title else html or "🎬"


def _linked(shot: Shot, html: str) -> str:
    """A clip that Telegram does not take is a link to open."""
    link = None if shot.media is None else shot.media.link
    return _told(shot, html) if link is None else joined([shot.words("watch_clip", link=plain(link)), html])
