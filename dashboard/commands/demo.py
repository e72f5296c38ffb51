"""`heartline demo`: the sample company, made and served."""

from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from dashboard.commands.options import HomeOption
from dashboard.commands.serve import serve as serve_command
from data.errors import Trouble
from data.home import Home, find_home

app = typer.Typer()


@app.command()
def demo(
    home: HomeOption = None,
    seed: Annotated[int, typer.Option(help="Another seed makes another company.")] = 1,
    port: Annotated[int, typer.Option(help="The port on this machine.", min=1, max=65535)] = 8501,
    serving: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it, or make it only.")] = True,
) -> None:
    """Make the sample company (40 teams, 24 months, its troubles written to planted.json) and serve it."""
    chosen = find_home(home) if home else Home(find_home().path / "demo")
    if made_here(chosen):
        typer.echo(f"The sample company is in {chosen.path} already.")
    else:
        make(chosen, seed)
    if serving:
        serve_command(home=chosen.path, port=port)


def made_here(home: Home) -> bool:
    """Whether the home holds the sample company; Trouble where it holds somebody's own data instead."""
    if (home.path / "planted.json").exists():
        return True
    if home.versions.exists() and any(home.versions.iterdir()):
        raise Trouble(f"{home.path} holds a company's own data: choose another folder for the sample with --home.")
    return False


def make(home: Home, seed: int) -> None:
    """Write the sample company into an empty home, and count it."""
    from data.derived import derive
    from data.sample.install import install

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:.0f}%"), TimeElapsedColumn())
    with Progress(*columns, transient=False) as bar:
        task = bar.add_task("Making the sample company", total=1.0)

        def said(words: str, share: float) -> None:
            bar.update(task, description=words, completed=share * 0.6)

        install(home, seed=seed, progress=said)
        derive(home, progress=lambda words, share: bar.update(task, description=words, completed=0.6 + share * 0.4))
        bar.update(task, description="The sample company is made", completed=1.0)
    typer.echo(f"It is in {home.path}. What was planted in it is in planted.json there.")
