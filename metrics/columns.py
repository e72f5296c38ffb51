"""A lazy frame whose columns are worked out only when somebody asks for them.

A ticket has some fifty facts and a sign asks for five. Each column here is a recipe; Polars' projection says which are
wanted, and what they share is kept by the objects that the recipes read.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray
from polars.io.plugins import register_io_source

Recipe = Callable[[], pl.Series]
INSTANT = pl.Datetime("us", "UTC")
NEVER = np.iinfo(np.int64).min  # an instant that is not known
FAR = np.iinfo(np.int64).max  # an instant that is never reached
NOBODY = -1  # a code of no team, no agent, no kind


def lazy_frame(recipes: Mapping[str, tuple[pl.DataType | type[pl.DataType], Recipe]]) -> pl.LazyFrame:
    """The recipes as one LazyFrame: name -> (dtype, recipe). All recipes give Series of one length."""
    schema = pl.Schema({name: dtype for name, (dtype, _) in recipes.items()})

    def source(
        wanted: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, _batch: int | None
    ) -> Iterator[pl.DataFrame]:
        names = list(recipes) if wanted is None else wanted
        also = [] if predicate is None else [n for n in predicate.meta.root_names() if n not in names]
        frame = pl.DataFrame([recipes[name][1]().alias(name).cast(schema[name]) for name in [*names, *also]])
        if predicate is not None:
            keep = frame.select(predicate).to_series()
            frame = (frame if keep.all() and not keep.null_count() else frame.filter(keep)).select(names)
        yield frame if n_rows is None else frame.head(n_rows)

    return register_io_source(source, schema=schema)


def instants(values: NDArray[np.int64]) -> pl.Series:
    """Microseconds since 1970, NEVER where unknown -> UTC instants, null where unknown."""
    return known(values, values != NEVER).cast(INSTANT)


def known(values: NDArray[np.generic], where: NDArray[np.bool_]) -> pl.Series:
    """The values, null where not `where`."""
    series = pl.Series(values)
    if where.all():
        return series
    return pl.select(pl.when(pl.Series(where)).then(series)).to_series()


def numbers(series: pl.Series) -> NDArray[np.int64]:
    """Instants -> microseconds since 1970, NEVER where null."""
    return series.to_physical().fill_null(NEVER).to_numpy()
