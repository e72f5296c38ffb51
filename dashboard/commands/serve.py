"""`heartline serve`: the dashboard in a browser."""

import ipaddress
from typing import Annotated

import typer

from dashboard.commands.options import HomeOption
from data.errors import Trouble
from data.home import find_home
from data.settings import settings_of
from data.sign_in import sign_in_of

app = typer.Typer()


@app.command()
def serve(
    home: HomeOption = None,
    port: Annotated[
        int | None, typer.Option(help="The port. Default: the setting server.port, 8501.", min=1, max=65535)
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="The address to listen on. Default: the setting server.host, this machine alone.")
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(help="How many server processes. Default: the setting server.processes, 1.", min=1, max=64),
    ] = None,
) -> None:
    """Serve the dashboard to this machine's browser."""
    chosen = find_home(home)
    settings = settings_of(chosen)
    host, port = host or settings.host, port or settings.port
    if sign_in_of(chosen) is None:
        refuse_beyond_this_machine(host)
    from dashboard.serving import serve as start

    at = settings.address or f"http://localhost:{port}"
    said = f"Heartline is at {at} (home {chosen.path}). Stop it with Ctrl+C."
    start(chosen, port, address=host, processes=processes or settings.processes, ready=lambda: typer.echo(said))


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
