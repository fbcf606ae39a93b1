"""The exercises of notebook 06: printed formulas to be judged, and mended in code.

Conventions. Examples are columns and m is their number; sizes differ from each other in most of the
hidden inputs. Each exercise quotes a formula of the documents; the printed form is among the
mistakes it knows, wherever it has a result.
"""

from __future__ import annotations

from nnmath.exercises.misprints.hidden_layer import HIDDEN_LAYER
from nnmath.exercises.misprints.last_hidden import LAST_HIDDEN
from nnmath.exercises.misprints.output_error import OUTPUT_ERROR
from nnmath.exercises.misprints.output_layer import OUTPUT_LAYER
from nnmath.exercises.misprints.output_slope import OUTPUT_SLOPE
from nnmath.exercises.misprints.section_six import SECTION_SIX
from nnmath.exercises.misprints.softmax_slopes import SOFTMAX_SLOPES
from nnmath.exercises.misprints.weights_of_layer import WEIGHTS_OF_LAYER

EXERCISES = (
    OUTPUT_SLOPE,
    SOFTMAX_SLOPES,
    OUTPUT_LAYER,
    HIDDEN_LAYER,
    OUTPUT_ERROR,
    WEIGHTS_OF_LAYER,
    LAST_HIDDEN,
    SECTION_SIX,
)
