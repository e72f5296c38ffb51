"""Complementary suppression: which channels and categories of a unit may be told without telling of one that may not.

Question asked: of the total, the channels, the categories and their pairs, which may be published together?

A cell on which fewer than five people work is primary: it is not told. Others are withheld with it (secondary), as
light ones as can be, until nothing that is told gives a primary cell away: the cells that are withheld of a channel,
of a category, or of all, rest on five people together; and no primary cell can be computed. Of a table with its sums a
withheld cell can be computed if and only if its edge is a bridge in the graph that joins channels and categories by the
withheld cells (Gusfield, A graph theoretic approach to statistical data security, SIAM Journal on Computing 17, 1988);
`recoverable` says the same by linear algebra. On secondary suppression: Willenborg and de Waal, Elements of Statistical
Disclosure Control, Springer, 2001; Hundepool et al., Statistical Disclosure Control, Wiley, 2012, chapter 4.

Shapes: a point is (channel, category), None for "all"; (None, None), the total, is always told. `pairs` are the cells
that are not empty, with their weight (tickets): an empty cell is taken to be known. A channel or category that a ticket
does not have is the empty text: it cannot be asked for, but it is a remainder that can be computed.
"""

from collections.abc import Collection, Iterable, Mapping
from heapq import heappop, heappush

import numpy as np

from metrics.arrays import Flags, Floats
from metrics.disclosure import FEWEST_PEOPLE

Point = tuple[str | None, str | None]
# Who works on a cell, by year: numbers that stand for agents.
Workers = Mapping[Point, Mapping[int, Collection[int]]]
Node = tuple[str, str | None]
WITHHELD = "(withheld)"
TOTAL: Point = (None, None)
TINY = 1e-8
FAVOURED = 1e-6


def points_of(pairs: Iterable[Point]) -> list[Point]:
    """All points above these cells but the total: their channels, their categories, and themselves."""
    found = list(pairs)
    channels: list[Point] = [(channel, None) for channel in dict.fromkeys(channel for channel, _ in found)]
    categories: list[Point] = [(None, category) for category in dict.fromkeys(category for _, category in found)]
    return [*channels, *categories, *found]


def people(points: Iterable[Point], workers: Workers) -> int:
    """How many people work on these together: the fewest of any year in which anybody does; nobody is 0."""
    years: dict[int, set[int]] = {}
    for point in points:
        for pair in [point] if None not in point else [one for one in workers if _within(one, point)]:
            for year, agents in workers.get(pair, {}).items():
                years.setdefault(year, set()).update(agents)
    return min((len(agents) for agents in years.values()), default=0)


def primary(pairs: Iterable[Point], workers: Workers) -> frozenset[Point]:
    """The points on which fewer than five people work."""
    return frozenset(point for point in points_of(pairs) if people([point], workers) < FEWEST_PEOPLE)


def withheld(
    pairs: Mapping[Point, float],
    small: frozenset[Point],
    workers: Workers,
    before: Collection[Point] = (),
    apart: Collection[str] = (),
) -> frozenset[Point]:
    """All points that are not told: the `small` ones, and as few and as light others as it takes to keep them unknown.

    A pair is told only where its channel and its category are. Deterministic. Those that were withheld `before` are
    taken first, so that from one version of the data to the next it is the same ones. `apart`: categories whose sum is
    told too, and with it that of the rest: what is withheld of either rests on five people.
    """
    if not small:
        return frozenset()
    again = set(before)
    weight = {point: n * FAVOURED if point in again else n for point, n in _weights(pairs).items()}
    hidden = set(small)
    while True:
        hidden |= {pair for pair in pairs if (pair[0], None) in hidden or (None, pair[1]) in hidden}
        more = _short(hidden, weight, workers, apart) or _given_away(hidden, small, weight)
        if more is None:
            return frozenset(hidden)
        if more <= hidden:
            return frozenset(weight)
        hidden |= more


def _weights(pairs: Mapping[Point, float]) -> dict[Point, float]:
    weight: dict[Point, float] = {}
    for (channel, category), n in sorted(pairs.items(), key=str):
        points: tuple[Point, ...] = ((channel, None), (None, category), (channel, category))
        for point in points:
            weight[point] = weight.get(point, 0.0) + n
    return weight


def _short(
    hidden: set[Point], weight: Mapping[Point, float], workers: Workers, apart: Collection[str]
) -> set[Point] | None:
    """One more point of a sum whose withheld parts rest on fewer than five people together; None: there is none."""
    for whole, line in _sums(weight, frozenset(apart)):
        mine = [point for point in line if point in hidden]
        if whole in hidden or not mine or len(mine) == len(line) or people(mine, workers) >= FEWEST_PEOPLE:
            continue
        return {min((point for point in line if point not in hidden), key=lambda point: (weight[point], str(point)))}
    return None


def _sums(weight: Iterable[Point], apart: frozenset[str]) -> list[tuple[Point, list[Point]]]:
    """Each sum with its parts: the total of the channels and of the categories, and each of them of its pairs; of the
    sums over categories also those over the ones `apart` and over the rest."""
    points = list(weight)
    channels = [point for point in points if point[1] is None]
    categories = [point for point in points if point[0] is None]
    pairs = [point for point in points if None not in point]
    over: list[tuple[Point, list[Point]]] = [(TOTAL, categories)]
    over += [(one, [pair for pair in pairs if _within(pair, one)]) for one in channels]
    # The narrower sums come first: what they take to be kept unknown may be enough for the wider ones.
    parted = [
        (whole, [one for one in line if (one[1] in apart) is told]) for whole, line in over for told in (True, False)
    ]
    within = [(one, [pair for pair in pairs if _within(pair, one)]) for one in categories]
    return [*(parted if apart else ()), (TOTAL, channels), *over, *within]


def _within(pair: Point, point: Point) -> bool:
    return all(asked in (None, there) for asked, there in zip(point, pair, strict=True))


def _given_away(hidden: set[Point], small: Collection[Point], weight: Mapping[Point, float]) -> set[Point] | None:
    """What to withhold too, for a primary cell that can be computed: the lightest way round it; None: there is none."""
    found = sorted(bridges(hidden) & set(small), key=str)
    if not found:
        return None
    pairs = {point: n for point, n in weight.items() if None not in point}
    return _way_round(found[0], hidden, pairs) or _way_round(found[0], hidden, weight) or set()


def _ends(point: Point) -> tuple[Node, Node]:
    """A cell as an edge: from its channel to its category; a sum's other end is the one node of all sums."""
    return ("channel", point[0]), ("category", point[1])


def _way_round(edge: Point, hidden: set[Point], weight: Mapping[Point, float]) -> set[Point] | None:
    """The edges of the lightest path between an edge's ends but itself; those that are withheld weigh nothing."""
    start, goal = _ends(edge)
    beside: dict[Node, list[tuple[Node, Point, float]]] = {}
    for point in sorted({*weight, *hidden} - {edge}, key=str):
        cost = 0.0 if point in hidden else weight[point] + FAVOURED
        one, other = _ends(point)
        beside.setdefault(one, []).append((other, point, cost))
        beside.setdefault(other, []).append((one, point, cost))
    queue: list[tuple[float, int, Node, tuple[Point, ...]]] = [(0.0, 0, start, ())]
    done: set[Node] = set()
    pushed = 0
    while queue:
        so_far, _, node, path = heappop(queue)
        if node == goal:
            return set(path)
        if node in done:
            continue
        done.add(node)
        for other, point, cost in beside.get(node, []):
            if other not in done:
                pushed += 1
                heappush(queue, (so_far + cost, pushed, other, (*path, point)))
    return None


def bridges(hidden: Iterable[Point]) -> set[Point]:
    """The withheld cells that can be computed from the others and all sums: edges that lie on no circle."""
    edges = sorted(set(hidden), key=str)
    beside: dict[Node, list[tuple[Node, int]]] = {}
    for number, point in enumerate(edges):
        one, other = _ends(point)
        beside.setdefault(one, []).append((other, number))
        beside.setdefault(other, []).append((one, number))
    order: dict[Node, int] = {}
    low: dict[Node, int] = {}
    found: set[Point] = set()
    for root in beside:
        if root not in order:
            _walk(root, beside, order, low, found, edges)
    return found


def _walk(
    root: Node,
    beside: Mapping[Node, list[tuple[Node, int]]],
    order: dict[Node, int],
    low: dict[Node, int],
    found: set[Point],
    edges: list[Point],
) -> None:
    """Depth first from `root`: an edge below which nothing leads back above it is a bridge (Tarjan, 1974)."""
    order[root] = low[root] = len(order)
    stack = [(root, -1, iter(beside[root]))]
    while stack:
        node, came, following = stack[-1]
        for other, number in following:
            if number == came:
                continue
            if other in order:
                low[node] = min(low[node], order[other])
                continue
            order[other] = low[other] = len(order)
            stack.append((other, number, iter(beside[other])))
            break
        else:
            stack.pop()
            if stack:
                above = stack[-1][0]
                low[above] = min(low[above], low[node])
                if low[node] > order[above]:
                    found.add(edges[came])


def recoverable(pairs: Iterable[Point], hidden: Iterable[Point], wanted: Iterable[Point]) -> list[Point]:
    """Those of `wanted` that can be computed from the total and all points that are not `hidden`, by linear algebra."""
    cells = list(pairs)
    unseen = set(hidden)
    told = [TOTAL, *(point for point in points_of(cells) if point not in unseen)]
    asked = sorted(set(wanted), key=str)
    if not asked or not cells:
        return []
    inside = in_span(_indicators(told, cells), _indicators(asked, cells))
    return [point for point, found in zip(asked, inside, strict=True) if found]


def in_span(published: Floats, wanted: Floats) -> Flags:
    """Which rows of `wanted` are linear combinations of those of `published`? Both: sums by cells."""
    _, values, basis = np.linalg.svd(published, full_matrices=False)
    span = basis[values > TINY * max(1.0, float(values.max(initial=0.0)))]
    rest = wanted - (wanted @ span.T) @ span
    inside: Flags = np.abs(rest).max(axis=1, initial=0.0) < np.sqrt(TINY)
    return inside


def _indicators(points: list[Point], cells: list[Point]) -> Floats:
    rows = [[float(_within(cell, point)) for cell in cells] for point in points]
    return np.array(rows, dtype=np.float64).reshape(len(points), len(cells))
