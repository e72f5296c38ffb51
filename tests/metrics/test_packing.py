import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import packing
from metrics.packing import TooWide, pack, tally, total

rows = st.lists(st.tuples(st.integers(-1, 5), st.integers(2800, 2900), st.integers(-1, 2**20)), max_size=30)
small = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 9), st.integers(0, 2**18)), max_size=30)


@given(rows)
def test_what_is_packed_comes_out_as_it_went_in(made: list[tuple[int, ...]]):
    columns = [np.array([row[i] for row in made], dtype=np.int32) for i in range(3)]
    key, how = pack(columns)
    assert [column.tolist() for column in how.unpack(key)] == [column.tolist() for column in columns]
    assert np.argsort(key, kind="stable").tolist() == sorted(range(len(made)), key=lambda i: made[i])


def test_numbers_that_do_not_fit_are_refused():
    wide = np.array([0, 2**31 - 1], dtype=np.int32)
    with pytest.raises(TooWide):
        pack([wide, wide, wide])


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), max_size=40))
def test_a_tally_counts_as_one_would_by_hand(made: list[tuple[int, bool]]):
    key, x, n = tally(np.array([k for k, _ in made], dtype=np.int64), np.array([c for _, c in made], dtype=bool))
    expected = [
        (k, sum(c for j, c in made if j == k), sum(j == k for j, _ in made)) for k in sorted({k for k, _ in made})
    ]
    assert list(zip(key.tolist(), x.tolist(), n.tolist(), strict=True)) == expected


@given(small, st.booleans())
def test_a_total_is_the_same_by_sorting_and_by_hashing(made: list[tuple[int, int, int]], wide: bool):
    key, x, n = (np.array([row[i] for row in made], dtype=np.int64) for i in range(3))
    # Keys near the limit leave no room beside them.
    key = key + (2**60 if wide else 0)
    expected = {k: (x[key == k].sum(), n[key == k].sum()) for k in sorted(set(key.tolist()))}
    for found in (total(key, x, n), packing._total_by_hash(key, x, n)):
        assert list(zip(*(column.tolist() for column in found), strict=True)) == [(k, *v) for k, v in expected.items()]
