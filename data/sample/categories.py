"""What the sample company's tickets are about, and which team gets how much of what."""

from dataclasses import dataclass

import numpy as np

from data.sample.layout import FUNCTIONS, TEAMS, Bools, Floats


@dataclass(frozen=True)
class Category:
    """`standard` is in business minutes; `spread` is the standard deviation of the log of the time that it takes."""

    name: str
    simple: bool
    standard: float
    spread: float
    one_reply: float
    weight: dict[str, float]
    priority: tuple[float, float, float, float] = (0.22, 0.62, 0.12, 0.04)
    complaint: float = 0.0
    passed_on: float = 0.0
    comes_back: float = 0.0


def _weights(front: float, back: float = 0.0, sales: float = 0.0, dispatch: float = 0.0) -> dict[str, float]:
    return dict(zip(FUNCTIONS, (front, back, sales, dispatch), strict=True))


CATEGORIES = (
    Category("Address change", True, 300, 1.05, 0.88, _weights(13, 5, 3, 8), complaint=-0.55, passed_on=-0.3),
    Category("Invoice copy", True, 260, 1.05, 0.90, _weights(11, 7, 4, 2), complaint=-0.45, passed_on=-0.2),
    Category("Tracking question", True, 180, 1.10, 0.86, _weights(15, 4, 0, 30), complaint=0.10, comes_back=0.35),
    Category("Parcel redirect", True, 320, 1.05, 0.84, _weights(10, 4, 0, 20), complaint=0.30, comes_back=0.15),
    Category("Delivery slot", True, 240, 1.00, 0.86, _weights(8, 1, 0, 12), complaint=0.20, comes_back=0.10),
    Category("Login reset", True, 120, 1.10, 0.92, _weights(8, 1, 1, 0), complaint=-0.30, comes_back=0.25),
    Category("Tariff question", True, 360, 1.05, 0.82, _weights(9, 1, 16, 0), complaint=0.35, passed_on=0.2),
    Category("SIM swap", True, 420, 0.95, 0.82, _weights(6, 3, 5, 0), complaint=0.45, passed_on=0.1, comes_back=0.1),
    Category(
        "Direct debit date", True, 400, 1.0, 0.86, _weights(4, 5, 2, 0), complaint=0.1, passed_on=0.2, comes_back=-0.2
    ),
    # Quick, but seldom settled with one reply: not simple.
    Category("Quote request", False, 480, 0.90, 0.35, _weights(1.5, 0, 34, 0), comes_back=-0.2),
    # Settled with one reply, but only after days of waiting for others: not simple.
    Category(
        "Number transfer", False, 2600, 0.70, 0.80, _weights(2.5, 4, 8, 0), complaint=0.5, passed_on=0.3, comes_back=0.1
    ),
    Category(
        "Inflated bill",
        False,
        2200,
        0.90,
        0.34,
        _weights(6, 12, 2, 0),
        (0.1, 0.55, 0.28, 0.07),
        complaint=0.9,
        passed_on=0.7,
        comes_back=0.5,
    ),
    Category(
        "Damaged parcel",
        False,
        3000,
        0.85,
        0.30,
        _weights(5, 16, 0, 14),
        (0.08, 0.56, 0.28, 0.08),
        complaint=0.9,
        passed_on=0.55,
        comes_back=0.35,
    ),
    Category(
        "Lost parcel",
        False,
        3600,
        0.85,
        0.26,
        _weights(4, 14, 0, 14),
        (0.05, 0.5, 0.33, 0.12),
        complaint=1.1,
        passed_on=0.65,
        comes_back=0.55,
    ),
    Category(
        "No connection",
        False,
        1500,
        1.00,
        0.32,
        _weights(5, 13, 0, 0),
        (0.03, 0.42, 0.4, 0.15),
        complaint=0.8,
        passed_on=0.6,
        comes_back=0.6,
    ),
    Category(
        "Customs papers", False, 4200, 0.80, 0.28, _weights(1, 9, 0, 0), complaint=0.5, passed_on=0.45, comes_back=0.2
    ),
    Category(
        "Contract end",
        False,
        2400,
        0.80,
        0.36,
        _weights(2.5, 6, 16, 0),
        complaint=0.6,
        passed_on=0.4,
        comes_back=0.2,
    ),
)
SIMPLE: Bools = np.array([c.simple for c in CATEGORIES])
FLOOD_CATEGORY = "Tracking question"


def team_mix() -> Floats:
    """The usual share of each category among a team's tickets: teams x categories, rows sum to 1.

    A team's name bends the mix of its function: parcels to a parcels team, bills to a bills team.
    """
    mix: Floats = np.array([[c.weight[t.function] for c in CATEGORIES] for t in TEAMS], dtype=float)
    names = np.array([c.name for c in CATEGORIES])
    bends = {
        "Parcels": ("Tracking question", "Parcel redirect", "Delivery slot", "Damaged parcel", "Lost parcel"),
        "Bills": ("Invoice copy", "Direct debit date", "Tariff question", "Inflated bill"),
        "Mobile": ("SIM swap", "Login reset", "Tariff question", "No connection", "Number transfer"),
        "Networks": ("No connection",),
        "Claims": ("Damaged parcel", "Lost parcel", "Inflated bill"),
        "Customs": ("Customs papers", "Parcel redirect"),
        "Accounts": ("Inflated bill", "Direct debit date", "Contract end"),
        "Lost and Found": ("Lost parcel", "Tracking question", "Address change"),
    }
    for row, team in enumerate(TEAMS):
        for word, favoured in bends.items():
            if word in team.name:
                mix[row, np.isin(names, favoured)] *= 2.2
    shares: Floats = mix / mix.sum(axis=1, keepdims=True)
    return shares


def team_channels() -> Floats:
    """The usual share of each channel among a team's tickets: teams x channels, rows sum to 1."""
    by_function = {
        "front_office": (0.42, 0.26, 0.16, 0.16),
        "back_office": (0.18, 0.5, 0.04, 0.28),
        "sales": (0.46, 0.28, 0.1, 0.16),
        "dispatch": (0.2, 0.45, 0.05, 0.3),
    }
    shares = np.array([by_function[t.function] for t in TEAMS])
    for row, team in enumerate(TEAMS):
        if "Chat" in team.name:
            shares[row] = (0.06, 0.16, 0.5, 0.28)
        if "Letters" in team.name:
            shares[row] = (0.04, 0.7, 0.0, 0.26)
    return shares
