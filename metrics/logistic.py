"""Logistic regression by iteratively reweighted least squares: the chance of an outcome given a ticket's own traits.

Question asked: how many would have been expected of this team's tickets, where strata are too thin to count?

Shapes: `design` rows x terms (a column of ones for the intercept), `y` in [0, 1], `weights` tickets a row.
Errors: ValueError where a term repeats another or where nothing settles (an outcome perfectly told by a term).
Source: McCullagh & Nelder 1989, chapter 4.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, xlogy

from metrics.arrays import Floats, floats


@dataclass(frozen=True)
class Fit:
    """Coefficients with their standard errors, on the log-odds scale, and the deviance."""

    coefficients: Floats
    errors: Floats
    deviance: float


def fit(
    design: Floats,
    y: Floats,
    weights: Floats | None = None,
    *,
    tolerance: float = 1e-12,
    most: int = 60,
    ridge: float = 0.0,
) -> Fit:
    """Maximum-likelihood coefficients; with `ridge` those but the first are held back (normal, variance 1 / ridge)."""
    X, y = floats(design), floats(y)
    w = np.ones(len(y)) if weights is None else floats(weights)
    beta, held = np.zeros(X.shape[1]), np.diag([0.0] + [ridge] * (X.shape[1] - 1))
    before = np.inf
    for _ in range(most):
        p = expit(X @ beta)
        information = (X * (w * p * (1 - p))[:, None]).T @ X + held
        try:
            beta = beta + np.linalg.solve(information, X.T @ (w * (y - p)) - held @ beta)
        except np.linalg.LinAlgError as error:
            raise ValueError("a term repeats another or tells the outcome perfectly: leave it out") from error
        if np.abs(X @ beta).max() > 30:
            raise ValueError("no coefficients settle: some term tells the outcome perfectly")
        deviance = _deviance(y, expit(X @ beta), w)
        if abs(before - deviance) <= tolerance * (abs(deviance) + 0.1):
            return Fit(beta, np.sqrt(np.diag(np.linalg.inv(information))), deviance)
        before = deviance
    raise ValueError("no coefficients settle: some term tells the outcome perfectly")


def predict(design: Floats, found: Fit) -> Floats:
    """The chance of the outcome for each row."""
    return floats(expit(floats(design) @ found.coefficients))


def _deviance(y: Floats, p: Floats, w: Floats) -> float:
    return float(2 * (w * (xlogy(y, y) - xlogy(y, p) + xlogy(1 - y, 1 - y) - xlogy(1 - y, 1 - p))).sum())
