"""Cards as lines of a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape

from adapters.words import words as said
from bot.clips.shelf import Shelf
from bot.event import Answer
from bot.play.card import Card, Option
from bot.play.path import choice_points
from bot.play.step import Reason
from bot.story.story import Story


@dataclass(frozen=True, slots=True)
class Words:
    """What the terminal itself says, in one language."""

    choose: str
    seconds: str
    end: str
    time_over: str
    say_it: str
    stuck: str
    toll: str
    commands: str
    kept: str
    notices: Mapping[Reason, str]

    def prompt(self, card: Card) -> str:
        """What is waited for."""
        if card.ending is not None or card.stuck:
            return f"{self.end} >"
        if card.toll is not None:
            return ">"
        clock = "" if card.within is None else f" ({card.within / 1000:g} {self.seconds})"
        return f"{self.choose}{clock} >"

    def help(self, answer: Answer) -> str:
        """What can be typed."""
        return f"[dim]{escape(self.commands.format(languages='|'.join(answer.story.languages)))}[/]"


LANGUAGES: Mapping[str, Words] = {
    "en": Words(
        choose="Your choice",
        seconds="s",
        end="The end. again, back or q",
        time_over="Time is up.",
        say_it="Say it:",
        stuck="The story has a gap here. Go back and take another way.",
        toll="“{title}” costs {price} Stars (all episodes together {total}) and is sold in Telegram.",
        commands="A number chooses. back [n] rewinds, again restarts, go <scene> jumps, in <{languages}>, q leaves.",
        kept="Your place is kept.",
        notices={
            Reason.MOVED_ON: "The story has moved on; this is where it is now.",
            Reason.LOCKED: "That way is locked.",
            Reason.UNKNOWN_CHOICE: "There is no such choice here.",
            Reason.NOTHING_TO_DO: "There is nothing to do there.",
            Reason.UNPAID: "This episode has not been bought yet.",
        },
    ),
    "es": Words(
        choose="Tu elección",
        seconds="s",
        end="Fin. again, back o q",
        time_over="Se acabó el tiempo.",
        say_it="Dilo:",
        stuck="Aquí la historia tiene un hueco. Vuelve atrás y toma otro camino.",
        toll="«{title}» cuesta {price} Stars (todos los episodios juntos {total}) y se vende en Telegram.",
        commands="Un número elige. back [n] retrocede, again reinicia, go <escena> salta, in <{languages}>, q sale.",
        kept="Tu lugar queda guardado.",
        notices={
            Reason.MOVED_ON: "La historia ya avanzó; aquí es donde está ahora.",
            Reason.LOCKED: "Ese camino está cerrado.",
            Reason.UNKNOWN_CHOICE: "Aquí no existe esa elección.",
            Reason.NOTHING_TO_DO: "No hay nada que hacer ahí.",
            Reason.UNPAID: "Este episodio aún no está comprado.",
        },
    ),
    "zh": Words(
        choose="你的选择",
        seconds="秒",
        end="剧终。输入 again、back 或 q",
        time_over="时间到了。",
        say_it="请输入：",
        stuck="故事在这里断了。请退回去，换一条路。",
        toll="《{title}》售价 {price} 颗星星（全部剧集共 {total} 颗），在 Telegram 里出售。",
        commands="输入数字选择。back [n] 回退，again 重新开始，go <场景> 跳转，in <{languages}>，q 离开。",
        kept="你的进度已保存。",
        notices={
            Reason.MOVED_ON: "故事已经往前走了，现在在这里。",
            Reason.LOCKED: "这条路锁着。",
            Reason.UNKNOWN_CHOICE: "这里没有这个选择。",
            Reason.NOTHING_TO_DO: "那里没有可做的事。",
            Reason.UNPAID: "这一集还没有购买。",
        },
    ),
}


def words_for(answer: Answer) -> Words:
    """The words in the session's language, or else English ones."""
    return LANGUAGES.get(answer.state.language.partition("-")[0], LANGUAGES["en"])


def render(console: Console, answer: Answer, shelf: Shelf, public_url: str) -> None:
    """Show every card of an answer."""
    words = words_for(answer)
    if answer.notice is not None:
        console.print(f"[yellow]{words.notices[answer.notice]}[/]")
    if answer.cards[-1].landed is not None:
        console.print(f"[yellow]{said(answer.state.language)(f'landed_{answer.cards[-1].landed}')}[/]")
    for card in answer.cards:
        if card.toll is None:
            _card(console, answer, card, shelf, public_url)
        else:
            _toll(console, answer.story, card, card.toll)
    if answer.cards[-1].stuck:
        console.print(f"[yellow]{words.stuck}[/]")


def _toll(console: Console, story: Story, card: Card, episode: str) -> None:
    title = story.wording(card.language).plain(f"episode/{episode}")
    words = LANGUAGES.get(card.language.partition("-")[0], LANGUAGES["en"])
    told = words.toll.format(title=title, price=story.episodes[episode].price, total=story.total)
    console.print(f"\n[yellow]{escape(told)}[/]")


def _card(console: Console, answer: Answer, card: Card, shelf: Shelf, public_url: str) -> None:
    story = answer.story
    print_heading(console, story, card, len(choice_points(answer.state.path)))
    clip = shelf.clip(story, story.scenes[card.scene], answer.session.updated / 1000)
    if clip is not None:
        link = clip.link if clip.link.startswith("https:") else public_url + clip.link
        console.print(f"[dim]▶ {clip.seconds:.0f} s[/] [link={link}]{escape(link)}[/link]", soft_wrap=True)
    print_lines(console, card)
    for number, option in enumerate(card.options, 1):
        console.print(f"  {labelled(number, option)}")
    print_ending(console, story, card)


def print_heading(console: Console, story: Story, card: Card, taken: int) -> None:
    """The scene by its title and id, with how many choices led there."""
    title = story.wording(card.language).plain(f"scene/{card.scene}") or card.scene
    console.print(f"\n[bold]{escape(title)}[/]  [dim]{escape(card.scene)} #{taken}[/]")


def print_lines(console: Console, card: Card) -> None:
    """What is said."""
    for line in card.lines:
        name = f"[cyan]{escape(line.name)}:[/] " if line.name else ""
        console.print(f"  {name}{escape(line.text)}")


def labelled(number: int, option: Option) -> str:
    """A choice as markup."""
    label = escape(option.label)
    return f"[dim]{number} 🔒 {label}[/]" if option.locked else f"[bold]{number}[/] {label}"


def print_ending(console: Console, story: Story, card: Card) -> None:
    """The ending that a card has come to."""
    if card.ending is not None:
        title = story.wording(card.language).plain(f"scene/{card.scene}/ending")
        console.print(f"\n  [bold magenta]* {escape(title)} *[/]")
