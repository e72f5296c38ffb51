"""`heartline serve`: the dashboard in a browser."""

import ipaddress
from typing import Annotated

import typer

from dashboard.commands.options import HomeOption
from data.errors import Trouble
from data.home import find_home
from data.sign_in import sign_in_of

app = typer.Typer()


@app.command()
def serve(
    home: HomeOption = None,
    port: Annotated[int, typer.Option(help="The port on this machine.", min=1, max=65535)] = 8501,
    host: Annotated[str, typer.Option(help="The address to listen on: this machine alone.")] = "127.0.0.1",
) -> None:
    """Serve the dashboard to this machine's browser."""
    chosen = find_home(home)
    if sign_in_of(chosen) is None:
        refuse_beyond_this_machine(host)
    from dashboard.serving import refuse_taken
    from dashboard.serving import serve as start

    refuse_taken(host, port)
    typer.echo(f"Heartline is at http://localhost:{port} (home {chosen.path}). Stop it with Ctrl+C.")
    start(chosen, port, address=host)


def refuse_beyond_this_machine(host: str) -> None:
    """Trouble unless `host` is a loopback address: without sign-in, whoever reaches the port sees every team."""
    try:
        loopback = host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise Trouble(
            f"{host} can be reached from other machines, and sign-in is not set up: anyone could see every team. "
            "Set it up in secrets.toml in the home (docs/access.md), or serve on 127.0.0.1."
        )
