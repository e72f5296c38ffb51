"""Is the same complaint treated the same?"""

from metrics.trait import Trait

TRAIT = Trait(
    key="fairness",
    name="fairness",
    asks="is the same complaint treated the same?",
    counts="what the sign `uneven_treatment` counts",
    of="what it counts them of",
    dated_by="as the sign",
    clock="calendar",
    needs=(),
    caveat="The tickets' side is a reading of one team and has no share for several teams together.",
    stands=7,
    sign="uneven_treatment",
    also=("equal treatment",),
    elsewhere="no common name",
)
