"""`heartline plays`: the playbook, and one play to read."""

from dataclasses import asdict
from typing import Annotated, Any

import polars as pl
import typer
from rich.console import Console

from dashboard.coaching import play_words
from dashboard.commands.options import Format, FormatOption, HomeOption
from dashboard.commands.printing import show
from data.coaching.play import Play
from data.coaching.playbook import play_named, playbook
from data.home import find_home

app = typer.Typer()

FORMAT = 1  # of the json: docs/json.md
BRIEF = ("key", "name", "aim", "lasts_weeks", "own", "purpose")
NESTED = ("steps", "signs", "causes", "needs", "watch", "caveats", "words", "cards", "guide", "debrief", "questions")
FLAT: dict[str, Any] = dict.fromkeys(("key", "name", "purpose", "aim", "changes", "who", "time"), pl.String)
SCHEMA: dict[str, Any] = (
    FLAT | {"lasts_weeks": pl.Int64, "own": pl.Boolean, "replaces": pl.Boolean} | dict.fromkeys(NESTED, pl.Object)
)


@app.command()
def plays(
    key: Annotated[str | None, typer.Argument(help="One play, by its key.")] = None,
    how: FormatOption = Format.table,
    home: HomeOption = None,
) -> None:
    """List the plays that a team may try, by what they are for; with a key, read one of them whole."""
    where = find_home(home)
    kept = playbook(where)
    chosen = [play for group in kept.by_aim().values() for play in group] if key is None else [play_named(where, key)]
    if how is Format.table:
        _say(chosen, kept.troubles, whole=key is not None)
        return
    frame = as_frame(chosen)
    shown = frame.drop(NESTED) if how is Format.csv else frame
    show(shown, how, envelope={"format": FORMAT, "troubles": list(kept.troubles)}, rows_as="plays")


def as_frame(chosen: list[Play]) -> pl.DataFrame:
    """One row a play, as other programs get it: docs/json.md."""
    rows = [asdict(play) for play in chosen]
    return pl.DataFrame({name: [row[name] for row in rows] for name in SCHEMA}, schema=SCHEMA)


def _say(chosen: list[Play], troubles: tuple[str, ...], *, whole: bool) -> None:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    if whole:
        console.print("\n".join(told(chosen[0])))
        return
    first = pl.Series("purpose", [play_words.brief(play) for play in chosen], pl.String)
    show(as_frame(chosen).select(BRIEF).with_columns(first), Format.table)
    for trouble in troubles:
        console.print(trouble)


def told(play: Play) -> list[str]:
    """One play as lines of plain text."""
    beside = (f"May help with: {play_words.helps_with(play)}", play_words.behind(play))
    about = (*beside, play_words.CHANGES[play.changes], play_words.origin(play))
    lines = [play.name, play.purpose, "", *(line for line in about if line), ""]
    lines += [f"{name}: {text}" for name, text in (("Who", play.who), ("Time", play.time)) if text]
    lines += [f"Usually lasts: {play_words.lasts(play)}", "", "Steps"]
    lines += [f"{number}. {step}" for number, step in enumerate(play.steps, 1)]
    spoken = tuple(
        f"“{line.say}”" + (f" instead of “{line.instead_of}”" if line.instead_of else "") for line in play.words
    )
    cards = tuple(
        f"{card.situation} They feel: {card.emotion}. They say: “{card.says}” To reach: {card.goal}"
        for card in play.cards
    )
    asked = tuple(f"{one.ask} Listen for: {one.listen_for} Its limit: {one.limit}" for one in play.questions)
    parts = (
        ("Needs", play.needs), ("Words", spoken), ("For the facilitator", play.guide), ("Cards", cards),
        ("Questions, and their limits", asked), ("Afterwards, ask", play.debrief), ("What to watch", play.watch),
        ("Mind", play.caveats),
    )  # fmt: skip
    for head, listed in parts:
        lines += ["", head, *(f"- {line}" for line in listed)] if listed else []
    return lines
