"""Keeps a terminal from being told what to do by what others wrote: a team's name, a file's, a category, a ticket's id.

Escape sequences can hide lines, set a window's title, write to the clipboard; signs that turn the direction of writing
can make one name look like another. All that commands print passes one of two doors, rich's texts and typer.echo; both
leave such signs out. What programs read (csv, json into a file or a pipe) is left as it is.
"""

import sys
from functools import wraps
from typing import Any

import typer

_LEFT_OUT: dict[int, None] = dict.fromkeys(
    (
        *(code for code in range(32) if chr(code) not in "\n\t"),
        *range(127, 160),
        *(0x200E, 0x200F, 0x2028, 0x2029, 0x061C),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    )
)


def harmless(text: str) -> str:
    """`text` without signs that a terminal obeys or that turn the direction of writing."""
    return text.translate(_LEFT_OUT)


def write(text: str) -> None:
    """Write to the standard output what programs read: as it is, unless a person sits before it."""
    sys.stdout.write(harmless(text) if sys.stdout.isatty() else text)


def guard() -> None:
    """From now on nothing that rich or typer.echo print holds such a sign; rich's own colours do."""
    from rich import control

    # Every text of rich's passes this table, and its own control codes do not.
    control._CONTROL_STRIP_TRANSLATE.update(_LEFT_OUT)
    if getattr(typer.echo, "is_harmless", False):
        return
    given = typer.echo

    @wraps(given)
    def echo(message: Any = None, *args: Any, **options: Any) -> None:
        given(harmless(message) if isinstance(message, str) else message, *args, **options)

    echo.is_harmless = True  # type: ignore[attr-defined]
    typer.echo = echo
