"""The sample company as it is drawn on paper: branches, teams, categories. An invented parcels-and-telecom company.

Nothing here is drawn by lot; what chance decides is in the other files of this folder.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

WEEKS = 104
DAYS = 7 * WEEKS
LAST_DAY = date(2026, 10, 18)  # a Sunday, so that the last week is whole but for its last evening
FIRST_DAY = LAST_DAY - timedelta(days=DAYS - 1)  # a Monday
HORIZON = datetime(2026, 10, 18, 18, tzinfo=UTC)
HORIZON_SECOND = int(HORIZON.timestamp())

MINUTE, HOUR, DAY = 60, 3600, 86400


@dataclass(frozen=True)
class Branch:
    name: str
    zone: str
    country: str


@dataclass(frozen=True)
class Team:
    """`volume` is the tickets that come in during an ordinary week; `hours` is null where nobody wrote them down."""

    name: str
    branch: int
    function: Literal["front_office", "back_office", "sales", "dispatch"]
    line: int | None
    volume: float
    hours: str | None
    manager: str  # an invented name

    @property
    def team_id(self) -> str:
        return self.name.lower().replace(" ", "-")


BRANCHES = (
    Branch("North", "Europe/London", "GB"),
    Branch("South", "Europe/Rome", "IT"),
    Branch("Harbour", "Europe/Amsterdam", "NL"),
)
CHANNELS = ("phone", "email", "chat", "web")
PRIORITIES = ("low", "normal", "high", "urgent")
FUNCTIONS = ("front_office", "back_office", "sales", "dispatch")
TRAITS = (
    "channel_convenience",
    "timely_response",
    "deep_knowledge",
    "best_guess",
    "reaching_out_first",
    "helpfulness",
    "fairness",
    "honesty",
)

LONG = "Mo-Fr 08:00-20:00; Sa 09:00-14:00; PH off"
EARLY = "Mo-Sa 06:00-14:00; PH off"
EVERY_DAY = "Mo-Su 08:00-22:00"
OFFICE = "Mo-Fr 09:00-17:30; PH off"
SPLIT = "Mo-Fr 08:30-13:00,14:30-19:00; PH off"
ALWAYS = "24/7"

TEAMS = (
    Team("North Parcels", 0, "front_office", 1, 190, LONG, "Ada Brindlow"),
    Team("North Bills", 0, "front_office", 1, 150, LONG, "Bruno Dunnavel"),
    Team("North Mobile", 0, "front_office", 1, 130, LONG, "Celia Kestrelli"),
    Team("North Web and Chat", 0, "front_office", 1, 110, EVERY_DAY, "Dario Rookwald"),
    Team("North Mornings", 0, "front_office", 1, 86, EARLY, "Elin Zandivale"),
    Team("North Small Business", 0, "front_office", 1, 70, OFFICE, "Fabio Gullivent"),
    Team("North Second Look", 0, "front_office", 2, 60, OFFICE, "Greta Fennimar"),
    Team("North Claims", 0, "back_office", 2, 56, OFFICE, "Hugo Florisand"),
    Team("North Accounts", 0, "back_office", 2, 45, OFFICE, "Ines Marrovane"),
    Team("North Networks", 0, "back_office", 3, 30, ALWAYS, "Joris Tarnhollow"),
    Team("North Letters", 0, "back_office", 1, 20, OFFICE, "Katja Birchetti"),
    Team("North Home Sales", 0, "sales", None, 28, LONG, "Luca Wrenfold"),
    Team("North Business Sales", 0, "sales", None, 15, OFFICE, "Maud Quillane"),
    Team("North Desk", 0, "dispatch", None, 18, LONG, "Nils Hestermeer"),
    Team("South Parcels", 1, "front_office", 1, 175, LONG, "Oona Orlandeer"),
    Team("South Bills", 1, "front_office", 1, 140, SPLIT, "Paolo Vandermoss"),
    Team("South Mobile", 1, "front_office", 1, 120, SPLIT, "Quirine Dovelund"),
    Team("South Web and Chat", 1, "front_office", 1, 96, EVERY_DAY, "Rosa Tassivale"),
    Team("South Mornings", 1, "front_office", 1, 82, EARLY, "Sven Castelmarsh"),
    Team("South Small Business", 1, "front_office", 1, 64, OFFICE, "Tilda Jessamond"),
    Team("South Second Look", 1, "front_office", 2, 50, OFFICE, "Ugo Questermann"),
    Team("South Claims", 1, "back_office", 2, 50, OFFICE, "Vera Yarrowgate"),
    Team("South Accounts", 1, "back_office", 2, 36, OFFICE, "Wout Foxenberg"),
    Team("South Networks", 1, "back_office", 3, 24, ALWAYS, "Xenia Osterquay"),
    Team("South Home Sales", 1, "sales", None, 24, SPLIT, "Yaro Ebbering"),
    Team("South Business Sales", 1, "sales", None, 9, OFFICE, "Zita Lowenhay"),
    Team("South Desk", 1, "dispatch", None, 16, LONG, "Alba Silverane"),
    Team("Harbour Parcels", 2, "front_office", 1, 200, LONG, "Bas Amberlode"),
    Team("Harbour Bills", 2, "front_office", 1, 160, LONG, "Cora Harrowmeer"),
    Team("Harbour Mobile", 2, "front_office", 1, 125, LONG, "Dirk Halvette"),
    Team("Harbour Web and Chat", 2, "front_office", 1, 102, EVERY_DAY, "Edda Garrowin"),
    Team("Harbour Mornings", 2, "front_office", 1, 84, EARLY, "Flora Nettlecroft"),
    Team("Harbour Small Business", 2, "front_office", 1, 67, OFFICE, "Gino Umbrellino"),
    Team("Harbour Second Look", 2, "front_office", 2, 46, OFFICE, "Hanne Corvenaar"),
    Team("Harbour Customs", 2, "back_office", 2, 60, OFFICE, "Ivo Larkmoor"),
    Team("Harbour Claims", 2, "back_office", 2, 42, OFFICE, "Jolie Morrowby"),
    Team("Harbour Night Watch", 2, "back_office", 3, 26, ALWAYS, "Koen Ilvanti"),
    Team("Harbour Lost and Found", 2, "back_office", 2, 8, None, "Lidia Pellavine"),
    Team("Harbour Sales", 2, "sales", None, 20, OFFICE, "Milo Willowric"),
    Team("Harbour Desk", 2, "dispatch", None, 14, LONG, "Noor Elmstrada"),
)


TEAM_BRANCH: Ints = np.array([t.branch for t in TEAMS])
TEAM_LINE: Ints = np.array([t.line or 0 for t in TEAMS])  # 0: no line
VOLUME: Floats = np.array([t.volume for t in TEAMS])


def calendar_of(team: Team) -> str | None:
    """The team's calendar as metrics.clock reads it."""
    branch = BRANCHES[team.branch]
    return None if team.hours is None else f"{team.hours} @ {branch.zone} {branch.country}"


def monday(week: int) -> date:
    """The first day of a week of the sample, 0 to 103."""
    return FIRST_DAY + timedelta(weeks=week)
