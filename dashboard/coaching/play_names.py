"""What a play is called: by its name in the playbook, a company's own plays too, else by its key or own words."""

from collections.abc import Mapping

from data.coaching.playbook import names, shipped
from data.errors import Trouble
from data.home import find_home


def named(key: str, book: Mapping[str, str] | None = None) -> str:
    """ "role_swap" -> "Role swap"; what is in no playbook as it is written: "our_walk" -> "Our walk".

    `book`: the names by key; without it those of the home that is served (an own play may be new since).
    """
    known = _of_the_home() if book is None else book
    said = known.get(key) or key.replace("_", " ")
    return said[:1].upper() + said[1:]


def _of_the_home() -> Mapping[str, str]:
    try:
        return names(find_home())
    except Trouble:  # the home is no folder: that is said elsewhere
        return {key: play.name for key, play in shipped().items()}
