"""Least squares with errors that hold where teams differ in how much they vary.

Question asked: by how much does the outcome differ, other things equal, and how sure is that?

Shapes: `design` rows x terms, `y` one per row; results one per term, in the unit of y per unit of the term.
Errors: ValueError where there are not more rows than terms, or a term repeats another. A row that alone decides a term
has a leverage of 1 and no HC3 error (NaN).
Sources: White 1980; HC1, HC3: MacKinnon & White 1985; Long & Ervin 2000 (HC3 for fewer than 250 rows).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from metrics.arrays import Floats, floats


@dataclass(frozen=True)
class Line:
    """Coefficients with standard errors, and the degrees of freedom left."""

    coefficients: Floats
    errors: Floats
    freedom: int
    residuals: Floats


def least_squares(design: Floats, y: Floats, errors: Literal["HC3", "HC1", "classical"] = "HC3") -> Line:
    """Ordinary least squares."""
    X, y = floats(design), floats(y)
    rows, terms = X.shape
    if rows <= terms or np.linalg.matrix_rank(X) < terms:
        raise ValueError(f"{rows} rows cannot tell {terms} terms apart")
    inverse = np.linalg.inv(X.T @ X)
    beta = inverse @ X.T @ y
    off = y - X @ beta
    freedom = rows - terms
    if errors == "classical":
        covariance = inverse * float(off @ off) / freedom
    else:
        leverage = np.einsum("ij,jk,ik->i", X, inverse, X)
        room = np.where(leverage < 1 - 1e-10, 1 - leverage, np.nan)
        squares = off**2 * rows / freedom if errors == "HC1" else (off / room) ** 2
        covariance = inverse @ (X * squares[:, None]).T @ X @ inverse
    return Line(beta, np.sqrt(np.maximum(np.diag(covariance), 0.0)), freedom, off)
