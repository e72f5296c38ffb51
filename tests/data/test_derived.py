"""What is made from a version is made once, made anew when thrown away, and the same each time."""

import shutil

import polars as pl
from polars.testing import assert_frame_equal

from data.derived import FRAMES, derive, partitions
from data.home import Home
from data.lake import PARTS, Lake
from metrics.counts import KEY, add_up, count_partition
from metrics.sign import counted_signs
from tests.sample_home import copy_of


def test_what_was_made_is_found_again(sample: Home) -> None:
    first, again = derive(sample), derive(sample)
    assert again.path == first.path
    assert_frame_equal(again.counts, first.counts)
    assert {path.name for path in first.path.iterdir() if path.is_dir()} == set(FRAMES)


def test_parts_counted_apart_add_up_to_the_whole(sample: Home) -> None:
    whole = derive(sample)
    version = Lake(sample).current()
    parts = partitions(sample, version)
    assert len(parts) == PARTS
    apart = [count_partition(whole.shared, list(counted_signs()), part) for part in parts]
    both = pl.concat([whole.counts, whole.of_branches]).sort(KEY)
    assert_frame_equal(add_up(apart, whole.shared.whole).sort(KEY), both)
    assert set(both["sign"]) == set(counted_signs())


def test_what_was_thrown_away_is_made_anew_and_alike(sample: Home) -> None:
    before = derive(sample)
    copy = Home(sample.path.with_name("thrown-away"))
    copy_of(sample, copy.path)
    shutil.rmtree(copy.derived)
    after = derive(copy)
    shutil.rmtree(copy.path)
    assert_frame_equal(after.counts, before.counts)
    assert_frame_equal(after.sizes, before.sizes)


def test_the_facts_on_disk_have_a_row_for_every_ticket(sample: Home) -> None:
    made = derive(sample)
    assert made.facts().tickets.select("ticket_id").collect().n_unique() == Lake(sample).current().rows["tickets"]
