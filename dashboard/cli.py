"""The `heartline` command: one sentence for what went wrong, never a traceback."""

import sys

import typer
from rich.console import Console

from dashboard.commands import (
    access,
    actions,
    backup,
    check,
    coaching,
    demo,
    digest,
    empathy,
    facts,
    forget,
    handoffs,
    intake,
    one_on_ones,
    plays,
    praise,
    purpose,
    rebase,
    record,
    replies,
    retrospective,
    review,
    serve,
    settings,
    signs,
    standards,
    terminal,
)
from dashboard.commands.asking import gated
from data.errors import Trouble

app = typer.Typer(
    help="A coaching dashboard for the health of a service culture.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for part in (
    access,
    demo,
    intake,
    signs,
    handoffs,
    empathy,
    facts,
    rebase,
    replies,
    retrospective,
    actions,
    coaching,
    plays,
    praise,
    one_on_ones,
    digest,
    record,
    forget,
    purpose,
    review,
    standards,
    serve,
    settings,
    check,
    backup,
):
    app.registered_commands += part.app.registered_commands
    app.registered_groups += part.app.registered_groups
terminal.guard()
gated(app)  # after all of them are there, so that none is forgotten


def main() -> None:
    """Run the command line. Exit status: 0 done, 1 a trouble that was said, 2 the call's own words are off."""
    try:
        app()
    except Trouble as trouble:
        Console(stderr=True).print(str(trouble), markup=False, highlight=False, soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        Console(stderr=True).print("Stopped. What was finished before is kept.")
        sys.exit(130)
    except BrokenPipeError:  # the reader, say `head`, has had enough
        sys.stderr.close()
        sys.exit(0)


if __name__ == "__main__":
    main()
