# ruff: noqa: ARG001  (each family is given all there is, used or not)
"""Why an answer stopped: each family of Python's errors in plain words, with the line and the fix.

The words of Python and numpy are matched loosely, for they change a little from version to version.
"""

from __future__ import annotations

import ast
import builtins
import difflib
import re
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from nnmath.exercises import source
from nnmath.exercises.records import Exercise
from nnmath.exercises.running import SECONDS, Outcome, TooLong
from nnmath.exercises.slips import fixed_size
from nnmath.exercises.source import Place, text


def stopped(exercise: Exercise, answer: Any, given: list[Outcome]) -> str:
    """Say why the answer stopped, on the first hidden input where it did; "" if it never did."""
    k = next((k for k, g in enumerate(given) if g.error is not None), None)
    if k is None:
        return ""
    error = given[k].error
    assert error is not None
    place = Place(answer, error)
    told = ""
    for kind, explain in FAMILIES:
        if isinstance(error, kind):
            told = explain(place, error, exercise)
            if told:
                break
    if not told:
        said = str(error).strip().rstrip(".") or "no further word"
        told = (
            f"{place.start}your function stopped with {type(error).__name__}: {said}. Run this "
            "line alone, with the input below, and look at what each name in it holds."
        )
    fixed = fixed_size(answer) if isinstance(error, IndexError | ValueError) else ""
    with_error = sum(g.error is not None for g in given)
    some = "" if with_error in (1, len(given)) or len(given) < 2 else _which(given)
    return told[0].upper() + told[1:] + fixed + some + _shapes(exercise, k)


def _which(given: list[Outcome]) -> str:
    return (
        f" It happens on {sum(g.error is not None for g in given)} of {len(given)} hidden inputs."
    )


def _shapes(exercise: Exercise, k: int) -> str:
    if exercise.inputs is None:
        return ""
    pairs = zip(exercise.arguments, exercise.hidden[k][0], strict=True)
    return f" The input: {', '.join(_shape(name, value) for name, value in pairs)}."


def _shape(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        arrays = [(l, v) for l, v in value.items() if not callable(v)]
        names = ", ".join(f"{l}: {v!r}" for l, v in value.items()).replace("nnmath.", "nn.")
        return ", ".join(_shape(f"{name}[{l}]", v) for l, v in arrays) or f"{name} {{{names}}}"
    if callable(value):
        return f"{name} = {value!r}"
    return f"{name} {np.shape(value)}" if np.ndim(value) else f"{name} = {value:g}"


def _too_long(place: Place, _error: Any, _exercise: Exercise) -> str:
    at = f" It was in line {place.line}." if place.line else ""
    return (
        f"Your function was still running after {SECONDS:g} seconds, and was stopped.{at} Look at "
        "its loop: what must change in each round, so that it comes to an end?"
    )


def _unbound(_place: Place, error: Any, _exercise: Exercise) -> str:
    return (
        f"A name is used before it has a value: {error}. A name that is assigned inside a function "
        "is a new one there, whatever it is outside."
    )


def _unknown_name(place: Place, error: Any, exercise: Exercise) -> str:
    name = error.name or ""
    args = ", ".join(exercise.arguments)
    start = f"The name {name} is not known inside your function"
    start = f"Line {place.line}: the" + start[3:] if place.line > 1 else start
    local = list(place.frame.f_locals) if place.frame else list(exercise.arguments)
    words = {"true": "True", "false": "False", "none": "None", "e": "np.e", "ln": "np.log"}
    if name in words:
        return f"{start}. Python writes it {words[name]}."
    folded = [n for n in local if n.lower() == name.lower() or n.strip("_0") == name]
    if folded:
        return f"{start}; {folded[0]} is. Capital and small letters are different names."
    if name == "numpy" or name == "math":
        return f"{start}. The notebook has imported numpy as np: write np in its place."
    if hasattr(np, name):
        return f"{start}. It is a function of numpy: write np.{name}."
    near = difflib.get_close_matches(name, [*local, *dir(builtins)], 1, 0.75)
    if near:
        return f"{start}. Did you mean {near[0]}?"
    return f"{start}. Use its arguments ({args}) and what you compute from them."


def _called(place: Place, error: Any, _exercise: Exercise) -> str:
    kind = re.search(r"'([\w.]+)' object is not callable", str(error))
    if not kind:
        return ""
    kind_name = kind[1].split(".")[-1]
    node = place.node if isinstance(place.node, ast.Call) else None
    what = text(node.func) if node else "what stands before the bracket"
    inside = ", ".join(map(text, node.args)) if node else "…"
    if kind_name == "module":
        return f"{place.start}{what} is a module, not a function. Name the function: {what}.exp(…)."
    if kind_name == "ellipsis":
        return (
            f"{place.start}{what} is still ..., an exercise that is not answered yet. Solve that "
            "one "
            "first, and run its cell."
        )
    if kind_name == "NoneType":
        return f"{place.start}{what} is None. The function that should have made it has no return."
    if kind_name in ("tuple", "list", "dict"):
        return (
            f"{place.start}{what} is a {kind_name}, not a function. Round brackets call a "
            "function; "
            f"an entry is taken with square ones: {what}[{inside}]."
        )
    if kind_name == "bool":
        return f"{place.start}{what} is True or False, not a function."
    if kind_name == "str":
        return f"{place.start}{what} is a piece of text, not a function."
    thing = "a number" if kind_name in ("int", "float") or "float" in kind_name else "an array"
    return (
        f"{place.start}{what} is {thing}, not a function. Before a bracket Python wants the sign "
        "of "
        f"the product, as in {what} * ({inside}); the page leaves it out."
    )


OPERATIONS = {"@": ast.MatMult, "*": ast.Mult, "-": ast.Sub, "+": ast.Add, "/": ast.Div}


def _operands(place: Place, error: Any, _exercise: Exercise) -> str:
    said = str(error)
    if "bitwise_xor" in said or re.search(r"for \^=?:", said):
        return (
            f"{place.start}in Python ^ is not a power. A power is written **: a square is a ** 2."
        )
    if "bitwise_" in said or re.search(r"for [&|]=?:", said):
        return (
            f"{place.start}& and | bind more tightly than a comparison. Put each comparison in "
            "brackets: (a > 0) & (b > 0)."
        )
    if "boolean subtract" in said or ("boolean" in said and "negative" in said):
        return (
            f"{place.start}numpy does not subtract True and False. Make numbers of them first: "
            "mask * 1.0, or ~mask for the opposite."
        )
    pair = re.search(r"for (\S+?):? '([\w.]+)' and '([\w.]+)'", said)
    pair = pair or re.search(
        r"'(\S+)' not supported between instances of '(\w.+)' and '(\w.+)'", said
    )
    alone = re.search(r"bad operand type for (?:unary )?([-+~]|abs\(\)): '([\w.]+)'", said)
    if not pair and not alone:
        return ""
    kinds = [pair[2], pair[3]] if pair else [alone[2]]  # type: ignore[index]
    node = place.node
    sides = {}
    if isinstance(node, ast.BinOp):
        sides = dict(enumerate((node.left, node.right)))
    elif isinstance(node, ast.AugAssign):
        sides = dict(enumerate((node.target, node.value)))
    elif isinstance(node, ast.UnaryOp):
        sides = {0: node.operand}
    elif isinstance(node, ast.Compare):
        sides = dict(enumerate((node.left, node.comparators[0])))
    for k, kind in enumerate(kinds):
        named = text(sides[k]) if k in sides else "one side"
        told = _odd_operand(kind.split(".")[-1], named, _made_by(place, sides.get(k)))
        if told:
            return place.start + told
    return ""


def _made_by(place: Place, node: ast.AST | None) -> ast.AST | None:
    """Return the call that a name got its value from, or the node itself."""
    if not isinstance(node, ast.Name) or place.root is None:
        return node
    for found in ast.walk(place.root):
        if isinstance(found, ast.Assign) and isinstance(found.value, ast.Call):
            if any(isinstance(t, ast.Name) and t.id == node.id for t in found.targets):
                return found.value
    return node


def _odd_operand(kind: str, named: str, node: ast.AST | None) -> str:
    if kind == "NoneType":
        call = (
            f" Does the function {text(node.func)} return its result?"
            if isinstance(node, ast.Call)
            else " A function without return gives None, and so does print."
        )
        return f"{named} is None.{call}"
    if kind == "ellipsis":
        maker = text(node.func) if isinstance(node, ast.Call) else named
        return f"{maker} is still ..., an exercise that is not answered yet. Solve that one first."
    if kind in ("function", "builtin_function_or_method", "method", "ufunc", "type", "Activation"):
        if named.endswith(".transpose"):
            return f"{named} is a function that was not called. Write {named}(), or short, .T."
        return f"{named} is a function that was not called. Give it its brackets: {named}(…)."
    if kind == "dict":
        return f"{named} is a dict, with one array for each layer. Take one of them: {named}[l]."
    if kind == "list":
        return f"{named} is a list, which does not compute. Make an array of it: np.array({named})."
    if kind == "tuple":
        return (
            f"{named} is a tuple. A comma at the end of a line makes one, and so do several "
            "results "
            "that are not taken apart: a, b = …"
        )
    if kind == "str":
        return f"{named} is a piece of text. Leave out the quotation marks."
    if kind == "module":
        return f"{named} is a module. Name the function or the number that you want from it."
    if kind == "range":
        return f"{named} is a range, which does not compute. np.arange(…) is an array of the same."
    return ""


def _one_number_due(place: Place, error: Any, _exercise: Exercise) -> str:
    said = str(error)
    if not ("converted to Python scalar" in said or "must be real number, not" in said):
        return ""
    call = (
        next((n for n in ast.walk(place.node) if isinstance(n, ast.Call)), None)
        if (place.node)
        else None
    )
    if call is not None and isinstance(place.value(call.func), type):
        name = text(call.func)
        return (
            f"{place.start}{name}(…) makes one number out of one number, and was given an array. "
            f"For whole arrays: .astype({name})."
        )
    if call is not None and text(call.func).startswith("math."):
        name = text(call.func)
        return (
            f"{place.start}a function for one number was given an array. The math module takes "
            "single "
            f"numbers; numpy has the same function for arrays, np.{name[5:]}."
        )
    if "must be real number, not" in said:
        return ""
    return (
        f"{place.start}a function for one number was given an array. The math module takes single "
        "numbers; numpy has the same function for arrays, np.exp for math.exp."
    )


def _wrong_arguments(place: Place, error: Any, exercise: Exercise) -> str:
    said = str(error)
    name = re.match(r"(?:\w+\.)*(?:<lambda>|<locals>\.)?(\w+)?\(?\)?", said)
    function = (name[1] if name and name[1] else "the function").removeprefix("_")
    unknown = re.search(r"unexpected keyword argument '(\w+)'", said)
    unknown = unknown or re.search(r"'(\w+)' is an invalid keyword argument", said)
    if unknown:
        known = {"keepdim": "keepdims", "keep_dims": "keepdims", "dim": "axis", "axes": "axis"}
        fix = known.get(unknown[1], "")
        near = difflib.get_close_matches(unknown[1], ["axis", "keepdims", "dtype", "where"], 1, 0.6)
        fix = fix or (near[0] if near else "")
        meant = f" In numpy it is called {fix}." if fix else " Look up how it is called."
        return f"{place.start}there is no argument called {unknown[1]}.{meant}"
    missing = re.search(
        r"missing (\d+) required (?:positional|keyword-only) arguments?: (.*)", said
    )
    if missing:
        return (
            f"{place.start}{function} was called with too few arguments; missing: "
            f"{missing[2].replace(chr(39), '')}. Look at its first line."
        )
    few = re.search(r"takes (?:from \d+ to )?(\d+) positional arguments? but (\d+)", said)
    if few:
        return (
            f"{place.start}{function} takes {few[1]} argument{'' if few[1] == '1' else 's'}, and "
            "was "
            f"given {few[2]}. Look at its first line."
        )
    if "invalid number of arguments" in said or re.search(
        r"takes from \d+ to \d+ positional", said
    ):
        return f"{place.start}this function of numpy takes another number of arguments."
    return ""


def _indexing(place: Place, error: Any, _exercise: Exercise) -> str:
    said = str(error)
    node = place.node if isinstance(place.node, ast.Subscript) else None
    what = text(node.value) if node else "it"
    none = re.search(r"'([\w.]+)' object is not subscriptable", said)
    if none:
        kind = none[1].split(".")[-1]
        if kind == "NoneType":
            return f"{place.start}{what} is None, so it has no entries. Is a return missing?"
        if kind == "ellipsis":
            return f"{place.start}{what} is still ..., not answered yet."
        if kind in ("builtin_function_or_method", "method", "function", "ufunc", "type"):
            return (
                f"{place.start}{what} is a function, and square brackets take entries. Call it "
                "with "
                f"round ones: {what}(…)."
            )
        return f"{place.start}{what} is one number, and has no entries to take with […]."
    if "invalid index to scalar" in said:
        return f"{place.start}{what} is one number already. There is one index too many."
    if "object does not support item assignment" in said:
        return (
            f"{place.start}{what} cannot be filled entry by entry. Start with an array of the "
            "right "
            "shape: np.zeros(…)."
        )
    if "list indices must be integers or slices, not tuple" in said:
        return (
            f"{place.start}{what} is a list of lists, which has no rows and columns. Make an "
            "array of "
            f"it, np.array({what}), or take {what}[i][j]."
        )
    if "indices must be integers" in said or "only integers, slices" in said:
        return (
            f"{place.start}an index must be a whole number, a slice or an array of whole numbers. "
            "range(…) and argmax give whole numbers; / and an entry of a float array do not."
        )
    if "unhashable type" in said:
        return (
            f"{place.start}an array cannot be the key of a dict. The keys are the layers, 1, 2, …"
        )
    return ""


def _iterating(place: Place, error: Any, _exercise: Exercise) -> str:
    said = str(error)
    node = place.node
    iterated = re.search(r"'([\w.]+)' object is not iterable|iteration over a 0-d array", said)
    unpacked = re.search(r"cannot unpack non-iterable (\S+) object", said)
    if unpacked:
        kind = unpacked[1].split(".")[-1]
        if kind == "NoneType":
            return f"{place.start}the right side is None: the function there has no return."
        if kind == "ellipsis":
            return f"{place.start}the right side is still ..., not answered yet."
        return (
            f"{place.start}several names stand on the left, and one number on the right. Give it "
            "one "
            "name."
        )
    if iterated:
        what = text(node) if isinstance(node, ast.expr) else "this"
        if isinstance(node, ast.Call):
            return (
                f"{place.start}{text(node.func)} goes through a list or an array, and was given "
                "one "
                "number."
            )
        if iterated[1] == "NoneType":
            return f"{place.start}{what} is None, and cannot be gone through. Is a return missing?"
        return (
            f"{place.start}{what} is one number, and a loop goes through several things. To count "
            "up "
            f"to it: range({what})."
        )
    if ("object of type" in said and "has no len" in said) or "unsized object" in said:
        return f"{place.start}len counts the rows of an array; this is one number."
    if "sequence by non-int" in said:
        return (
            f"{place.start}a list times a number repeats the list. Make an array of it first: "
            "np.array(…)."
        )
    return ""


def _list_for_array(place: Place, error: Any, _exercise: Exercise) -> str:
    said = str(error)
    call = place.node if isinstance(place.node, ast.Call) else None
    name = text(call.func) if call else ""
    if name.split(".")[-1] in ("max", "min") and (
        "integer" in said or "axis" in said or "index" in said
    ):
        other = "np.maximum" if name.endswith("max") else "np.minimum"
        return (
            f"{place.start}{name} looks for the one extreme entry, and takes what comes second for "
            f"an axis. To compare two things entry by entry: {other}(0, Z)."
        )
    if "'list' object cannot be interpreted" in said:
        return (
            f"{place.start}a list stands where numpy needs one whole number or a tuple of them, "
            "as in "
            "axis=(0, 1). Make a tuple of it: tuple(…)."
        )
    if "object cannot be interpreted as an integer" in said:
        half = re.search(r"'([\w.]+)' object", said)
        if half and "float" in half[1]:
            return (
                f"{place.start}a whole number is needed here, and this one has decimals. The sign "
                "/ "
                "always makes them; shapes come as whole numbers from A.shape."
            )
        return (
            f"{place.start}a whole number is needed here, such as A.shape[1]; an array or a tuple "
            "stands there."
        )
    if "only integer scalar arrays" in said:
        return (
            f"{place.start}an array stands where numpy needs one whole number. Several arrays go "
            "in "
            "together, in a list of their own: np.concatenate([a, b])."
        )
    shapes = re.search(r"Cannot (?:interpret|construct) '?(.+?)'? (?:as|a)", said)
    if shapes or "data type" in said:
        return (
            f"{place.start}a shape is one argument: put its numbers in brackets of their own, as "
            "in "
            "np.zeros((2, 3))."
        )
    if "has no callable" in said:
        return (
            f"{place.start}this array holds things that are no numbers, so numpy cannot compute "
            "with "
            "them. Make each entry a number before."
        )
    if "not supported for the input types" in said or "ufunc" in said:
        return (
            f"{place.start}this function of numpy computes with numbers and arrays of numbers; "
            "what "
            "it was given is something else, such as a function, a dict or None."
        )
    return ""


def _truth(place: Place, error: Any, _exercise: Exercise) -> str:
    if "truth value of" not in str(error):
        return ""
    start = "A whole array of yes and no stands where Python needs one answer"
    node, root = place.node, place.node
    if isinstance(root, ast.Call):
        name = text(root.func)
        array_forms = {"max": "np.maximum", "min": "np.minimum"}
        if name in array_forms and len(root.args) > 1:
            return (
                f"{place.start}Python's own {name} compares two numbers, not arrays. Entry by "
                "entry it "
                f"is {array_forms[name]}(…, …)."
            )
        if name in ("max", "min", "all", "any", "sorted", "sum"):
            return (
                f"{place.start}Python's own {name} goes through the rows, and a row is an array, "
                "not a "
                f"number. numpy has np.{name}(…, axis=…)."
            )
    return start + _condition(place, node)


def _condition(place: Place, node: ast.AST | None) -> str:
    at = f" (line {place.line})" if place.line > 1 else ""
    if isinstance(node, ast.Compare) or (node is not None and _chain(node)):
        chained = next((n for n in ast.walk(node) if _chain(n)), None)
        if chained is not None:
            return (
                f"{at}: in the chain {text(chained)}, which Python takes for two questions joined "
                "by "
                "and. Put brackets around the first one."
            )
    if isinstance(node, ast.BoolOp) or _inside(place, ast.BoolOp):
        return (
            f"{at}: beside and, or or not. Between arrays write & for and, | for or, ~ for not, "
            "with "
            "brackets around each comparison."
        )
    if place.node is None:
        return (
            f"{at}: after an if, beside an and, or in a chain such as a > b == c. An if decides "
            "once; "
            "entry by entry it is np.where(question, a, b)."
        )
    return (
        f"{at}: an if decides once, for the whole array. Entry by entry it is "
        "np.where(question, a, b), or for a maximum np.maximum(0, Z)."
    )


def _chain(node: ast.AST) -> bool:
    return isinstance(node, ast.Compare) and len(node.ops) > 1


def _inside(place: Place, kind: type) -> bool:
    return place.around is not None and isinstance(place.around, kind)


def _shapes_apart(place: Place, error: Any, _exercise: Exercise) -> str:
    said = str(error).strip()
    if not any(w in said for w in ("matmul", "broadcast", "aligned", "shape-mismatch", "einsum")):
        return ""
    start = f"{place.start}two shapes do not fit together."
    start = start[0].upper() + start[1:]
    zero = "does not have enough dimensions" in said
    node = place.node
    left, right, product = None, None, False
    if isinstance(node, ast.BinOp):
        left, right, product = node.left, node.right, isinstance(node.op, ast.MatMult)
    elif isinstance(node, ast.AugAssign):
        left, right, product = node.target, node.value, isinstance(node.op, ast.MatMult)
    elif isinstance(node, ast.Call) and text(node.func).split(".")[-1] in ("dot", "matmul"):
        both = [*node.args]
        if isinstance(node.func, ast.Attribute) and text(node.func.value) != "np":
            both = [node.func.value, *both]
        if len(both) == 2:
            (left, right), product = both, True
    a, b = place.value(left), place.value(right)
    for side, value in ((left, a), (right, b)):
        if side is not None and callable(value):
            return place.start + _odd_operand("method", text(side), side)
    if zero:
        return start + " One side of @ is a single number. A number times an array is written *."
    shown = ""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        shown = f" {text(left)} is {a.shape}, {text(right)} is {b.shape}."  # type: ignore[arg-type]
    if product or "matmul" in said or "aligned" in said:
        return start + shown + _inner_sizes(said) + _that_fits(left, a, right, b)
    if "non-broadcastable output" in said:
        return (
            f"{start}{shown} += and -= keep the shape of the left side, and the right side is "
            "larger. "
            "Write out the sum, a = a + b, or add over an axis first."
        )
    if "could not broadcast input array" in said:
        sizes = re.findall(r"\(([\d, ]*)\)", said)
        told = (
            f" One has the shape ({sizes[0]}), the place for it ({sizes[1]})."
            if len(sizes) > 1
            else ""
        )
        return f"{start}{told} Give the array the shape of its place: keepdims, or [:, 0]."
    hint = ""
    if isinstance(a, np.ndarray) and isinstance(b, np.ndarray):
        if a.T.shape == b.shape:
            hint = " One of them is turned around: .T turns it back."
        elif a.ndim == 2 and b.ndim == 2 and a.shape[1] == b.shape[0]:
            hint = f" As a matrix product they would fit: {text(left)} @ {text(right)}."  # type: ignore[arg-type]
        elif 1 in (a.ndim, b.ndim):
            hint = " One has a single axis: was it summed without keepdims=True?"
    return f"{start}{shown} Entry by entry, the sizes must be equal, or 1.{hint} Numpy says: {said}"


def _inner_sizes(said: str) -> str:
    """Return numpy's words about a product in plain ones."""
    sizes = re.search(r"\(size (\d+) is different from (\d+)\)", said)
    pair = (sizes[2], sizes[1]) if sizes else None
    pair = pair or (tuple(re.findall(r"(\d+) \(dim", said)[:2]) if "aligned" in said else None)
    if not pair or len(pair) < 2:
        return f" Numpy says: {said}."
    return f" In a product @, the two inner sizes must agree; they are {pair[0]} and {pair[1]}."


def _that_fits(left: Any, a: Any, right: Any, b: Any) -> str:
    """Return which of the other products of the two exists."""
    if not (isinstance(a, np.ndarray) and isinstance(b, np.ndarray) and a.ndim == b.ndim == 2):
        return ""
    x, y = text(left), text(right)
    x, y = (f"({t})" if re.search(r"[ (]", t) else t for t in (x, y))

    def turned(t: str) -> str:
        return t[:-2] if t.endswith(".T") else f"{t}.T"

    options = [
        (f"{turned(x)} @ {y}", a.T, b),
        (f"{x} @ {turned(y)}", a, b.T),
        (f"{y} @ {x}", b, a),
        (f"{y} @ {turned(x)}", b, a.T),
        (f"{turned(y)} @ {x}", b.T, a),
    ]
    fits = [f"{t} {(p.shape[0], q.shape[1])}" for t, p, q in options if p.shape[1] == q.shape[0]]
    if fits:
        return f" With these sizes fit: {', '.join(fits[:2])}."
    if a.shape == b.shape:
        return " Both have one shape, which suits a product entry by entry: *."
    return ""


def _unpacking(place: Place, error: Any, _exercise: Exercise) -> str:
    said = str(error)
    few = re.search(
        r"not enough values to unpack \(expected (?:at least )?(\d+), got (\d+)\)", said
    )
    many = re.search(r"too many values to unpack \(expected (\d+)", said)
    if few:
        return (
            f"{place.start}{few[1]} names stand on the left, and {few[2]} thing on the right. "
            "Count "
            "what the right side returns; the shape of a one-dimensional array has one number."
        )
    if many:
        return (
            f"{place.start}{many[1]} names stand on the left, and more things on the right. Count "
            "what "
            "it returns. A dict or an array gives its keys or rows."
        )
    return ""


def _values(place: Place, error: Any, _exercise: Exercise) -> str:
    said = str(error)
    if "setting an array element with a sequence" in said or "inhomogeneous" in said:
        return (
            f"{place.start}a whole array was put where one number has its place, or rows of "
            "different "
            "lengths were made into one array. Look at what each entry is."
        )
    if "axes don't match" in said:
        return f"{place.start}transpose was given other axes than the array has. .T needs none."
    if "cannot reshape" in said:
        return (
            f"{place.start}{said}. A reshape keeps all entries; with other sizes the product of "
            "the "
            "new shape must stay the same. Take it from A.shape."
        )
    if "read-only" in said:
        return f"{place.start}this array may be read only. Work on a copy: .copy()."
    if "math domain" in said or "expected a positive input" in said:
        return (
            f"{place.start}a logarithm or a root was taken of 0 or less. Which input can do that? "
            "Look "
            "at the order of the operations."
        )
    if "zero-size array" in said or "empty" in said:
        return (
            f"{place.start}there is nothing to take the extreme of: the array is empty. A mask or "
            "a "
            "slice before has let nothing through."
        )
    if "need at least one array" in said:
        return f"{place.start}the list is empty: its loop never ran. Look at its range."
    if "same number of dimensions" in said or "array dimensions" in said:
        return f"{place.start}the arrays to be joined do not have the same axes: {said}."
    if "diag" in said.lower() and "1- or 2-d" in said.lower():
        return f"{place.start}np.diag takes one or two axes: np.diagflat takes a column as well."
    return ""


def _outside_axis(place: Place, error: Any, _exercise: Exercise) -> str:
    said = re.search(r"axis (-?\d+) is out of bounds for array of dimension (\d+)", str(error))
    if not said:
        return ""
    has = {"0": "it is one number", "1": "it has one axis, number 0"}.get(
        said[2], f"it has {said[2]} axes"
    )
    return (
        f"{place.start}there is no axis {said[1]} here: {has}. Rows go down axis 0, columns along "
        "axis 1; a sum, a mean or all() before has used up an axis, or the bracket closes too soon."
    )


def _no_layer(place: Place, error: Any, _exercise: Exercise) -> str:
    key = error.args[0] if error.args else None
    node = place.node if isinstance(place.node, ast.Subscript) else None
    name = text(node.value) if node else "The dict"
    held = place.value(node.value) if node else None
    what = text(node) if node else f"[{key!r}]"
    if not isinstance(held, Mapping):
        return f"{place.start}there is no entry {key!r} in the dict."
    keys = list(held)
    if not keys:
        has = f"{name} is still empty"
    elif all(isinstance(k, int) for k in keys):
        ordered = sorted(keys)
        has = f"{name} has the layers {ordered[0]} to {ordered[-1]}"
        has = has if len(keys) > 1 else f"{name} has layer {keys[0]} only"
    else:
        has = f"{name} has the keys {', '.join(map(repr, keys))}"
    loop = _loop_of(place, node)
    fix = ""
    if loop is not None:
        fix = f" The key comes from the loop in line {loop.lineno}, {text(loop.iter)}."
        if key == 0:
            fix += " Layers count from 1: range(1, L + 1), and backwards range(L, 0, -1)."
        elif isinstance(key, int) and keys and all(isinstance(k, int) for k in keys):
            if key > max(keys):
                fix += f" It goes one layer too far for {what}."
            else:
                fix += " In which order must the layers be filled?"
    elif key == 0:
        fix = " Layers count from 1; only A has a layer 0, which is X."
    return f"{place.start}{what} asks for {key!r}, and {has}.{fix}"


def _loop_of(place: Place, node: ast.AST | None) -> ast.For | None:
    """Return the innermost loop around the node whose variable the key is made of."""
    if node is None or place.root is None or not isinstance(node, ast.Subscript):
        return None
    used = source.names_read(node.slice)
    loops = [
        n
        for n in ast.walk(place.root)
        if isinstance(n, ast.For)
        and any(m is node for m in ast.walk(n))
        and {m.id for m in ast.walk(n.target) if isinstance(m, ast.Name)} & used
    ]
    return loops[-1] if loops else None


def _no_entry(place: Place, error: Any, _exercise: Exercise) -> str:
    said = str(error)
    node = place.node if isinstance(place.node, ast.Subscript) else None
    what = text(node) if node else "an entry"
    out = re.search(r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)", said)
    loop = _loop_of(place, node)
    by = f" The index comes from the loop in line {loop.lineno}, {text(loop.iter)}." if loop else ""
    if out:
        axis = {"0": "row", "1": "column"}.get(out[2], "entry")
        count = f"{out[3]} {axis}{'' if out[3] == '1' else 's'}"
        return (
            f"{place.start}{what} asks for {axis} {out[1]}, and there are {count}, counted from "
            f"0.{by} "
            "len(A) and A.shape[0] count rows, A.shape[1] counts columns."
        )
    if "too many indices" in said:
        return f"{place.start}{what} has more indices than the array has axes."
    if "tuple index out of range" in said:
        return (
            f"{place.start}{what}: a shape has one number for each axis, counted from 0; a table "
            "has "
            "shape[0] and shape[1], and a single number has none."
        )
    if "list index out of range" in said:
        return f"{place.start}{what} lies beyond the end of the list; it counts from 0.{by}"
    if "boolean index did not match" in said:
        return f"{place.start}the mask and the array do not have one shape."
    if "shape mismatch" in said or "broadcast" in said:
        return f"{place.start}the index arrays have different lengths: each entry needs both."
    return ""


ELSEWHERE = {"softmax": "nn.softmax", "sigmoid": "nn.sigmoid", "relu": "nn.relu", "ln": "np.log"}


def _no_attribute(place: Place, error: Any, _exercise: Exercise) -> str:
    said = str(error)
    module = re.search(r"module '([\w.]+)' has no attribute '(\w+)'", said)
    if module:
        owner, name = module[1].replace("numpy", "np"), module[2]
        if name in ELSEWHERE:
            return (
                f"{place.start}{owner} has no {name}. Write it with np.exp and np.maximum, or use "
                f"{ELSEWHERE[name]} where the exercise allows it."
            )
        near = difflib.get_close_matches(name, dir(np), 1, 0.6)
        meant = f" Did you mean np.{near[0]}?" if near else ""
        return f"{place.start}{owner} has no {name}.{meant}"
    other = re.search(r"'([\w.]+)' object has no attribute '(\w+)'", said)
    if not other:
        return ""
    kind, name = other[1].split(".")[-1], other[2]
    node = place.node if isinstance(place.node, ast.Attribute) else None
    if (
        node is None
        and isinstance(place.node, ast.Call)
        and isinstance(place.node.func, ast.Attribute)
    ):
        node = place.node.func
    what = text(node.value) if node else "it"
    if kind == "ndarray":
        if hasattr(np, name):
            return f"{place.start}an array has no .{name}; numpy has: np.{name}({what})."
        near = difflib.get_close_matches(name, dir(np.ndarray), 1, 0.6)
        meant = f" Did you mean .{near[0]}?" if near else ""
        return f"{place.start}an array has no .{name}.{meant}"
    if kind == "NoneType":
        return (
            f"{place.start}{what} is None. A function without return gives None, and so do print "
            "and "
            "list.append."
        )
    if kind == "ellipsis":
        return f"{place.start}{what} is still ..., not answered yet."
    if kind in ("list", "tuple"):
        return (
            f"{place.start}{what} is a {kind}, and .{name} belongs to an array. Make one of it: "
            f"np.array({what})."
        )
    if kind == "dict":
        return f"{place.start}{what} is a dict keyed by layer. Take one array: {what}[l].{name}."
    if kind in ("int", "float", "bool", "complex"):
        return (
            f"{place.start}{what} is one number, and .{name} belongs to an array. np.ndim(…) tells "
            "which it is; np.sum and its like take both."
        )
    return (
        f"{place.start}{what} is a function, and .{name} belongs to its result. Call it first: "
        f"{what}(…).{name}."
    )


def _by_zero(place: Place, _error: Any, _exercise: Exercise) -> str:
    return (
        f"{place.start}a division by zero. Which number at the bottom can be 0? Look at where it "
        "was "
        "counted, or started."
    )


def _too_large(place: Place, _error: Any, _exercise: Exercise) -> str:
    return (
        f"{place.start}a number grew too large for a float: e⁷¹⁰ is beyond it. Which exponent can "
        "be "
        "large?"
    )


def _deep(place: Place, _error: Any, _exercise: Exercise) -> str:
    node = place.node
    name = text(node.func) if isinstance(node, ast.Call) else "a function"
    return (
        f"{place.start}{name} calls itself, again and again. A function of the notebook with the "
        "same "
        "name is hidden by yours: write out what it does, or call it by another name."
    )


def _module(place: Place, error: Any, _exercise: Exercise) -> str:
    return (
        f"{place.start}the module {error.name} is not part of the course. numpy, as np, is enough."
    )


def _square(place: Place, _error: Any, _exercise: Exercise) -> str:
    return (
        f"{place.start}only some square matrices have an inverse, and none is needed here: going "
        "back along the weights uses the transpose, .T."
    )


Family = Callable[[Place, Any, Exercise], str]
FAMILIES: tuple[tuple[type[Exception], Family], ...] = (
    (TooLong, _too_long),
    (UnboundLocalError, _unbound),
    (NameError, _unknown_name),
    (OverflowError, _too_large),
    (ZeroDivisionError, _by_zero),
    (RecursionError, _deep),
    (ImportError, _module),
    (np.linalg.LinAlgError, _square),
    (AttributeError, _no_attribute),
    (KeyError, _no_layer),
    (np.exceptions.AxisError, _outside_axis),
    (IndexError, _indexing),
    (IndexError, _no_entry),
    (TypeError, _called),
    (TypeError, _operands),
    (TypeError, _one_number_due),
    (TypeError, _indexing),
    (TypeError, _iterating),
    (TypeError, _wrong_arguments),
    (TypeError, _list_for_array),
    (ValueError, _truth),
    (ValueError, _shapes_apart),
    (ValueError, _unpacking),
    (ValueError, _values),
)
