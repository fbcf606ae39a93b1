r"""The forty-six misprints, as data: one record each, in the order of the documents.

000 is B. Khanal, "Math behind backpropagation in Neural Network"; its formulas are for one example.
001 is "Derive systematically the steps involving the backpropagation of a neural network …", a
worked exercise with two hidden ReLU layers and softmax. 002 is K. Wichmann, "General feed forward
neural networks". Document 000 and 001 do not number their equations, so the place is named by the
section and the left side. Each formula is quoted in the notation of its document.

In the functions, n is a `Trial`. `product` is the matrix product and `hadamard` the one entry by
entry, both strict; a reading that says "stretched" lets numpy stretch the shapes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnmath.activations import sigmoid, softmax
from nnmath.gradcheck import complex_step_gradient
from nnmath.misprints.records import Formula, Misprint, hadamard, product
from nnmath.misprints.trials import Trial

Array = Any

# Readings that several misprints share.


def _star(left: Formula, right: Formula) -> dict[str, Formula]:
    """Return both readings of the `*` of document 001, which the document does not explain."""
    return {
        "entry by entry": lambda n: hadamard(left(n), right(n)),
        "matrix product": lambda n: product(left(n), right(n)),
    }


def _star_star(l: int) -> dict[str, Formula]:
    """Return the readings of δ[l+1] * W[l+1] * (1 where Z[l] > 0), with the slope as a factor."""
    return {
        "entry by entry": lambda n: hadamard(hadamard(n.dZ[l + 1], n.W[l + 1]), n.slope[l]),
        "matrix products": lambda n: product(product(n.dZ[l + 1], n.W[l + 1]), n.slope[l]),
        "matrix, then entries": lambda n: hadamard(product(n.dZ[l + 1], n.W[l + 1]), n.slope[l]),
    }


def _row_of_ones(H: Formula) -> dict[str, Formula]:
    """Return the readings of H J_Nᵗ, where J_N is a column of N ones, so that J_Nᵗ is a row."""
    return {
        "matrix product": lambda n: product(H(n), n.ones.T),
        "entry by entry, stretched": lambda n: H(n) * n.ones.T,
    }


def _in_every_column(column: Formula) -> Formula:
    return lambda n: np.tile(column(n), (1, n.m))


def _error(n: Trial) -> Array:
    """Return A[L] − Y, which the documents write out."""
    return n.A[n.L] - n.Y


# Document 001 and its softmax.


def _nested(n: Trial) -> Array:
    inside = n.g[2](product(n.W[2], n.g[1](product(n.W[1], n.X) + n.b[1])) + n.b[2])
    return n.g[3](product(n.W[3], inside) + n.b[3])


def _printed_jacobians(n: Trial) -> Array:
    """Return a_i (δ_ij − a_i) for each example: the last index should be j."""
    return np.array([np.diag(a) - np.outer(a**2, np.ones(len(a))) for a in n.A[3].T])


def _right_jacobians(n: Trial) -> Array:
    return np.array([np.diag(a) - np.outer(a, a) for a in n.A[3].T])


def _column_by_column(jacobians: Formula) -> Formula:
    """Return −(1/m) Y/Ŷ times the Jacobian, one column (one example) at a time."""

    def passed_back(n: Trial) -> Array:
        dA = -n.Y / n.A[3] / n.m
        return np.stack([J.T @ dA[:, i] for i, J in enumerate(jacobians(n))], axis=1)

    return passed_back


def _summed_quotients(n: Trial) -> Array:
    return -(n.Y / n.A[3]).sum(axis=1, keepdims=True) / n.m


# Document 002, section 3: the cost as a mean of losses.


def _losses(n: Trial) -> Array:
    """Return the loss of each example, in a loop."""
    A, T = n.A[n.L][0], n.Y[0]
    return np.array([-(t * np.log(a) + (1 - t) * np.log(1 - a)) for t, a in zip(T, A, strict=True)])


def _copies_of_one_loss(n: Trial) -> Array:
    """Return the mean of N copies of term i, for the i that comes closest to the cost."""
    copies = [np.mean(np.full(n.m, loss)) for loss in _losses(n)]
    return min(copies, key=lambda J: abs(J - n.loss(n.A[n.L], n.Y)))


def _loss_slopes(n: Trial) -> list[Array]:
    """Return δ_i, the slope of the loss of example i, as a column, for each i."""
    A, T = n.A[n.L], n.Y
    return [(A[:, [i]] - T[:, [i]]) / (A[:, [i]] * (1 - A[:, [i]])) for i in range(n.m)]


def _sum_of_slopes(n: Trial) -> Array:
    return np.sum(_loss_slopes(n), axis=0) / n.m


def _side_by_side(n: Trial) -> Array:
    return np.hstack(_loss_slopes(n)) / n.m


def _full_matrices(n: Trial) -> Array:
    """Return (3.2) with m = N: the mean of ∂L(t_i, a_i)/∂A, each as large as A, measured."""

    def loss_of(i: int) -> Any:
        return lambda A: n.loss(A[:, [i]], n.Y[:, [i]])

    return sum(complex_step_gradient(loss_of(i), n.A[n.L]) for i in range(n.m)) / n.m


# Document 002, section 5: one layer of many.


def _closest_column(M: Formula) -> Formula:
    """Return [M]_ij for every n, where j is anything: the fixed column that comes closest."""

    def closest(n: Trial) -> Array:
        found, due = M(n), n.dA[n.l - 1]
        columns = [np.tile(found[:, [j]], (1, n.m)) for j in range(n.m)]
        return min(columns, key=lambda tiled: float(np.max(np.abs(tiled - due))))

    return closest


def _back(n: Trial) -> Array:
    return product(n.W[n.l].T, n.dZ[n.l])


_ANY_J: dict[str, Formula] = {
    "one j for all n": _closest_column(_back),
    "j counts units of layer l": lambda n: _back(n)[:, : len(n.W[n.l])],
}


def _summed(n: Trial, A: Array) -> Array:
    """Return Σ_n Δ_in σ′_in A_jn in loops."""
    rows, columns = len(n.W[n.l]), len(A)
    found = np.zeros((rows, columns))
    for i, j, k in np.ndindex(rows, columns, n.m):
        found[i, j] += n.dA[n.l][i, k] * n.slope[n.l][i, k] * A[j, k]
    return found


def _with_delta(n: Trial, A: Array) -> Array:
    """Return Σ_k Σ_n Δ_kn σ′_kn A_jn δ_ki."""
    same = np.eye(len(n.W[n.l]))
    return np.einsum("kn,kn,jn,ki->ij", n.dA[n.l], n.slope[n.l], A, same)


def _bracketed(n: Trial, A: Array) -> Array:
    return np.einsum("in,nj->ij", hadamard(n.dA[n.l], n.slope[n.l]), A.T)


# The catalogue.

_RECORDS = (
    # ---------------------------------------------------------------- document 000
    Misprint(
        id="S0-01",
        place="the setting",
        kind="wording",
        printed="“two hidden layers (including the output layer)”",
        corrected="one hidden layer and the output layer",
        symptom="An output is seen, so it is not hidden: two layers with weights, one of them "
        "hidden.",
        readings={"": lambda _: 2},
        mended=lambda _: 1,
        truth=lambda n: sum(l not in (0, n.L) for l in n.A),
    ),
    Misprint(
        id="S0-12",
        place="Back Propagation, first factor",
        kind="mislabelled",
        printed=r"\frac{\partial J}{\partial A^{[2]}} = \sigma'(Z)",
        corrected=r"\frac{\partial A^{[2]}}{\partial Z^{[2]}} = \sigma'(Z^{[2]})",
        symptom="The slope of the sigmoid is right, but it is the slope of A, not of the cost.",
        readings={"": lambda n: n.slope[2]},
        mended=lambda n: n.slope[2],
        truth=lambda n: n.dA[2],
        meant=lambda n: complex_step_gradient(lambda Z: np.sum(sigmoid(Z)), n.Z[2]),
    ),
    Misprint(
        id="S0-17",
        place="Back Propagation, slope of the cost",
        kind="sign",
        printed=r"\frac{\partial J}{\partial A^{[2]}} = "
        r"-\frac{Y}{A^{[2]}} - \frac{1-Y}{1-A^{[2]}}",
        corrected=r"\frac{\partial J}{\partial A^{[2]}} = "
        r"-\frac{Y}{A^{[2]}} + \frac{1-Y}{1-A^{[2]}}",
        symptom="Right where y = 1, and turned around where y = 0: log(1 − a) has the inner "
        "slope −1.",
        readings={"": lambda n: -n.Y / n.A[2] - (1 - n.Y) / (1 - n.A[2])},
        mended=lambda n: -n.Y / n.A[2] + (1 - n.Y) / (1 - n.A[2]),
        truth=lambda n: n.dA[2],
    ),
    Misprint(
        id="S0-20",
        place="Back Propagation, ∂J/∂W[2]",
        kind="transpose",
        printed=r"\frac{\partial J}{\partial W^{[2]}} = (A^{[2]}-Y).A^{[1]}",
        corrected=r"\frac{\partial J}{\partial W^{[2]}} = (A^{[2]}-Y)\,(A^{[1]})^T",
        symptom="W[2] is a row, and A[1] is a column: it must be turned around.",
        readings={
            "matrix product": lambda n: product(_error(n), n.A[1]),
            "number times column": lambda n: _error(n) * n.A[1],
        },
        mended=lambda n: product(_error(n), n.A[1].T),
        truth=lambda n: n.dW[2],
    ),
    Misprint(
        id="S0-21",
        place="Back Propagation, chain for b[2]",
        kind="mislabelled",
        printed=r"\frac{\partial A}{\partial b^{[2]}} = \frac{\partial J}{\partial A^{[2]}}"
        r"\frac{\partial A^{[2]}}{\partial Z^{[2]}}\frac{\partial Z^{[2]}}{\partial b^{[2]}}",
        corrected=r"\frac{\partial J}{\partial b^{[2]}} = \frac{\partial J}{\partial A^{[2]}}"
        r"\frac{\partial A^{[2]}}{\partial Z^{[2]}}\frac{\partial Z^{[2]}}{\partial b^{[2]}}",
        symptom="The chain on the right begins at J, so it is the slope of J.",
        readings={"": lambda n: n.dA[2] * n.slope[2]},
        mended=lambda n: n.dA[2] * n.slope[2],
        truth=lambda n: complex_step_gradient(
            lambda b: np.sum(sigmoid(n.W[2] @ n.A[1] + b)), n.b[2]
        ),
        meant=lambda n: n.db[2],
    ),
    Misprint(
        id="S0-23",
        place="Back Propagation, after the chain for b[2]",
        kind="mislabelled",
        printed=r"\frac{\partial Z^{[2]}}{\partial W^{[2]}} = A^{[2]}-Y",
        corrected=r"\frac{\partial J}{\partial b^{[2]}} = A^{[2]}-Y",
        symptom="The line above was about b[2], and the right side is its gradient.",
        readings={
            "": lambda n: _error(n),
            "the same in every entry": lambda n: np.full(n.W[2].shape, _error(n).item()),
        },
        mended=lambda n: _error(n),
        truth=lambda n: complex_step_gradient(lambda W: np.sum(W @ n.A[1] + n.b[2]), n.W[2]),
        meant=lambda n: n.db[2],
    ),
    Misprint(
        id="S0-28",
        place="Back Propagation, ∂J/∂W[1]",
        kind="transpose",
        printed=r"\frac{\partial J}{\partial W^{[1]}} = (A^{[2]}-Y).W^{[2]} * "
        r"g^{[1]\prime}(Z^{[1]}).X",
        corrected=r"\frac{\partial J}{\partial W^{[1]}} = "
        r"\big[(W^{[2]})^T(A^{[2]}-Y) * g^{[1]\prime}(Z^{[1]})\big]\,X^T",
        symptom="Two transposes are lost, and W[2] stands on the wrong side.",
        readings={
            "from left to right": lambda n: product(
                hadamard(product(_error(n), n.W[2]), n.slope[1]), n.X
            ),
            "dots first": lambda n: hadamard(product(_error(n), n.W[2]), product(n.slope[1], n.X)),
            "left to right, stretched": lambda n: product(
                product(_error(n), n.W[2]) * n.slope[1], n.X
            ),
        },
        mended=lambda n: product(hadamard(product(n.W[2].T, _error(n)), n.slope[1]), n.X.T),
        truth=lambda n: n.dW[1],
    ),
    Misprint(
        id="S0-29",
        place="Back Propagation, ∂J/∂b[1]",
        kind="transpose",
        printed=r"\frac{\partial J}{\partial b^{[1]}} = (A^{[2]}-Y).W^{[2]} * "
        r"g^{[1]\prime}(Z^{[1]})",
        corrected=r"\frac{\partial J}{\partial b^{[1]}} = (W^{[2]})^T(A^{[2]}-Y) * "
        r"g^{[1]\prime}(Z^{[1]})",
        symptom="A row meets a column. On paper that has no meaning, and numpy makes a square "
        "of it.",
        readings={
            "entry by entry": lambda n: hadamard(product(_error(n), n.W[2]), n.slope[1]),
            "entry by entry, stretched": lambda n: product(_error(n), n.W[2]) * n.slope[1],
        },
        mended=lambda n: hadamard(product(n.W[2].T, _error(n)), n.slope[1]),
        truth=lambda n: n.db[1],
    ),
    # ---------------------------------------------------------------- document 001
    Misprint(
        id="S1-05",
        place="Shapes, Ŷ",
        kind="mislabelled",
        printed=r"\hat Y = W^{[L]}A^{[L-1]} + b^{[L]}",
        corrected=r"\hat Y = g^{[L]}\big(W^{[L]}A^{[L-1]} + b^{[L]}\big)",
        symptom="The right side is Z[L]: the activation of the last layer, softmax, is lost.",
        readings={"": lambda n: product(n.W[3], n.A[2]) + n.b[3]},
        mended=lambda n: softmax(product(n.W[3], n.A[2]) + n.b[3]),
        truth=lambda n: n.output_in_loops(),
    ),
    Misprint(
        id="S1-20",
        place="Forward Propagation, last line",
        kind="mislabelled",
        printed=r"\begin{aligned} Y = f(g^{[3]}(g^{[2]}(&g^{[1]}(X, W^{[1]}, b^{[1]}),\\"
        r"&W^{[2]}, b^{[2]}), W^{[3]}, b^{[3]})) \end{aligned}",
        corrected=r"\begin{aligned} \hat Y = g^{[3]}\big(W^{[3]} g^{[2]}(&W^{[2]} "
        r"g^{[1]}(W^{[1]}X + b^{[1]})\\ &+ b^{[2]}) + b^{[3]}\big) \end{aligned}",
        symptom="Y is the target; the prediction is meant. And f is one layer too many.",
        readings={
            "Y is the target": lambda n: n.Y,
            "f is softmax once more": lambda n: softmax(_nested(n)),
        },
        mended=_nested,
        truth=lambda n: n.output_in_loops(),
    ),
    Misprint(
        id="S1-26",
        place="Output layer, slope of softmax",
        kind="wrong index",
        printed=r"\frac{\partial A_i^{[3]}}{\partial Z_j^{[3]}} = A_i^{[3]}(\delta_{ij} - "
        r"A_i^{[3]})",
        corrected=r"\frac{\partial A_i^{[3]}}{\partial Z_j^{[3]}} = A_i^{[3]}(\delta_{ij} - "
        r"A_j^{[3]})",
        symptom="Right on the diagonal, wrong beside it; a check of one entry can miss it.",
        readings={"": _printed_jacobians},
        mended=_right_jacobians,
        truth=lambda n: n.jacobians(),
    ),
    Misprint(
        id="S1-30",
        place="Output layer, ∂J/∂b[3], 2nd member",
        kind="no Jacobian",
        printed=r"\left(-\frac1m \frac{Y}{\hat Y}\right) * \big(A_i^{[3]}(\delta_{ij} - "
        r"A_i^{[3]})\big)",
        corrected=r"\text{column } i:\ \big(\operatorname{diag}(a_i) - a_i a_i^T\big)^T"
        r"\Big(-\frac1m \frac{y_i}{a_i}\Big)",
        symptom="Each output of softmax listens to all logits: one matrix acts on each column.",
        readings={
            "entry by entry": lambda n: hadamard(-n.Y / n.A[3] / n.m, _printed_jacobians(n)[0]),
            "matrix product": lambda n: product(-n.Y / n.A[3] / n.m, _printed_jacobians(n)[0]),
            "column by column": _column_by_column(_printed_jacobians),
        },
        mended=_column_by_column(_right_jacobians),
        truth=lambda n: n.dZ[3],
    ),
    Misprint(
        id="S1-31",
        place="Output layer, ∂J/∂b[3], 3rd member",
        kind="sign",
        printed=r"-\frac1m(\hat Y - Y) * (1)",
        corrected=r"+\frac1m(\hat Y - Y)",
        symptom="Every number has the opposite sign, so gradient descent climbs.",
        readings={"": lambda n: -_error(n) / n.m},
        mended=lambda n: _error(n) / n.m,
        truth=lambda n: n.dZ[3],
    ),
    Misprint(
        id="S1-32",
        place="Output layer, ∂J/∂b[3]",
        kind="lost sum",
        printed=r"\frac{\partial J}{\partial b^{[3]}} = \delta^{[3]}",
        corrected=r"\frac{\partial J}{\partial b^{[3]}} = \delta^{[3]}\,\mathbf 1_m",
        symptom="One column per example is left, where the bias has one column in all.",
        readings={"": lambda n: n.dZ[3]},
        mended=lambda n: product(n.dZ[3], n.ones),
        truth=lambda n: n.db[3],
    ),
    Misprint(
        id="S1-33",
        place="Output layer, ∂J/∂W[3]",
        kind="transpose",
        printed=r"\frac{\partial J}{\partial W^{[3]}} = \delta^{[3]} * (A^{[2]})",
        corrected=r"\frac{\partial J}{\partial W^{[3]}} = \delta^{[3]}\,(A^{[2]})^T",
        symptom="The examples must stand in the middle, where the product sums over them.",
        readings=_star(lambda n: n.dZ[3], lambda n: n.A[2]),
        mended=lambda n: product(n.dZ[3], n.A[2].T),
        truth=lambda n: n.dW[3],
    ),
    Misprint(
        id="S1-39",
        place="Output layer, ∂J/∂A[2]",
        kind="transpose",
        printed=r"\frac{\partial J}{\partial A^{[2]}} = \delta^{[3]} * (W^{[3]})",
        corrected=r"\frac{\partial J}{\partial A^{[2]}} = (W^{[3]})^T\,\delta^{[3]}",
        symptom="W[3] belongs to the left, turned around, so that the units of layer 3 meet.",
        readings=_star(lambda n: n.dZ[3], lambda n: n.W[3]),
        mended=lambda n: product(n.W[3].T, n.dZ[3]),
        truth=lambda n: n.dA[2],
    ),
    Misprint(
        id="S1-44",
        place="Second hidden layer, δ[2]",
        kind="transpose",
        printed=r"\delta^{[2]} = \delta^{[3]} * (W^{[3]}) * [Z^{[2]} > 0]",
        corrected=r"\delta^{[2]} = \big((W^{[3]})^T\delta^{[3]}\big) \odot [Z^{[2]} > 0]",
        symptom="One sign, two products: the first is one of matrices, the second entry by entry.",
        readings=_star_star(2),
        mended=lambda n: hadamard(product(n.W[3].T, n.dZ[3]), n.slope[2]),
        truth=lambda n: n.dZ[2],
    ),
    Misprint(
        id="S1-45",
        place="Second hidden layer, ∂J/∂b[2]",
        kind="lost sum",
        printed=r"\frac{\partial J}{\partial b^{[2]}} = \delta^{[2]}",
        corrected=r"\frac{\partial J}{\partial b^{[2]}} = \delta^{[2]}\,\mathbf 1_m",
        symptom="One column per example is left, where the bias has one column in all.",
        readings={"": lambda n: n.dZ[2]},
        mended=lambda n: product(n.dZ[2], n.ones),
        truth=lambda n: n.db[2],
    ),
    Misprint(
        id="S1-46",
        place="Second hidden layer, ∂J/∂W[2]",
        kind="transpose",
        printed=r"\frac{\partial J}{\partial W^{[2]}} = \delta^{[2]} * (A^{[1]})",
        corrected=r"\frac{\partial J}{\partial W^{[2]}} = \delta^{[2]}\,(A^{[1]})^T",
        symptom="The examples must stand in the middle, where the product sums over them.",
        readings=_star(lambda n: n.dZ[2], lambda n: n.A[1]),
        mended=lambda n: product(n.dZ[2], n.A[1].T),
        truth=lambda n: n.dW[2],
    ),
    Misprint(
        id="S1-49",
        place="Second hidden layer, ∂J/∂A[1]",
        kind="transpose",
        printed=r"\frac{\partial J}{\partial A^{[1]}} = \delta^{[2]} * (W^{[2]})",
        corrected=r"\frac{\partial J}{\partial A^{[1]}} = (W^{[2]})^T\,\delta^{[2]}",
        symptom="W[2] belongs to the left, turned around, so that the units of layer 2 meet.",
        readings=_star(lambda n: n.dZ[2], lambda n: n.W[2]),
        mended=lambda n: product(n.W[2].T, n.dZ[2]),
        truth=lambda n: n.dA[1],
    ),
    Misprint(
        id="S1-54",
        place="First hidden layer, δ[1]",
        kind="transpose",
        printed=r"\delta^{[1]} = \delta^{[2]} * (W^{[2]}) * [Z^{[1]} > 0]",
        corrected=r"\delta^{[1]} = \big((W^{[2]})^T\delta^{[2]}\big) \odot [Z^{[1]} > 0]",
        symptom="One sign, two products: the first is one of matrices, the second entry by entry.",
        readings=_star_star(1),
        mended=lambda n: hadamard(product(n.W[2].T, n.dZ[2]), n.slope[1]),
        truth=lambda n: n.dZ[1],
    ),
    Misprint(
        id="S1-55",
        place="First hidden layer, ∂J/∂b[1]",
        kind="lost sum",
        printed=r"\frac{\partial J}{\partial b^{[1]}} = \delta^{[1]}",
        corrected=r"\frac{\partial J}{\partial b^{[1]}} = \delta^{[1]}\,\mathbf 1_m",
        symptom="One column per example is left, where the bias has one column in all.",
        readings={"": lambda n: n.dZ[1]},
        mended=lambda n: product(n.dZ[1], n.ones),
        truth=lambda n: n.db[1],
    ),
    Misprint(
        id="S1-56",
        place="First hidden layer, ∂J/∂W[1]",
        kind="transpose",
        printed=r"\frac{\partial J}{\partial W^{[1]}} = \delta^{[1]} * (X)",
        corrected=r"\frac{\partial J}{\partial W^{[1]}} = \delta^{[1]}\,X^T",
        symptom="The examples must stand in the middle, where the product sums over them.",
        readings=_star(lambda n: n.dZ[1], lambda n: n.X),
        mended=lambda n: product(n.dZ[1], n.X.T),
        truth=lambda n: n.dW[1],
    ),
    Misprint(
        id="S1-61",
        place="Generalization, ∂J/∂A[L]",
        kind="sum too many",
        printed=r"\frac{\partial J}{\partial A^{[L]}} = "
        r"-\frac1m \sum_{i=1}^m \frac{y^{(i)}}{\hat y^{(i)}}",
        corrected=r"\frac{\partial J}{\partial A^{[L]}} = -\frac1m \left(\frac{Y}{\hat Y}\right)",
        symptom="The sum leaves one column; the same document has it right in its Output layer.",
        readings={
            "": _summed_quotients,
            "the same in every column": _in_every_column(_summed_quotients),
        },
        mended=lambda n: -n.Y / n.A[3] / n.m,
        truth=lambda n: n.dA[3],
    ),
    Misprint(
        id="S1-65",
        place="Generalization, third line of the block",
        kind="sum too many",
        printed=r"\frac{\partial J}{\partial A^{[L]}} = "
        r"-\frac1m \sum_{i=1}^m \frac{y^{(i)}}{\hat y^{(i)}}",
        corrected=r"\frac{\partial J}{\partial A^{[L]}} = -\frac1m \left(\frac{Y}{\hat Y}\right)",
        symptom="The same sum once more.",
        readings={
            "": _summed_quotients,
            "the same in every column": _in_every_column(_summed_quotients),
        },
        mended=lambda n: -n.Y / n.A[3] / n.m,
        truth=lambda n: n.dA[3],
    ),
    # ---------------------------------------------------------------- document 002
    Misprint(
        id="S2-2.13",
        place="(2.13)",
        kind="ones lying down",
        printed=r"\frac{\partial J}{\partial b^{(L)}} = H^{(L)} J_N^t",
        corrected=r"\frac{\partial J}{\partial b^{(L)}} = H^{(L)} J_N",
        symptom="J_N is a column by definition, so its transpose is a row, and N meets 1.",
        readings=_row_of_ones(lambda n: n.dZ[3]),
        mended=lambda n: product(n.dZ[3], n.ones),
        truth=lambda n: n.db[3],
    ),
    Misprint(
        id="S2-2.17",
        place="(2.17)",
        kind="ones lying down",
        printed=r"\frac{\partial J}{\partial b^{(L)}} = "
        r"\Big[\Delta^{(L)} \odot \frac{\partial\sigma_L}{\partial Z^{(L)}}\Big] J_N^t",
        corrected=r"\frac{\partial J}{\partial b^{(L)}} = "
        r"\Big[\Delta^{(L)} \odot \frac{\partial\sigma_L}{\partial Z^{(L)}}\Big] J_N",
        symptom="As (2.13).",
        readings=_row_of_ones(lambda n: hadamard(n.dA[3], n.slope[3])),
        mended=lambda n: product(hadamard(n.dA[3], n.slope[3]), n.ones),
        truth=lambda n: n.db[3],
    ),
    Misprint(
        id="S2-3.3",
        place="(3.3)",
        kind="sum too many",
        printed=r"\Delta^{(L)} = \frac1m \sum_{i=1}^N \delta_i^{(L)}",
        corrected=r"\Delta^{(L)} = \frac1N \big(\delta_1^{(L)} \cdots \delta_N^{(L)}\big)",
        symptom="Each example keeps its own column; added up, errors of opposite sign cancel.",
        readings={
            "m = N": _sum_of_slopes,
            "m = N, in every column": _in_every_column(_sum_of_slopes),
        },
        mended=_side_by_side,
        truth=lambda n: n.dA[3],
    ),
    Misprint(
        id="S2-3.3t",
        place="the sentence before (3.3)",
        kind="sum too many",
        printed=r"\frac1m \sum_{i=1}^N \frac{\partial \mathcal L(t_i, a_i)}{\partial A^{(L)}}"
        r" = \frac1m \sum_{i=1}^N \frac{\partial \mathcal L(t_i, a_i)}{\partial a_i}",
        corrected=r"\frac1N \sum_{i=1}^N \frac{\partial \mathcal L(t_i, a_i)}{\partial A^{(L)}}"
        r" = \frac1N \big(\delta_1^{(L)} \cdots \delta_N^{(L)}\big)",
        symptom="“The same as” is too much: term i fills column i, and the columns stand side "
        "by side.",
        readings={
            "m = N": _sum_of_slopes,
            "m = N, in every column": _in_every_column(_sum_of_slopes),
        },
        mended=_side_by_side,
        truth=_full_matrices,
    ),
    Misprint(
        id="S2-3.8",
        place="(3.8)",
        kind="wrong index",
        printed=r"-\frac1N \sum_{m=1}^N \big[t_i \log a_i^{(L)} + (1-t_i)\log(1-a_i^{(L)})\big]",
        corrected=r"-\frac1N \sum_{i=1}^N \big[t_i \log a_i^{(L)} + (1-t_i)\log(1-a_i^{(L)})\big]",
        symptom="The sum counts m, and the terms say i: N copies of one loss, whichever i is.",
        readings={"N copies of the best i": _copies_of_one_loss},
        mended=lambda n: np.sum(_losses(n)) / n.m,
        truth=lambda n: n.loss(n.A[2], n.Y),
        trial="002, section 6",
    ),
    Misprint(
        id="S2-3.11",
        place="(3.11)",
        kind="sum too many",
        printed=r"\Delta^{(L)} = \frac1N \sum_{i=1}^N \frac{a_i^{(L)} - t_i}{a_i^{(L)}(1 - "
        r"a_i^{(L)})}",
        corrected=r"\Delta^{(L)}_i = \frac1N\,\frac{a_i^{(L)} - t_i}{a_i^{(L)}(1 - a_i^{(L)})}",
        symptom="As (3.3); without the sum, (3.12) follows, and it is right.",
        readings={
            "": _sum_of_slopes,
            "the same in every column": _in_every_column(_sum_of_slopes),
        },
        mended=lambda n: (n.A[2] - n.Y) / (n.A[2] * (1 - n.A[2])) / n.m,
        truth=lambda n: n.dA[2],
        trial="002, section 6",
    ),
    Misprint(
        id="S2-4.16",
        place="(4.16)",
        kind="ones lying down",
        printed=r"\frac{\partial J}{\partial b^{(L-1)}} = H^{(L-1)} J_N^t",
        corrected=r"\frac{\partial J}{\partial b^{(L-1)}} = H^{(L-1)} J_N",
        symptom="As (2.13), one layer down; (4.15), just above it, is right.",
        readings=_row_of_ones(lambda n: n.dZ[2]),
        mended=lambda n: product(n.dZ[2], n.ones),
        truth=lambda n: n.db[2],
    ),
    Misprint(
        id="S2-5.1b",
        place="(5.1), second formula",
        kind="ones lying down",
        printed=r"\frac{\partial J}{\partial b^{(l)}} = H^{(l)} J_N^t",
        corrected=r"\frac{\partial J}{\partial b^{(l)}} = H^{(l)} J_N",
        symptom="As (2.13), for any layer; the first formula of (5.1) is right.",
        readings=_row_of_ones(lambda n: n.dZ[n.l]),
        mended=lambda n: product(n.dZ[n.l], n.ones),
        truth=lambda n: n.db[n.l],
    ),
    Misprint(
        id="S2-5.10",
        place="(5.10), last member",
        kind="wrong index",
        printed=r"\Big[\frac{\partial J}{\partial A^{(l-1)}}\Big]_{in} = \big[(W^{(l)})^t "
        r"H^{(l)}\big]_{ij}",
        corrected=r"\Big[\frac{\partial J}{\partial A^{(l-1)}}\Big]_{in} = "
        r"\big[(W^{(l)})^t H^{(l)}\big]_{in}",
        symptom="j was summed over one step before; the letters that are left are i and n.",
        readings=_ANY_J,
        mended=_back,
        truth=lambda n: n.dA[n.l - 1],
    ),
    Misprint(
        id="S2-5.10t",
        place="the sentence after (5.10)",
        kind="wrong index",
        printed=r"\Big[\frac{\partial J}{\partial A^{(l-1)}}\Big]_{in} = \Delta^{(l-1)}_{ij}",
        corrected=r"\Big[\frac{\partial J}{\partial A^{(l-1)}}\Big]_{in} = \Delta^{(l-1)}_{in}",
        symptom="The same letter once more, in words: “the ij’th element”.",
        readings=_ANY_J,
        mended=_back,
        truth=lambda n: n.dA[n.l - 1],
    ),
    Misprint(
        id="S2-5.13",
        place="(5.13), last member",
        kind="off-by-one layer",
        printed=r"\frac{\partial J}{\partial W^{(l)}_{ij}} = \sum_{k,n} \Delta^{(l)}_{kn}"
        r"\frac{\partial\sigma_l}{\partial Z^{(l)}_{kn}} A^{(l)}_{jn}\delta_{ki}",
        corrected=r"\frac{\partial J}{\partial W^{(l)}_{ij}} = \sum_{k,n} \Delta^{(l)}_{kn}"
        r"\frac{\partial\sigma_l}{\partial Z^{(l)}_{kn}} A^{(l-1)}_{jn}\delta_{ki}",
        symptom="W(l) acts on A(l−1), so j counts units of layer l − 1.",
        readings={"": lambda n: _with_delta(n, n.A[n.l])},
        mended=lambda n: _with_delta(n, n.A[n.l - 1]),
        truth=lambda n: n.dW[n.l],
    ),
    Misprint(
        id="S2-5.14",
        place="(5.14)",
        kind="off-by-one layer",
        printed=r"\sum_n \Delta^{(l)}_{in}\frac{\partial\sigma_l}{\partial Z^{(l)}_{in}} "
        r"A^{(l)}_{jn}",
        corrected=r"\sum_n \Delta^{(l)}_{in}\frac{\partial\sigma_l}{\partial Z^{(l)}_{in}} "
        r"A^{(l-1)}_{jn}",
        symptom="As (5.13), in both of its members.",
        readings={"": lambda n: _summed(n, n.A[n.l])},
        mended=lambda n: _summed(n, n.A[n.l - 1]),
        truth=lambda n: n.dW[n.l],
    ),
    Misprint(
        id="S2-5.15",
        place="(5.15)",
        kind="off-by-one layer",
        printed=r"\sum_n \Big[\Delta^{(l)} \odot "
        r"\frac{\partial\sigma_l}{\partial Z^{(l)}}\Big]_{in}\big(A^{(l)}\big)^t_{nj}",
        corrected=r"\sum_n \Big[\Delta^{(l)} \odot "
        r"\frac{\partial\sigma_l}{\partial Z^{(l)}}\Big]_{in}\big(A^{(l-1)}\big)^t_{nj}",
        symptom="As (5.13).",
        readings={"": lambda n: _bracketed(n, n.A[n.l])},
        mended=lambda n: _bracketed(n, n.A[n.l - 1]),
        truth=lambda n: n.dW[n.l],
    ),
    Misprint(
        id="S2-5.16",
        place="(5.16)",
        kind="off-by-one layer",
        printed=r"\frac{\partial J}{\partial W^{(l)}} = H^{(l)} \big(A^{(l)}\big)^t",
        corrected=r"\frac{\partial J}{\partial W^{(l)}} = H^{(l)} \big(A^{(l-1)}\big)^t",
        symptom="A square, where W(l) has a column for each unit of layer l − 1; (5.1) is right.",
        readings={"": lambda n: product(n.dZ[n.l], n.A[n.l].T)},
        mended=lambda n: product(n.dZ[n.l], n.A[n.l - 1].T),
        truth=lambda n: n.dW[n.l],
    ),
    Misprint(
        id="S2-5.20",
        place="(5.20)",
        kind="ones lying down",
        printed=r"\frac{\partial J}{\partial b^{(l)}} = H^{(l)} J_N^t",
        corrected=r"\frac{\partial J}{\partial b^{(l)}} = H^{(l)} J_N",
        symptom="As (2.13); (5.19), just above it, is right.",
        readings=_row_of_ones(lambda n: n.dZ[n.l]),
        mended=lambda n: product(n.dZ[n.l], n.ones),
        truth=lambda n: n.db[n.l],
    ),
    Misprint(
        id="S2-6a",
        place="section 6, the labels",
        kind="wording",
        printed="labels that “are one-hot encodings”, in a matrix $1 \\times N$",
        corrected="labels 0 and 1, in a matrix $1 \\times N$",
        symptom="One-hot labels of two classes fill two rows; one sigmoid gives one.",
        readings={"rows of the labels": lambda n: len(np.eye(2)[:, n.Y[0].astype(int)])},
        mended=lambda n: len(n.Y),
        truth=lambda n: len(n.output_in_loops()),
        trial="002, section 6",
    ),
    Misprint(
        id="S2-6b",
        place="section 6, the sizes",
        kind="wording",
        printed="“The hidden layer has $n_h$ layers”",
        corrected="the hidden layer has $n_h$ units",
        symptom="By (6.2) there are two weight matrices, so one hidden layer, and $n_h$ is its "
        "width.",
        readings={"hidden layers": lambda n: len(n.W[1])},
        mended=lambda _: 1,
        truth=lambda n: sum(l not in (0, n.L) for l in n.A),
        trial="002, section 6",
    ),
    Misprint(
        id="S2-6.4a",
        place="(6.4), second member",
        kind="transpose",
        printed=r"\frac{\partial J}{\partial W^{(2)}} = H^{(2)} A^{(1)}",
        corrected=r"\frac{\partial J}{\partial W^{(2)}} = H^{(2)} (A^{(1)})^t",
        symptom="The last member of (6.4) has the transpose, and is right.",
        readings={
            "matrix product": lambda n: product(n.dZ[2], n.A[1]),
            "entry by entry, stretched": lambda n: n.dZ[2] * n.A[1],
        },
        mended=lambda n: product(n.dZ[2], n.A[1].T),
        truth=lambda n: n.dW[2],
        trial="002, section 6",
    ),
    Misprint(
        id="S2-6.5a",
        place="(6.5), second member",
        kind="mislabelled",
        printed=r"\frac{\partial J}{\partial b^{(2)}} = H^{(2)} A^{(1)}",
        corrected=r"\frac{\partial J}{\partial b^{(2)}} = H^{(2)} J_N",
        symptom="The right side of the line above, for the weights; no A enters a bias gradient.",
        readings={
            "matrix product": lambda n: product(n.dZ[2], n.A[1]),
            "entry by entry, stretched": lambda n: n.dZ[2] * n.A[1],
            "mended as (6.4)": lambda n: product(n.dZ[2], n.A[1].T),
        },
        mended=lambda n: product(n.dZ[2], n.ones),
        truth=lambda n: n.db[2],
        trial="002, section 6",
    ),
    Misprint(
        id="S2-6.8a",
        place="(6.8), first formula",
        kind="off-by-one layer",
        printed=r"\frac{\partial J}{\partial W^{(1)}} = H^{(1)} (A^{(1)})^t",
        corrected=r"\frac{\partial J}{\partial W^{(1)}} = H^{(1)} X^t",
        symptom="What (5.16) leads to. With two hidden units it runs, and the numbers are wrong.",
        readings={"": lambda n: product(n.dZ[1], n.A[1].T)},
        mended=lambda n: product(n.dZ[1], n.X.T),
        truth=lambda n: n.dW[1],
        trial="002, section 6",
    ),
    Misprint(
        id="S2-6.8b",
        place="(6.8), second formula",
        kind="ones lying down",
        printed=r"\frac{\partial J}{\partial b^{(1)}} = H^{(1)} (J_2)^t",
        corrected=r"\frac{\partial J}{\partial b^{(1)}} = H^{(1)} J_N",
        symptom="A row, and too short: the sum runs over the N examples, not over the 2 inputs.",
        readings={
            "2 ones, lying": lambda n: product(n.dZ[1], np.ones((2, 1)).T),
            "2 ones, standing": lambda n: product(n.dZ[1], np.ones((2, 1))),
            "N ones, lying": lambda n: product(n.dZ[1], n.ones.T),
        },
        mended=lambda n: product(n.dZ[1], n.ones),
        truth=lambda n: n.db[1],
        trial="002, section 6",
    ),
)

MISPRINTS: Mapping[str, Misprint] = {record.id: record for record in _RECORDS}
