"""The door of the browser: which home is shown, and who is asking. The only place of the pages that makes a Scope."""

from data.home import Home, find_home
from data.retro.retrospective import Seat
from data.scope import Scope, at_this_machine


def home() -> Home:
    """The home that `heartline serve` was started on."""
    return find_home()


def scope() -> Scope:
    """Local mode: the one user of this machine, who sees every team."""
    return at_this_machine()


def seated(seat: Seat) -> Scope:
    """Who takes part in a retrospective: sees that one team, and is nobody in particular."""
    return seat.scope
