"""Time several functions side by side, so that a busy moment of the machine hits them alike."""

import gc
import math
import os
import random
import statistics
import time
from collections.abc import Callable, Mapping

# Every library gets one core: its arithmetic is compared, not how it shares work among threads.
ONE_CORE = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
    "JAX_PLATFORMS": "cpu",
}


# On one core, the time that this process had the processor is the time on the clock, less what
# other programs of a busy machine took in between. Where that clock is coarse, the wall's is used.
FINE = time.get_clock_info("process_time").resolution < 1e-5
CLOCK = time.process_time if FINE else time.perf_counter


def stay_on_one_core() -> None:
    """Let this process run on one processor only, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


class Times:
    """Seconds per call of each contender, one number for each round."""

    def __init__(self, rounds: Mapping[str, list[float]]):
        self.rounds = dict(rounds)

    def __contains__(self, name: str) -> bool:
        return name in self.rounds

    def seconds(self, name: str) -> float:
        """Return the median time of one call."""
        return statistics.median(self.rounds[name])

    def ratios(self, name: str, by: str) -> list[float]:
        """Return how many times longer `name` took than `by`, in each round."""
        pairs = zip(self.rounds[name], self.rounds[by], strict=True)
        return [one / other for one, other in pairs]

    def ratio(self, name: str, by: str) -> float:
        """Return the median of those ratios: what disturbs a whole round drops out."""
        return statistics.median(self.ratios(name, by))

    def spread(self, name: str, by: str) -> tuple[float, float]:
        """Return the quartiles of those ratios."""
        if len(self.rounds[name]) < 2:
            return (self.ratio(name, by),) * 2
        low, _, high = statistics.quantiles(self.ratios(name, by), n=4, method="inclusive")
        return low, high


def side_by_side(
    contenders: Mapping[str, Callable[[], object]],
    *,
    seconds: float,
    rounds: int = 11,
    slice_: float = 0.002,
    clock: Callable[[], float] | None = None,
) -> Times:
    """Call each contender in turn, round after round, for about so many seconds in all.

    A fast one is called several times in its turn, until a turn takes `slice_` seconds. Each round
    has another order, by chance, so that none always follows the same one. There are at least
    `rounds` rounds.
    """
    clock = clock or CLOCK
    calls: dict[str, int] = {}
    for name, run in contenders.items():
        run()  # compiles, fills caches, and asks the system for memory
        took = min(_timed(run, 1, clock) for _ in range(2)) if slice_ else 1.0
        calls[name] = max(1, math.ceil(slice_ / max(took, 1e-7)))
    chance = random.Random(0)
    names, times = list(contenders), {name: [] for name in contenders}
    end, done = time.perf_counter() + seconds, 0
    gc.collect()
    gc.disable()
    try:
        while done < rounds or time.perf_counter() < end:
            chance.shuffle(names)
            for name in names:
                times[name].append(_timed(contenders[name], calls[name], clock) / calls[name])
            done += 1
    finally:
        gc.enable()
    return Times(times)


def _timed(run: Callable[[], object], calls: int, clock: Callable[[], float]) -> float:
    start = clock()
    for _ in range(calls):
        run()
    return clock() - start


def shown(seconds: float) -> str:
    """Return a time to three digits, with its unit; to the second where that is more."""
    if seconds >= 1000:
        return f"{seconds:,.0f} s"
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} µs"


def version(package: str) -> str | None:
    """Return the version of an installed package, None when it is not there."""
    import importlib.metadata

    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None
