"""The shape of what was set aside: one row a bad cell, kept in the lake beside the tables it did not enter."""

import polars as pl

# `reject_id` names the row that was set aside; a row with two bad cells has two rows here. `cells` holds the row's
# mapped cells as JSON, ids already pseudonyms. `mended_by` is the number of the import that took the row in after all.
REJECTS: dict[str, pl.DataType] = {
    "reject_id": pl.String(),
    "import_number": pl.Int32(),
    "file": pl.String(),
    "table": pl.String(),
    "row": pl.Int64(),
    "column": pl.String(),
    "value": pl.String(),
    "reason": pl.String(),
    "advice": pl.String(),
    "cells": pl.String(),
    "mended_by": pl.Int32(),
}
