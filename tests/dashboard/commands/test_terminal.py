"""A name cannot tell a terminal what to do, nor look like another one."""

import io

import polars as pl
import pytest
import typer
from hypothesis import given, seed, settings
from hypothesis import strategies as st
from rich.console import Console

import dashboard.cli  # noqa: F401 - guards the terminal
from dashboard.commands.options import Format
from dashboard.commands.printing import show
from dashboard.commands.terminal import harmless

NASTY = [
    "\x1b]0;a title\x07",
    "\x1b[2J\x1b[1;1H",
    "\x1b]52;c;ZXZpbA==\x07",
    "\x9b31m",
    "North\r\x1b[KSouth",
    "a\x08\x08b",
    "\u202etxt.exe",
    "\u2066x\u2069",
]


@pytest.mark.parametrize("name", NASTY)
def test_what_rich_and_echo_print_holds_no_sign_that_a_terminal_obeys(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    show(pl.DataFrame({"team": [name]}), Format.table)
    typer.echo(f"{name} was written.")
    Console().print(name, markup=False)
    said = capsys.readouterr().out
    assert said == harmless(said)
    assert "\x1b" not in said


@pytest.mark.parametrize(
    "name", ["[red]x[/red]", r"\[bold]x", "[link=https://evil.example]x[/link]", "[/]", "[@click=x]"]
)
def test_brackets_in_a_name_are_brackets(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    show(pl.DataFrame({"team": [name]}), Format.table)
    assert name in capsys.readouterr().out


def test_richs_own_colours_are_left() -> None:
    out = io.StringIO()
    Console(file=out, force_terminal=True).print("[red]x\x1b[2J[/red]")
    assert "\x1b[31m" in out.getvalue()
    assert "\x1b[2J" not in out.getvalue()


def test_programs_get_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    show(pl.DataFrame({"team": ["a\x1bb"]}), Format.csv)
    show(pl.DataFrame({"team": ["a\x1bb"]}), Format.json)
    assert capsys.readouterr().out.count("\x1b") == 1  # in csv; json writes it as \\u001b


@seed(6)
@settings(max_examples=200)
@given(st.text())
def test_lines_and_letters_stay(text: str) -> None:
    told = harmless(text)
    assert harmless(told) == told
    assert [one for one in told if one.isprintable()] == [one for one in text if one.isprintable()]
