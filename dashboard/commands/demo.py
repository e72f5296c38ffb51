"""`heartline demo`: the sample company, made and served."""

import json
from collections.abc import Callable
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from dashboard import words
from dashboard.commands.options import HomeOption
from dashboard.commands.serve import serve as serve_command
from data import purpose
from data.database import open_database
from data.derived import derive
from data.errors import Trouble
from data.home import Home, find_home
from data.lake import Lake
from data.sample.install import PLANTED, SOURCE, install
from data.sample.record import record
from data.sample.self_rated import record_ratings
from data.scope import local_scope
from metrics.sign import all_signs

app = typer.Typer()


@app.command()
def demo(
    home: HomeOption = None,
    seed: Annotated[int, typer.Option(help="Another seed makes another company.")] = 1,
    port: Annotated[
        int | None, typer.Option(help="The port. Default: the setting server.port, 8501.", min=1, max=65535)
    ] = None,
    serving: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it, or make it only.")] = True,
) -> None:
    """Make the sample company (40 teams, 24 months, its troubles written to planted.json) and serve it."""
    chosen = find_home(home) if home else Home(find_home().path / "demo")
    refuse_own_data(chosen)
    make(chosen, seed)
    if serving:
        serve_command(home=chosen.path, port=port)


def refuse_own_data(home: Home) -> None:
    """Trouble where the home holds somebody's own data: the sample must not mix with it."""
    if (home.path / PLANTED).exists():
        return
    if any(not version.source.startswith(SOURCE) for version in Lake(home).history()):
        raise Trouble(f"{home.path} holds a company's own data: choose another folder for the sample with --home.")


def make(home: Home, seed: int) -> None:
    """Write the sample company into its home, count it, record its actions. What is done already is left as it is."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:.0f}%"), TimeElapsedColumn())
    with Progress(*columns) as bar:
        task = bar.add_task("Making the sample company", total=1.0)

        def said(begin: float, part: float) -> Callable[[str, float], None]:
            return lambda words, share: bar.update(task, description=words, completed=begin + part * share)

        if not (home.path / PLANTED).exists():
            install(home, seed=seed, progress=said(0.0, 0.5))
        derive(home, progress=said(0.5, 0.4))
        bar.update(task, description="Recording what its managers agreed", completed=0.9)
        planted = json.loads((home.path / PLANTED).read_text(encoding="utf-8"))
        record(home, planted, lambda row, team: words.sentence(row, all_signs()[row["sign"]], team))
        record_ratings(home, planted)
        record_purpose(home)
        bar.update(task, description="The sample company is there", completed=1.0)
    typer.echo(f"It is in {home.path}. What was planted in it is in {PLANTED} there.")


def record_purpose(home: Home) -> None:
    """That the company is made up, unless somebody recorded something else."""
    with open_database(home) as database:
        if purpose.current(database) is None:
            purpose.keep(local_scope("the sample company"), database, purpose.MADE_UP)
