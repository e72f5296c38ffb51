"""One of several server processes: `python -m dashboard.server.child HOST PORT PLACE HANDLE`, started by
dashboard.server.several. Its home and its settings are in the environment."""

import sys

from dashboard import serving
from dashboard.server.handed import Handed
from data.errors import Trouble
from data.home import find_home


def main(host: str, port: str, place: str, handle: str) -> None:
    """Serve what is handed over until stopped."""
    with Handed(fileno=int(handle)) as handed:
        serving.one(find_home(), host, int(port), handed, place=int(place))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Trouble as trouble:
        sys.exit(str(trouble))
