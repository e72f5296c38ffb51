import numpy as np
import pytest

from benchmarks.simulated import made, median_delay, our_calls
from metrics.delay import weeks_to_see


@pytest.mark.slow
@pytest.mark.parametrize(("n", "rise"), [(20, 0.05), (20, 0.10), (50, 0.05), (50, 0.10), (100, 0.05), (200, 0.05)])
def test_what_is_said_is_what_is_simulated(n, rise):
    simulated = median_delay(our_calls(made(np.random.default_rng([1, n]), 500, n, rise=rise)))
    assert weeks_to_see(n, 0.15, rise) == pytest.approx(simulated, abs=1 + 0.15 * simulated)


def test_more_tickets_and_larger_changes_are_seen_sooner():
    assert weeks_to_see(200, 0.15, 0.1) < weeks_to_see(40, 0.15, 0.1) < weeks_to_see(20, 0.15, 0.1)
    assert weeks_to_see(40, 0.15, 0.15) < weeks_to_see(40, 0.15, 0.1)
    assert weeks_to_see(40, 0.15, -0.1, worse=False) > weeks_to_see(40, 0.15, -0.1)


@pytest.mark.parametrize(
    ("n", "share", "rise"), [(0, 0.1, 0.1), (5, 0.15, 0.02), (50, 0.0, 0.1), (50, 0.95, 0.1), (50, 0.1, 0.0)]
)
def test_what_would_not_be_seen_has_no_weeks(n, share, rise):
    assert weeks_to_see(n, share, rise) is None
