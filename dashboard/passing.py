"""What the page Handoffs shows of one selection, put together: numbers, sentence, pictures. No Streamlit."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboard import flow_charts, flow_words
from data import flows
from data.ask import Company
from data.filters import Filters
from data.scope import Scope
from metrics.flows import Summary, between, folded, kinds, pairs, summary

Spec = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Passing:
    """`pairs`, `between` and `kinds` as in metrics.flows. No pictures where nothing was passed on."""

    told: Summary
    sentence: str
    pairs: pl.DataFrame
    between: pl.DataFrame
    kinds: pl.DataFrame
    flow: Spec | None
    matrix: Spec | None
    kinds_drawn: Spec | None


def passing(company: Company, scope: Scope, filters: Filters, names: Mapping[str, str]) -> Passing:
    """Who passed how much to whom within `filters`. `names`: what each team is called."""
    rows = flows.handoffs(company, scope, filters)
    told, found, of_kind = summary(rows), pairs(rows), kinds(rows)
    said = flow_words.sentence(told, found, names, filters.since, filters.until)
    if not told.handoffs:
        return Passing(told, said, found, between(rows), of_kind, None, None, None)
    return Passing(
        told,
        said,
        found,
        between(rows),
        of_kind,
        flow_charts.flow(found.select("from_team", "to_team", "handoffs"), names).to_dict(),
        flow_charts.matrix(folded(found, flow_charts.TEAMS), names).to_dict(),
        flow_charts.kinds(of_kind).to_dict(),
    )
