"""A ticket's stratum (category, channel, priority) as one number: what is compared is compared within strata."""

from collections.abc import Mapping
from dataclasses import dataclass

from metrics.log import Codes, Ints
from metrics.packing import Packing, pack
from metrics.roster import CATEGORY, CHANNEL, PRIORITY, names_of

KINDS = {"category": CATEGORY, "channel": CHANNEL, "priority": PRIORITY}


@dataclass(frozen=True, eq=False)
class Strata:
    """The stratum of each row, how its number was packed, and the names that its codes stand for."""

    number: Ints
    packing: Packing
    names: dict[str, list[str]]


def strata_of(columns: Mapping[str, Codes]) -> Strata:
    """Codes of the three columns (-1 unknown), one entry a row -> their strata."""
    number, packing = pack([columns[name] for name in KINDS])
    names = {name: names_of(kind, int(columns[name].max(initial=-1)) + 1) for name, kind in KINDS.items()}
    return Strata(number, packing, names)
