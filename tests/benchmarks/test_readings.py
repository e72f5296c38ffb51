import numpy as np

from benchmarks import in_python, readings
from benchmarks.worlds import START, company
from metrics import helped


def test_a_second_program_in_plain_python_comes_to_the_same_readings():
    rng, weeks = np.random.default_rng(1), readings.calendar(70)
    frame = readings.weekly_counts(rng, 12, 2, 70).sample(fraction=0.97, seed=1)  # some weeks are missing
    found = readings.ours(frame, weeks)
    assert found == in_python.statuses(frame.rows(), weeks)
    assert "signal" in found.values()


def test_a_second_program_comes_to_the_same_words_on_actions():
    for seed in range(12):
        x, n, coached = company(seed, -0.04 * (seed % 2), lasting=4 * (seed % 3))
        assert (
            in_python.verdict(x.tolist(), n.tolist(), coached.tolist(), START)
            == helped.judge(x, n, coached, START).word
        )
