"""Programmes of the sample company: in its first year several teams took up one play together, or as the lot decided.

They fade within a quarter, so that the year in which they fall still tells what is usual.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from data.sample.layout import TEAMS, monday
from data.sample.truth import FADES_WEEKS, Coaching
from metrics.draw import who_goes_first

WAVES, WEEKS_APART = 2, 13
BUSY_ENOUGH = 40
OWNER = "Customer service"


@dataclass(frozen=True)
class Together:
    """One programme. `seed` of the draw, None where all begin at once; `points` below 0: it helped."""

    key: str
    play: str
    sign: str
    points: float
    why: str
    start: int
    size: int
    every: int
    seed: int | None = None

    def teams(self) -> list[int]:
        """Front office teams with tickets enough, every second one."""
        front = [row for row, t in enumerate(TEAMS) if t.function == "front_office" and t.volume >= BUSY_ENOUGH]
        return front[self.every :: 2][: self.size]

    def coachings(self) -> Iterator[Coaching]:
        """What it really did in each team, from the week in which its wave began."""
        row = {TEAMS[team].team_id: team for team in self.teams()}
        wave = dict.fromkeys(row, 1)
        if self.seed is not None:
            plan = who_goes_first(list(row), self.seed, monday(self.start), waves=WAVES, weeks_apart=WEEKS_APART)
            wave = dict(plan.select("team_id", "wave").iter_rows())
        for team_id, team in row.items():
            start = self.start + (wave[team_id] - 1) * WEEKS_APART
            told = Coaching(self.key, self.play, self.sign, self.points, True, None, self.why, "done")
            yield replace(told, team=team, start=start)

    def told(self) -> dict[str, Any]:
        """Ready for JSON: what is recorded of it, and under `truth` what it really did."""
        lot = None if self.seed is None else {"seed": self.seed, "waves": WAVES, "weeks_apart": WEEKS_APART}
        truth = {"points": round(100 * self.points, 1), "fades_over_weeks": FADES_WEEKS, "helps": self.points < 0}
        return {
            "key": self.key,
            "play": self.play,
            "sign": self.sign,
            "why": self.why,
            "owner": OWNER,
            "teams": [TEAMS[team].team_id for team in self.teams()],
            "starts_on": monday(self.start).isoformat(),
            "lot": lot,
            "truth": truth,
        }


PROGRAMMES = (
    Together("p01", "role_swap", "buck_passing", -0.08, "Whoever passes on should know who receives.", 20, 12, 0, 7),
    Together("p02", "shared_standards", "repeat_complaints", 0.0, "One answer for the same question.", 20, 6, 1),
)
