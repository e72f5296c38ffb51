"""Puts the sample company into a home: one version of the lake, and the truth beside it."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from data.clock import instant
from data.home import Home
from data.lake import Lake
from data.pseudonym import hide, key_of_home
from data.sample.company import make
from data.versions import write_whole

PLANTED = "planted.json"
SOURCE = "sample company"


def install(
    home: Home,
    seed: int = 1,
    progress: Callable[[str, float], None] | None = None,
    *,
    scale: float = 1.0,
    now: datetime | None = None,
) -> dict[str, Any]:
    """Make the sample and write it to `home` as one version, as an import would: checked, under pseudonyms, merged.

    planted.json is written last and whole: where it is, the sample is. Running it again with the same seed changes
    nothing. `progress` is told what is being done and how much of it is done (0 to 1). Returns what is planted.
    Trouble: the home or its lake cannot be written.
    """
    tell = progress or (lambda words, share: None)
    tell("Making the sample company", 0.0)
    sample = make(seed, scale)
    tell("Hiding who is who", 0.35)
    lake = Lake(home)
    with lake.writing():
        lake.recover()
        key = key_of_home(home)
        hidden = {table: hide(key, table, frame) for table, frame in sample.tables.items()}
        tell("Writing the sample company", 0.5)
        lake.write(hidden, f"{SOURCE}, seed {seed}", instant(now))
        write_whole(home.path / PLANTED, json.dumps(sample.planted, indent=2, ensure_ascii=False).encode())
    tell("The sample company is in", 1.0)
    return sample.planted
