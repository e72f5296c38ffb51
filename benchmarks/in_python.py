"""Readings and verdicts once more in plain Python, a team at a time, with lists and sums: the rival, and a check.

Written from the rules at the top of metrics/verdict.py and metrics/helped.py. Only the distributions' functions are
scipy's. Knows weekly shares that are all final, which is what the benchmark asks.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from math import exp, lgamma, log, sqrt

from scipy.special import betainc, ndtr, ndtri, stdtr, stdtrit

from metrics.verdict import LAMBDA, OFF, limits

Row = tuple[str, str, date, str, str, str, int, int]
STRATA = (1, 2, 3, 4)  # sign; and category; and channel; and priority
FEWEST = 400


def statuses(rows: Sequence[Row], weeks: Sequence[date]) -> dict[tuple[str, str], str]:
    """(sign, team) -> signal, no change, or too few to say, at the last week. Lower is better."""
    place = {week: at for at, week in enumerate(sorted(weeks))}
    rates = _rates([row for row in rows if place[row[2]] < 52])
    cells: dict[tuple[str, str], list[list[float]]] = defaultdict(lambda: [[0.0] * len(place) for _ in range(4)])
    for sign, team, week, category, channel, priority, x, n in rows:
        rate = _rate(rates, (sign, category, channel, priority))
        layers, at = cells[sign, team], place[week]
        for layer, value in zip(layers, (x, n, n * rate, n * rate * (1 - rate)), strict=True):
            layer[at] += value
    judged = {key: _cell(*layers) for key, layers in cells.items()}
    found = [(p, key) for key, cell in judged.items() if cell is not None for p in (cell[0],)]
    called = _called(sorted(found))
    return {
        key: "too few to say" if cell is None else "signal" if key in called and cell[1] else "no change"
        for key, cell in judged.items()
    }


def _rates(rows: Sequence[Row]) -> dict[tuple[str, ...], float]:
    seen: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for sign, _, _, category, channel, priority, x, n in rows:
        for depth in STRATA:
            total = seen[(sign, category, channel, priority)[:depth]]
            total[0], total[1] = total[0] + x, total[1] + n
    rates: dict[tuple[str, ...], float] = {}
    for key in sorted(seen, key=len):
        counted, of = seen[key]
        rates[key] = (counted + 20 * rates[key[:-1]]) / (of + 20) if len(key) > 1 else counted / of
    return rates


def _rate(rates: dict[tuple[str, ...], float], key: tuple[str, ...]) -> float:
    while key not in rates:
        key = key[:-1]
    return rates[key]


def _cell(x: list[float], n: list[float], fair: list[float], variance: list[float]) -> tuple[float, bool] | None:
    """(p, whether the chart and the window say the same), or None where there are too few."""
    known = [at for at in range(len(n)) if n[at] > 0]
    size = 52 if len(known) >= 65 else 26 if len(known) >= 30 else max(len(known) - 4, 0)
    base = known[:size]
    if sum(n[-4:]) < 10 or len(base) < 8 or sum(n[at] for at in base) < 50:
        return None
    own = _own_level(x, n, fair, base, known)
    varied = {
        at: variance[at] * own[at] * (1 - own[at]) / (_mix(fair, n, at) * (1 - _mix(fair, n, at))) for at in known
    }
    z = {at: _score(x[at], n[at], own[at]) * sqrt(n[at] * own[at] * (1 - own[at]) / varied[at]) for at in known}
    spread, total = _spread([z[at] for at in base]), sum(n[at] for at in base)
    error = sqrt(LAMBDA / (2 - LAMBDA) + sum(n) / len(known) / total)
    level, state = _chart([z[at] / spread if at in z else None for at in range(len(n))], error)
    last = [at for at in known if at >= len(n) - 4]
    seen, of, usual = sum(x[at] for at in last), sum(n[at] for at in last), sum(n[at] * own[at] for at in last)
    share = usual / of
    grown = sum(varied[at] for at in last) / (of * share * (1 - share)) * spread**2 * (1 + of / total)
    p = min(1.0, 1.3 * min(_window_p(seen, of, share, grown), 2 * float(ndtr(-abs(level)))))
    return p, state != 0 and (seen > usual) == (state > 0)


def _mix(fair: list[float], n: list[float], at: int) -> float:
    return min(max(fair[at] / n[at], 1e-6), 1 - 1e-6)


def _own_level(
    x: list[float], n: list[float], fair: list[float], base: list[int], known: list[int]
) -> dict[int, float]:
    total = sum(n[at] for at in base)
    seen = (sum(x[at] for at in base) + 0.5) * total / (total + 1)
    odds = {at: log(_mix(fair, n, at) / (1 - _mix(fair, n, at))) for at in known}
    shift = 0.0
    for _ in range(50):
        p = [1 / (1 + exp(-odds[at] - shift)) for at in base]
        off = seen - sum(n[at] * each for at, each in zip(base, p, strict=True))
        shift += max(-2, min(2, off / sum(n[at] * each * (1 - each) for at, each in zip(base, p, strict=True))))
    return {at: 1 / (1 + exp(-odds[at] - shift)) for at in known}


def _score(x: float, n: float, share: float) -> float:
    lower = (_at_most(x, n, share) + _at_most(x - 1, n, share)) / 2
    upper = (_at_most(n - x, n, 1 - share) + _at_most(n - x - 1, n, 1 - share)) / 2
    score = float(ndtri(max(lower, 1e-300))) if lower < upper else -float(ndtri(max(upper, 1e-300)))
    return max(-8.0, min(8.0, score))


def _at_most(x: float, n: float, share: float) -> float:
    return 0.0 if x < 0 else 1.0 if x >= n else float(betainc(n - x, x + 1, 1 - share))


def _spread(z: list[float]) -> float:
    middle = sum(z) / len(z)
    off = [each - middle for each in z]
    squares = sum(each**2 for each in off)
    raw = sum(a * b for a, b in zip(off[1:], off[:-1], strict=True)) / squares if squares > 1e-12 else 0.0
    r = min(max(raw + (1 + 3 * raw) / len(z), 0.0), 0.8) if squares > 1e-12 else 0.0
    r = r if r * sqrt(len(z)) > 1.645 else 0.0
    return max(sqrt(squares / (len(z) - 1)), 1.0) * sqrt((1 + r) / (1 - r))


def _chart(z: list[float | None], error: float) -> tuple[float, int]:
    worse, better = limits()
    level, state = 0.0, 0
    for each in z:
        level = level if each is None else (1 - LAMBDA) * level + LAMBDA * each
        now = level / error
        kept = state if (state > 0 and now > OFF * worse) or (state < 0 and now < -OFF * better) else 0
        state = 1 if now > worse else -1 if now < -better else kept
    return level / error, state


def _window_p(x: float, n: float, share: float, grown: float) -> float:
    if min(x, n - x) > FEWEST or grown <= 1.0001:
        score = _score(x, n, share) / sqrt(max(grown, 1e-6))
        return min(1.0, 2 * float(ndtr(-abs(score))))
    rho = min((grown - 1) / (n - 1), 0.999)
    if x > n - x:
        x, share = n - x, 1 - share
    a, b = share * (1 - rho) / rho, (1 - share) * (1 - rho) / rho
    start = lgamma(a + b) + lgamma(n + b) - lgamma(n + a + b) - lgamma(b)
    term, below = start, 0.0
    for j in range(1, int(x) + 1):
        below += exp(term)
        term += log((n - j + 1) * (a + j - 1) / (j * (b + n - j)))
    lower = below + exp(term) / 2
    return min(1.0, 2 * min(lower, 1 - lower))


def _called(p: list[tuple[float, tuple[str, str]]]) -> set[tuple[str, str]]:
    """Benjamini and Hochberg: those up to the last whose p is below its rank's share of .1."""
    last = max((rank for rank, (each, _) in enumerate(p, 1) if each <= 0.1 * rank / len(p)), default=0)
    return {key for _, key in p[:last]}


def verdict(x: Sequence[Sequence[float]], n: Sequence[Sequence[float]], coached: Sequence[bool], start: int) -> str:
    """The word on an action of several teams: ANCOVA with HC3, and both differences in differences as bracket."""
    spans = (0, start - 8), (start - 8, start), (start, len(x[0]))
    base, trailing, post = ([sum(xs[a:b]) / sum(ns[a:b]) for xs, ns in zip(x, n, strict=True)] for a, b in spans)
    design = [[float(mine), 1.0, b, t] for mine, b, t in zip(coached, base, trailing, strict=True)]
    effect, error = _least_squares(design, post)
    freedom = len(post) - 4
    low, high = (effect + side * float(stdtrit(freedom, 0.975)) * error for side in (-1, 1))
    p = 2 * float(stdtr(freedom, -abs(effect) / error))
    first, second = (_difference(post, before, coached) for before in (trailing, base))
    astride = first * second <= 0
    if p < 0.05 and not low <= 0 <= high and not astride:
        return "helped" if effect < 0 else "made it worse"
    if astride and max(abs(first), abs(second)) > 0.025:
        return "cannot tell"
    return "no difference seen" if max(abs(low), abs(high)) <= 0.05 else "cannot tell"


def _difference(post: list[float], before: list[float], coached: Sequence[bool]) -> float:
    change = [a - b for a, b in zip(post, before, strict=True)]
    mine = [each for each, is_mine in zip(change, coached, strict=True) if is_mine]
    others = [each for each, is_mine in zip(change, coached, strict=True) if not is_mine]
    return sum(mine) / len(mine) - sum(others) / len(others)


def _least_squares(design: list[list[float]], y: list[float]) -> tuple[float, float]:
    """The first coefficient and its HC3 error."""
    terms = range(len(design[0]))
    inverse = _inverse([[sum(row[i] * row[j] for row in design) for j in terms] for i in terms])
    right = [sum(row[i] * each for row, each in zip(design, y, strict=True)) for i in terms]
    beta = [sum(inverse[i][j] * right[j] for j in terms) for i in terms]
    variance = 0.0
    for row, each in zip(design, y, strict=True):
        lean = [sum(inverse[i][j] * row[j] for j in terms) for i in terms]
        leverage = sum(row[i] * lean[i] for i in terms)
        off = each - sum(row[i] * beta[i] for i in terms)
        variance += (lean[0] * off / (1 - leverage)) ** 2
    return beta[0], sqrt(variance)


def _inverse(matrix: list[list[float]]) -> list[list[float]]:
    """By elimination with the largest pivot."""
    size = len(matrix)
    wide = [[*row, *(float(i == j) for j in range(size))] for i, row in enumerate(matrix)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda row: abs(wide[row][i]))
        wide[i], wide[pivot] = wide[pivot], wide[i]
        wide[i] = [each / wide[i][i] for each in wide[i]]
        for j in range(size):
            if j != i:
                wide[j] = [a - wide[j][i] * b for a, b in zip(wide[j], wide[i], strict=True)]
    return [row[size:] for row in wide]
