"""The demo of notebook 06: a formula as printed, the evidence, and the learner's verdict.

Seven of the sixteen are printed rightly. A wrong one is a record of `nnmath.misprints`; a right
one has its functions here. Both are run on the networks of their document, and nothing is stored
but what came out.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.figure import Figure

from nnmath.activations import sigmoid
from nnmath.gradcheck import complex_step_gradient
from nnmath.live import BLUE, ORANGE, Choice, Demo, LiveFigure
from nnmath.misprints import MISPRINTS, TRIALS, Finding, Trial, compare
from nnmath.misprints.records import Formula, shape

State = Mapping[str, Any]

INK = "#A64500"  # the vermillion that is dark enough for text
UNDECIDED, RIGHT, WRONG = "undecided", "right", "wrong"
NONE, SHAPES, NUMBERS = "none", "shapes", "numbers"
CENTRE: dict[str, Any] = {"ha": "center", "va": "center"}


@dataclass(frozen=True, eq=False)
class Case:
    """A printed formula: where it stands, its text, its factors by name, and why it is as it is.

    `wrong` is the id of the misprint; a formula that is right has its two functions instead.
    """

    place: str
    text: str
    factors: Mapping[str, Formula]
    why: str
    wrong: str = ""
    value: Formula | None = None
    truth: Formula | None = None
    setting: str = ""

    @property
    def networks(self) -> tuple[Trial, ...]:
        """The networks it is tried on."""
        return TRIALS[MISPRINTS[self.wrong].setting if self.wrong else self.setting]

    @property
    def formulas(self) -> tuple[Formula, Formula]:
        """The printed right side in its plain reading, and the measured left side."""
        if self.wrong:
            misprint = MISPRINTS[self.wrong]
            return next(iter(misprint.readings.values())), misprint.truth
        assert self.value is not None and self.truth is not None
        return self.value, self.truth


def _error(n: Trial) -> Any:
    return n.A[n.L] - n.Y


def _one_by_one(n: Trial) -> Any:
    """Return (4.6), the sum over k and n for each weight of the last hidden layer, in loops."""
    found = np.zeros(n.W[2].shape)
    for i, j in np.ndindex(found.shape):
        for k, e in np.ndindex(n.dZ[3].shape):
            found[i, j] += n.dZ[3][k, e] * n.W[3][k, i] * n.slope[2][i, e] * n.A[1][j, e]
    return found


def _column_products(n: Trial) -> Any:
    columns = (_error(n)[:, [i]] @ n.A[1][:, [i]].T for i in range(n.m))
    return sum(columns, np.zeros(n.W[2].shape)) / n.m


CASES = (
    Case(
        "document 000, slope of the sigmoid",
        "σ′(Z) = σ(Z) (1 − σ(Z))",
        {"Z": lambda n: n.Z[2]},
        "This is a(1 − a). (The label on its left, ∂J/∂A[2], is another matter: see the table.)",
        value=lambda n: sigmoid(n.Z[2]) * (1 - sigmoid(n.Z[2])),
        truth=lambda n: complex_step_gradient(lambda z: np.sum(sigmoid(z)), n.Z[2]),
        setting="000",
    ),
    Case(
        "document 000, slope of the cost of one example",
        "∂J/∂A[2] = −Y/A[2] − (1 − Y)/(1 − A[2])",
        {"Y": lambda n: n.Y, "A[2]": lambda n: n.A[2]},
        "The inner slope of log(1 − a) is −1, so the second minus becomes a plus. Where y = 1 "
        "nobody can tell; the examples with y = 0 have the opposite sign.",
        wrong="S0-17",
    ),
    Case(
        "document 000, the next line",
        "∂J/∂A[2] = (A[2] − Y) / (A[2] (1 − A[2]))",
        {"A[2] − Y": _error, "A[2]": lambda n: n.A[2]},
        "With the plus sign the two fractions add up to this. A right line can follow a wrong one.",
        value=lambda n: _error(n) / (n.A[2] * (1 - n.A[2])),
        truth=lambda n: n.dA[2],
        setting="000",
    ),
    Case(
        "document 000, weights of layer 2",
        "∂J/∂W[2] = (A[2] − Y) · A[1]",
        {"A[2] − Y": _error, "A[1]": lambda n: n.A[1], "W[2]": lambda n: n.W[2]},
        "W[2] is a row with one entry per hidden unit, and A[1] is a column: it must be turned "
        "around.",
        wrong="S0-20",
    ),
    Case(
        "document 001, slope of softmax",
        "∂Aᵢ/∂Zⱼ = Aᵢ (δᵢⱼ − Aᵢ)      (i, j: classes; δᵢⱼ is 1 if i = j, else 0)",
        {"one column of A": lambda n: n.A[3][:, [0]]},
        "The last index should be j. On the diagonal i = j, so a check of one entry there misses "
        "it; beside the diagonal the numbers are off.",
        wrong="S1-26",
    ),
    Case(
        "document 001, slope of the cost",
        "∂J/∂A[3] = −(1/m) (Y / Ŷ)",
        {"Y": lambda n: n.Y, "Ŷ": lambda n: n.A[3]},
        "Entry by entry, and Ŷ is A[3]. Each example keeps its own column, so there is no sum.",
        value=lambda n: -n.Y / n.A[3] / n.m,
        truth=lambda n: n.dA[3],
        setting="001",
    ),
    Case(
        "document 001, error of the output layer, δ[3] = ∂J/∂Z[3]",
        "δ[3] = −(1/m) (Ŷ − Y)",
        {"Ŷ": lambda n: n.A[3], "Y": lambda n: n.Y, "Z[3]": lambda n: n.Z[3]},
        "Every number has the right size and the opposite sign. Shapes cannot see that.",
        wrong="S1-31",
    ),
    Case(
        "document 001, biases of layer 2, with δ[2] = ∂J/∂Z[2]",
        "∂J/∂b[2] = δ[2]",
        {"δ[2]": lambda n: n.dZ[2], "b[2]": lambda n: n.b[2]},
        "One bias serves all examples, so their slopes must be added: the sum over the columns is "
        "lost.",
        wrong="S1-45",
    ),
    Case(
        "document 002, (2.9), with H = ∂J/∂Z",
        "∂J/∂W⁽ᴸ⁾ = H⁽ᴸ⁾ (A⁽ᴸ⁻¹⁾)ᵗ",
        {"H⁽ᴸ⁾": lambda n: n.dZ[3], "A⁽ᴸ⁻¹⁾": lambda n: n.A[2], "W⁽ᴸ⁾": lambda n: n.W[3]},
        "The examples stand in the middle, and the product sums over them.",
        value=lambda n: n.dZ[3] @ n.A[2].T,
        truth=lambda n: n.dW[3],
        setting="002",
    ),
    Case(
        "document 002, (2.13); J_N is a column of N ones",
        "∂J/∂b⁽ᴸ⁾ = H⁽ᴸ⁾ (J_N)ᵗ",
        {"H⁽ᴸ⁾": lambda n: n.dZ[3], "J_N": lambda n: n.ones, "b⁽ᴸ⁾": lambda n: n.b[3]},
        "A column of ones, turned around, is a row, and N columns meet 1 row. The column is meant.",
        wrong="S2-2.13",
    ),
    Case(
        "document 002, (3.12), sigmoid with cross-entropy; H = ∂J/∂Z",
        "H⁽ᴸ⁾ = (1/N) (A⁽ᴸ⁾ − T)",
        {"A⁽ᴸ⁾": lambda n: n.A[3], "T": lambda n: n.Y},
        "Answer minus truth, by the number of examples: the collapse of notebook 01.",
        value=lambda n: _error(n) / n.m,
        truth=lambda n: n.dZ[3],
        setting="002",
    ),
    Case(
        "document 002, (4.6), weights of the last hidden layer",
        "∂J/∂Wᵢⱼ⁽ᴸ⁻¹⁾ = Σₖ Σₙ Hₖₙ⁽ᴸ⁾ Wₖᵢ⁽ᴸ⁾ σ′ᵢₙ Aⱼₙ⁽ᴸ⁻²⁾",
        {
            "H⁽ᴸ⁾": lambda n: n.dZ[3],
            "W⁽ᴸ⁾": lambda n: n.W[3],
            "σ′": lambda n: n.slope[2],
            "A⁽ᴸ⁻²⁾": lambda n: n.A[1],
        },
        "k and n are summed over, i and j are left, and they are the indices of W. Index for index "
        "it is right.",
        value=_one_by_one,
        truth=lambda n: n.dW[2],
        setting="002",
    ),
    Case(
        "document 002, (3.11), with Δ = ∂J/∂A",
        "Δ⁽ᴸ⁾ = (1/N) Σᵢ (aᵢ − tᵢ) / (aᵢ (1 − aᵢ))      (i: examples)",
        {"a": lambda n: n.A[2], "t": lambda n: n.Y},
        "Δ has one column per example, and the sum makes one number of them. Each example keeps "
        "its own.",
        wrong="S2-3.11",
    ),
    Case(
        "document 002, (6.4), last member",
        "∂J/∂W⁽²⁾ = (1/m) Σᵢ (Aᵢ⁽²⁾ − Yᵢ) (Aᵢ⁽¹⁾)ᵗ      (i: columns)",
        {"Aᵢ⁽²⁾": lambda n: n.A[2][:, [0]], "Aᵢ⁽¹⁾": lambda n: n.A[1][:, [0]]},
        "A number times a row for each example, added up. The middle member of the same line has "
        "lost its transpose.",
        value=_column_products,
        truth=lambda n: n.dW[2],
        setting="002, section 6",
    ),
    Case(
        "document 002, (5.16), with H = ∂J/∂Z",
        "∂J/∂W⁽ˡ⁾ = H⁽ˡ⁾ (A⁽ˡ⁾)ᵗ",
        {"H⁽ˡ⁾": lambda n: n.dZ[2], "A⁽ˡ⁾": lambda n: n.A[2], "W⁽ˡ⁾": lambda n: n.W[2]},
        "A⁽ˡ⁾ is what the layer gives; W⁽ˡ⁾ acts on what it gets, A⁽ˡ⁻¹⁾.",
        wrong="S2-5.16",
    ),
    Case(
        "document 002, (6.8); J₂ is a column of 2 ones",
        "∂J/∂b⁽¹⁾ = H⁽¹⁾ (J₂)ᵗ",
        {"H⁽¹⁾": lambda n: n.dZ[1], "J₂": lambda _: np.ones((2, 1)), "b⁽¹⁾": lambda n: n.b[1]},
        "The ones lie down, and there are too few: the sum runs over the examples, not over the 2 "
        "inputs.",
        wrong="S2-6.8b",
    ),
)


def detective() -> Demo:
    """Sixteen formulas as printed, about half of them right: look at the evidence, and decide.

    The picture plots each entry of the printed formula over its measured value; a right formula
    lies on the diagonal.
    """
    return Demo(
        "The detective",
        {
            "case": Choice("Case", [str(k + 1) for k in range(len(CASES))]),
            "evidence": Choice("Evidence", [NONE, SHAPES, NUMBERS]),
            "verdict": Choice("Your verdict", [UNDECIDED, RIGHT, WRONG]),
        },
        LiveFigure(_build, size=(9.0, 3.2)),
        _draw,
        lines=6,
        memory={"answers": {}},
        moved=_moved,
    )


def _moved(state: State, name: str) -> State:
    """Keep the verdict of each case; a new case starts without evidence."""
    case, answers = state["case"], dict(state["answers"])
    if name == "case":
        return {"verdict": answers.get(case, UNDECIDED), "evidence": NONE}
    if name == "verdict":
        answers.pop(case, None)
        if state["verdict"] != UNDECIDED:
            answers[case] = state["verdict"]
        return {"answers": answers}
    return {}


def score(answers: Mapping[str, str]) -> tuple[int, int]:
    """Return how many cases are judged, and how many of them rightly."""
    held = (
        answer == (WRONG if CASES[int(k) - 1].wrong else RIGHT) for k, answer in answers.items()
    )
    return len(answers), sum(held)


@functools.cache
def examined(k: int) -> tuple[str, Finding, np.ndarray, np.ndarray]:
    """Return what the machine finds in case k: the shapes, the finding, and the entries.

    The entries are those as printed and as measured, none where the printed formula has no result
    of the right shape. They are scaled so that the largest of all is 1; the finding is of all.
    """
    case = CASES[k]
    value, truth = case.formulas
    network = case.networks[0]
    named = [f"{name} {shape(factor(network))}" for name, factor in case.factors.items()]
    due = truth(network)
    each = " for each example" if np.ndim(due) == 3 else ""
    shapes = ", ".join([*named, f"left side {shape(_one(due))}{each}"])
    found = compare(value, truth, case.networks)
    if found.stage in ("no result", "wrong shape"):
        return shapes, found, np.array([]), np.array([])
    printed, measured = (
        np.concatenate([np.ravel(_one(formula(n))) for n in case.networks])
        for formula in (value, truth)
    )
    largest = max(np.max(np.abs(printed)), np.max(np.abs(measured)))
    return shapes, found, printed / largest, measured / largest


def _one(array: Any) -> Any:
    """Return the array, or the first of a stack: of a matrix for each example, one is plotted."""
    return array[0] if np.ndim(array) == 3 else array


def _build(figure: Figure) -> dict[str, Any]:
    page = figure.add_axes((0, 0, 0.66, 1))
    page.set(xlim=(0, 428), ylim=(0, 230.4))
    page.axis("off")
    plot = figure.add_axes((0.73, 0.15, 0.24, 0.72))
    plot.set(title="each entry", xlabel="measured", ylabel="as printed")
    plot.set(xlim=(-1.15, 1.15), ylim=(-1.15, 1.15))
    plot.set_xticks([-1, 0, 1], ["−1", "0", "1"])
    plot.set_yticks([-1, 0, 1], ["−1", "0", "1"])
    plot.plot([-1.15, 1.15], [-1.15, 1.15], color="#999999", linewidth=1)
    left: dict[str, Any] = {"ha": "left", "va": "center"}
    return {
        "place": page.text(14, 206, "", color="#444444", **left),
        "formula": page.text(14, 164, "", fontsize=14, **left),
        "note": page.text(14, 138, "", color="#444444", **left),
        "shapes": page.text(14, 96, "", **left),
        "finding": page.text(14, 74, "", **left),
        "mark": page.text(14, 30, "", fontsize=20, **left),
        "verdict": page.text(40, 30, "", fontsize=12, **left),
        "entries": plot.plot([], [], "o", color=BLUE, markersize=4.5, alpha=0.8)[0],
        "strays": plot.plot([], [], "X", color=ORANGE, markersize=6.5)[0],
        "no entries": plot.text(0.35, -0.75, "", color="#444444", **CENTRE),
    }


def _draw(state: State, artists: Mapping[str, Any]) -> tuple[str, str]:
    k = int(state["case"]) - 1
    case, evidence, verdict = CASES[k], state["evidence"], state["verdict"]
    shapes, found, printed, measured = examined(k)
    formula, _, note = case.text.partition("      ")
    number = f"Case {k + 1} of {len(CASES)}"
    artists["place"].set_text(f"{number}: {case.place}")
    artists["formula"].set_text(formula)
    artists["note"].set_text(note.strip("()"))

    seen = [] if evidence == NONE else [f"Shapes: {shapes}."]
    artists["shapes"].set_text(shapes if seen else "")
    shown = evidence == NUMBERS
    words = f"{_sentence(found)}." if shown else ""
    artists["finding"].set_text(f"as printed: {found.text}" if shown else "")
    seen += [words] if shown else []
    off = np.abs(printed - measured) > 1e-3
    artists["entries"].set_data(measured[~off], printed[~off])
    artists["strays"].set_data(measured[off], printed[off])
    for name in ("entries", "strays"):
        artists[name].set_visible(shown)
    nothing = "no entries" if shown and not printed.size else "" if shown else "not asked for yet"
    artists["no entries"].set_text(nothing)

    mark, judged, why = "", "Your verdict: undecided.", ""
    if verdict != UNDECIDED:
        is_wrong = bool(case.wrong)
        held = is_wrong == (verdict == WRONG)
        mark = "✓" if held else "✗"
        fact = "It is misprinted" if is_wrong else "It is right as printed"
        judged = f"Your verdict: {verdict}. {mark} {fact}."
        why = f"Why: {case.why}"
    artists["mark"].set(text=mark, color=BLUE if mark == "✓" else INK)
    artists["verdict"].set_text(judged.split(mark)[-1].strip() if mark else "")
    count, right = score(state["answers"])
    tally = f"Judged so far: {count} of {len(CASES)}, {right} of them rightly."
    head = f"{number}, {case.place}: {case.text.replace('      ', '   ')}"
    lines = [head, " ".join(seen) or "Evidence: none.", judged, *([why] if why else []), tally]
    return "\n".join(lines), " ".join([f"{head}.", f"Evidence asked for: {evidence}.", *lines[1:]])


def _sentence(found: Finding) -> str:
    if found.right:
        return "Numbers: every entry lies on the diagonal"
    if found.stage == "wrong numbers":
        return f"Numbers: the largest {found.text}, relative to the largest entry"
    return f"Numbers: there are none to compare, {found.text}"
