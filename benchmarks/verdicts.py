"""Verdicts on the sample company's planted coaching against the truth, beside what a plain before and after would say.

Over five seeds, at a quarter of the usual volume. Right: an effect that was planted is said to have helped; where none
was planted, no difference is seen. Wrong: the opposite, or a word for what is not there. All else cannot be told. A
before and after says an effect where p < .05, and else that nothing changed.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from data.ask import Company
from data.coaching import verdicts
from data.coaching.verdicts import Verdict
from data.database import open_database
from data.home import Home
from data.sample.install import install
from data.sample.record import record
from data.scope import local_scope
from metrics.helped import Helped

SEEDS = (1, 2, 3, 4, 5)
SCALE = 0.25
TOLD = {"action": pl.String, "points": pl.Float64, "verdict": pl.String, "is": pl.String, "before_after": pl.String}
KINDS = {
    "drawn by lot": "several teams, drawn by lot",
    "together": "several teams at once",
    "alone": "one team alone",
}


def main() -> None:
    """Print how many were right, wrong, and not to be told."""
    with TemporaryDirectory() as folder:
        found = pl.concat([_of_seed(Path(folder), seed) for seed in SEEDS])
    print(f"{len(SEEDS)} companies at {SCALE:g} of the usual volume\n")
    print(f"{'':<40}{'verdicts':^32}{'before and after':^32}")
    print(f"{'coached':<30}{'planted':<10}" + f"{'right':>7}{'wrong':>7}{'cannot tell':>14}    " * 2)
    for (kind, helps), rows in found.group_by("kind", pl.col("points") != 0, maintain_order=True):
        ours, theirs = (counted(rows[column]) for column in ("is", "before_after"))
        print(f"{KINDS[str(kind)]:<30}{'an effect' if helps else 'none':<10}{ours}{theirs}")


def counted(words: pl.Series) -> str:
    """How many were right, wrong, and neither."""
    right, wrong, neither = ((words == word).sum() for word in ("right", "wrong", "cannot tell"))
    return f"{right:>7}{wrong:>7}{neither:>14}    "


def _of_seed(folder: Path, seed: int) -> pl.DataFrame:
    home = Home(folder / str(seed))
    return scored(home, install(home, seed, scale=SCALE))


def scored(home: Home, planted: dict[str, Any]) -> pl.DataFrame:
    """One row an action or programme: its key, kind, the planted points, the verdict, and whether each was right."""
    record(home, planted, None)
    with open_database(home) as database:
        found = verdicts.verdicts(local_scope("the benchmark"), Company(home), database)
    rows = []
    for kind, one, verdict in _pairs(planted, found):
        told, helps = verdict.judged.verdict, one["truth"]["helps"]
        rows.append((kind, one["key"], one["truth"]["points"], told.word, _ours(told, helps), _plain(told, helps)))
    return pl.DataFrame(rows, schema={"kind": pl.String, **TOLD}, orient="row")


def _pairs(planted: dict[str, Any], found: list[Verdict]) -> list[tuple[str, dict[str, Any], Verdict]]:
    """What was planted beside its verdict; a programme has one for all its teams."""
    programmes = {one.programme: one for one in found if one.programme is not None}
    pairs = [
        ("drawn by lot" if one["lot"] else "together", one, programmes[number])
        for number, one in enumerate(planted["programmes"], start=1)
    ]
    alone = {(one.action.team_id, one.action.play): one for one in found if one.programme is None}
    return pairs + [("alone", one, alone[one["team_id"], one["play"]]) for one in planted["actions"]]


def _ours(told: Helped, helps: bool) -> str:
    if told.word in ("cannot tell", "too early"):
        return "cannot tell"
    return "right" if told.word == ("helped" if helps else "no difference seen") else "wrong"


def _plain(told: Helped, helps: bool) -> str:
    """What a plain before and after would have said by its p."""
    line = told.naive
    if line is None or told.word == "too early":
        return "cannot tell"
    if not line.p < 0.05:
        return "cannot tell" if helps else "right"
    return "right" if helps and line.effect < 0 else "wrong"


if __name__ == "__main__":
    main()
