"""One gradient: forward pass, cost, all dW and db, beside what a reader would use instead."""

from collections.abc import Sequence

from benchmarks._measure import Times, shown, side_by_side, version
from benchmarks._networks import OTHERS, nnmath_gradient, problem, products, same_gradient
from benchmarks._outcome import Outcome, missing, ratio_goal
from proof._record import Goal, Section, Table

SHAPES = (
    ((2, 4, 1), 400),
    ((64, 32, 16, 10), 256),
    ((784, 128, 64, 10), 256),
    ((784, 512, 512, 10), 1024),
)
TINY = (((2, 3, 1), 5), ((3, 4, 2), 6))
DEPTHS, WIDTH, BATCH = (2, 4, 8, 16, 32), 64, 256
AGREE = 1e-10  # else two contenders do not compute the same thing
LINEAR = 1.2
NEAR_THE_PRODUCTS = {2: 1.25, 3: 1.15}  # by the place in SHAPES
GOALS = {"torch": 1.0, "JAX, jitted": 1.0, "autograd": 1.0, "plain numpy": None}

TEXT = (
    "`forward`, `loss.from_logits` and `backward`: one forward pass, the cost, all dW and db, in "
    "float64. tanh and sigmoid with binary cross-entropy in 2-4-1, else relu and softmax with "
    "cross-entropy. Before anything is timed, each gradient is compared with ours, to 1e-10. Each "
    "library has one core. A figure in the first table is nnmath's time divided by the other's, so "
    "below 1 nnmath is faster: the median over the rounds of one run, in which all take turns, and "
    "in brackets the quartiles. *Products* are the matrix products of the same shapes, through the "
    "same BLAS, and nothing else. *Plain numpy* is the network as tutorials write it, without "
    "checks and without care for large logits."
)
CHECKS = (
    "A call of numpy takes about a microsecond however small the arrays are, and these are about a "
    "hundred calls, a tenth of them checks of arguments; a compiled gradient is one call."
)
SUMS = (
    "Softmax, its cost and its gradient keep what every subtraction and sum rounds off, so that "
    "the last places are right: more than a third of the time. The rest beyond plain numpy is "
    "checks of arguments and read-only records."
)
COPY = (
    "Plain numpy, which checks and copies nothing, takes a quarter longer than the products too: "
    "they find their arrays in the processor's cache, a gradient does not. X is checked and "
    "copied, so that a cache stays true when X is changed later, and softmax, its cost and its "
    "gradient are careful: a twentieth of the time each."
)
MEMORY = (
    "What is not a product is biases, relu, its pullback and a copy of X, about an eighth of the "
    "time: each fills new arrays of 4 MB, because the cache and the gradients keep every Z, A, dA "
    "and dZ. torch's products are those of another library, and faster than numpy's."
)
WHY = (CHECKS, SUMS, COPY, MEMORY)


def compete(sizes: tuple[int, ...], m: int, seconds: float) -> Times:
    """Time every library that is installed on one network."""
    p = problem(sizes, m)
    contenders = {"nnmath": nnmath_gradient(p), "nnmath again": nnmath_gradient(p)}
    for name, (package, make) in OTHERS.items():
        if version(package):
            contenders[name] = make(p)
            difference = same_gradient(contenders[name](), p)
            if not difference <= AGREE:
                raise ValueError(f"{name} has another gradient: it is off by {difference:.1e}")
    contenders["products"] = products(p)
    return side_by_side(contenders, seconds=seconds, rounds=3 if seconds < 1 else 21)


def deepen(depths: Sequence[int], width: int, m: int, seconds: float) -> Times:
    """Time networks of so many layers, and the products alone."""
    contenders = {}
    for depth in depths:
        p = problem((*[width] * depth, 10), m)
        contenders[f"{depth}"] = nnmath_gradient(p)
        contenders[f"{depth} products"] = products(p)
        if version("torch"):
            contenders[f"{depth} torch"] = OTHERS["torch"][1](p)
    return side_by_side(contenders, seconds=seconds, rounds=3 if seconds < 1 else 21)


def run(tiny: bool = False) -> Outcome:
    """Measure all shapes and depths."""
    goals: list[Goal] = []
    rows, why, bars = [], {}, {}
    for k, (sizes, m) in enumerate(TINY if tiny else SHAPES):
        times = compete(sizes, m, 0.01 if tiny else 10)
        name = f"{'-'.join(map(str, sizes))}, {m:,} examples"
        for other, bound in GOALS.items():
            what = f"{name}: nnmath / {other}"
            goals.append(ratio_goal(what, times, "nnmath", other, bound, headline=other == "torch"))
            why[what] = WHY[k]
        what = f"{name}: nnmath / products"
        goals.append(ratio_goal(what, times, "nnmath", "products", NEAR_THE_PRODUCTS.get(k)))
        why[what] = WHY[k]
        goals.append(
            ratio_goal(f"{name}: noise, nnmath / itself", times, "nnmath again", "nnmath", None)
        )
        others = [shown(times.seconds(o)) if o in times else "not installed" for o in GOALS]
        rows.append(
            (name, shown(times.seconds("nnmath")), shown(times.seconds("products")), *others)
        )
        bars[name] = {o: times.ratio(o, "nnmath") for o in (*GOALS, "products") if o in times}
    depths, width, m = ((1, 2, 3), 4, 5) if tiny else (DEPTHS, WIDTH, BATCH)
    times = deepen(depths, width, m, 0.01 if tiny else 15)
    first, middle, last = depths[0], depths[-2], depths[-1]
    late = (times.seconds(f"{last}") - times.seconds(f"{middle}")) / (last - middle)
    early = (times.seconds(f"{middle}") - times.seconds(f"{first}")) / (middle - first)
    what = f"a layer from {middle} to {last}, against one from {first} to {middle}"
    goals.append(Goal(what, f"≤ {LINEAR:g}", f"{late / early:.2f}", late / early <= LINEAR))
    why[what] = "The deeper network no longer fits into the processor's cache."
    deep = [
        (
            f"{depth}",
            shown(times.seconds(f"{depth}")),
            shown(times.seconds(f"{depth}") / depth),
            f"{times.ratio(f'{depth}', f'{depth} products'):.2f}",
            f"{times.ratio(f'{depth}', f'{depth} torch'):.2f}"
            if f"{depth} torch" in times
            else "not installed",
        )
        for depth in depths
    ]
    tables = (
        Table(
            "Median time of one gradient", ("network", "nnmath", "products", *GOALS), tuple(rows)
        ),
        Table(
            f"Depth, at width {width} with {m} examples",
            ("layers", "nnmath", "each layer", "nnmath / products", "nnmath / torch"),
            tuple(deep),
        ),
    )
    text = TEXT + missing([(name, package) for name, (package, _) in OTHERS.items()])
    section = Section(1, "One gradient", text, tuple(goals), tables, must_hold=False)
    line = {"depths": list(depths), "seconds": [times.seconds(f"{d}") for d in depths]}
    return Outcome(section, why, {"bars": bars, "depth": line})
