"""Small changes of a program: what learners write by mistake, and what a test must notice.

One change replaces one expression by one that is easily confused with it: another axis, a transpose
lost, a mean for a sum. The checker of the exercises (`nnmath.exercises.search`) asks whether an
answer gives the numbers of a changed solution; the mutation tests (`proof.mutation`) ask whether
the tests notice a changed package. Those take `mutations` alone; learners make these and more.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Collection, Iterator
from dataclasses import dataclass

# What is easily confused.
OTHER_FUNCTION = {
    "all": "any",
    "any": "all",
    "argmax": "argmin",
    "imag": "real",
    "isneginf": "isposinf",
    "isposinf": "isneginf",
    "log1p": "log",
    "max": "min",
    "maximum": "minimum",
    "min": "max",
    "sum": "mean",
    "zeros": "ones",
}
OTHER_NAME = {"Z": "A", "A": "Z", "dZ": "dA", "dA": "dZ", "dW": "db", "db": "dW"}
# And what learners confuse besides.
CONFUSED = {
    "mean": ("sum",),
    "sum": ("mean", "max", "prod"),
    "max": ("min", "sum", "mean"),
    "argmax": ("argmin", "max"),
    "log": ("log2", "log10", "log1p", "exp"),
    "exp": ("log", "exp2", "expm1"),
    "tanh": ("sigmoid", "relu", "arctan", "sin"),
    "sigmoid": ("np.tanh", "relu", "softmax"),
    "relu": ("sigmoid", "np.tanh", "np.abs"),
    "softmax": ("sigmoid", "relu"),
    "maximum": ("minimum",),
    "all": ("any",),
    "any": ("all",),
    "abs": ("square", "sqrt"),
    "diagflat": ("eye",),
}
# What the mutation tests change besides.
OTHERWISE = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
COMPUTED = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.MatMult),
    ast.Div: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.Mult,),
    ast.BitAnd: (ast.BitOr,),
    ast.BitOr: (ast.BitAnd,),
}
SIGNS = {
    ast.Add: "+",
    ast.Sub: "−",
    ast.Mult: "*",
    ast.Div: "/",
    ast.MatMult: "@",
    ast.Pow: "**",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.BitAnd: "&",
    ast.BitOr: "|",
}
COMPARED: dict[type, tuple[type, ...]] = {
    ast.Gt: (ast.GtE, ast.Lt, ast.LtE),
    ast.GtE: (ast.Gt, ast.LtE, ast.Lt),
    ast.Lt: (ast.LtE, ast.Gt, ast.GtE),
    ast.LtE: (ast.Lt, ast.GtE, ast.Gt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
AXES = {0: "axis 0, down the columns", 1: "axis 1, along the rows", -1: "the last axis"}
REDUCTIONS = ("sum", "mean", "max", "min", "prod", "all", "any", "argmax", "argmin")


@dataclass(frozen=True)
class Change:
    """One change: its kind, what it does in words, and the expression before and after.

    The words complete the sentence "this is what comes out if ..."; `{place}` stands for the name
    that the expression is computed for.
    """

    kind: str
    words: str
    old: ast.AST
    new: ast.AST


def replaced(tree: ast.stmt, change: Change) -> ast.stmt:
    """Return a copy of the statement in which the change is made."""
    memo = {id(change.old): change.new}
    return ast.fix_missing_locations(copy.deepcopy(tree, memo))


def text(node: ast.AST) -> str:
    """Return an expression as a learner would type it."""
    return ast.unparse(node)


def mutations(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Give each changed form of one expression that a test must notice, with its name."""
    match node:
        case ast.Constant(value=bool(value)):
            yield "True for False, or the reverse", ast.Constant(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield "another number", ast.Constant(value + 1 if abs(value) < 1e15 else value / 2)
        case ast.Attribute(value=inner, attr="T"):
            yield "drop .T", inner
        case ast.UnaryOp(op=ast.USub() | ast.Not() | ast.Invert(), operand=inner):
            yield "drop a minus, a not or a ~", inner
        case ast.Compare(left=left, ops=[op, *ops], comparators=right):
            yield "compare otherwise", ast.Compare(left, [OTHERWISE[type(op)](), *ops], right)
            if ops:
                otherwise = [op, OTHERWISE[type(ops[0])](), *ops[1:]]
                yield "compare otherwise", ast.Compare(left, otherwise, right)
        case ast.BoolOp(op=op, values=values):
            yield (
                "and for or",
                ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values),
            )
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield "the other branch", ast.IfExp(test, orelse, body)
        case ast.BinOp(left=left, op=op, right=right):
            for other in COMPUTED[type(op)]:
                yield f"{SIGNS[other]} for {SIGNS[type(op)]}", ast.BinOp(left, other(), right)
            if isinstance(op, ast.MatMult):
                yield "swap the factors of @", ast.BinOp(right, op, left)
            if ast.unparse(node) in ("l - 1", "k - 1"):
                yield "l for l − 1", left
        case ast.Call(func=func, args=args, keywords=keywords):
            for k, keyword in enumerate(keywords):
                if keyword.arg == "keepdims":
                    rest = keywords[:k] + keywords[k + 1 :]
                    yield "drop keepdims", ast.Call(func, args, rest)
            if isinstance(func, ast.Attribute) and func.attr == "copy" and not args:
                yield "drop .copy()", func.value
            if isinstance(func, ast.Name) and func.id in ("abs", "float", "reversed"):
                yield "drop a function", args[0]
            if isinstance(func, ast.Attribute) and func.attr in ("abs", "sqrt"):
                yield "drop a function", args[0]
        case ast.Attribute(value=owner, attr=name) if name in OTHER_FUNCTION:
            yield "another function", ast.Attribute(owner, OTHER_FUNCTION[name], ast.Load())
        case ast.Name(id=name) if name in OTHER_FUNCTION:
            yield "another function", ast.Name(OTHER_FUNCTION[name], ast.Load())
        case ast.AugAssign(target=target, op=op, value=value):
            for other in COMPUTED[type(op)]:
                yield f"{SIGNS[other]} for {SIGNS[type(op)]}", ast.AugAssign(target, other(), value)
            yield "leave out a statement", ast.Pass()
        case ast.Expr(value=ast.Call()) | ast.Assign(targets=[ast.Attribute()]):
            yield "leave out a statement", ast.Pass()
        case ast.Subscript(value=ast.Name(id=name) as array, slice=index):
            if name in OTHER_NAME:
                yield (
                    "Z for A",
                    ast.Subscript(ast.Name(OTHER_NAME[name], ast.Load()), index, ast.Load()),
                )
            if isinstance(index, ast.Name) and index.id == "l":
                earlier = ast.BinOp(index, ast.Sub(), ast.Constant(1))
                yield "l − 1 for l", ast.Subscript(array, earlier, ast.Load())
        case ast.Subscript(value=ast.Attribute(value=record, attr=name), slice=index):
            if name in OTHER_NAME:
                renamed = ast.Attribute(record, OTHER_NAME[name], ast.Load())
                yield "Z for A", ast.Subscript(renamed, index, ast.Load())


def changes(statement: ast.AST, names: Collection[str]) -> Iterator[Change]:
    """Give every change of a statement, likely ones first within each expression.

    `names` are the arrays and numbers that could stand in each other's place.
    """
    for node in walk(statement):
        yield from _changes_of(node, names)


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Give the statement and every expression in it that is computed, from the outside in."""
    yield node
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_comment", "ctx", "target"):
            continue
        if name == "targets":
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from walk(child)


def _changes_of(node: ast.AST, names: Collection[str]) -> Iterator[Change]:
    match node:
        case ast.Call():
            yield from _of_a_call(node)
        case ast.Attribute(value=inner, attr="T"):
            yield Change("transpose", f"{text(inner)} in {{place}} is not transposed", node, inner)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            yield Change("sign", "the minus in {place} is missing", node, inner)
        case ast.BinOp():
            yield from _of_a_calculation(node)
        case ast.Compare(left=left, ops=[op], comparators=right):
            for other in COMPARED.get(type(op), ()):
                new = ast.Compare(left, [other()], right)
                yield Change(
                    "comparison", f"{text(new)} stands in {{place}} for {text(node)}", node, new
                )
        case ast.Subscript():
            yield from _of_an_index(node)
        case ast.Name(id=name, ctx=ast.Load()) if name in names:
            for other_name in _alike(name, names):
                yield Change(
                    "name",
                    f"{other_name} stands in {{place}} where {name} belongs",
                    node,
                    ast.Name(other_name, ast.Load()),
                )
        case ast.Constant(value=bool()):
            return
        case ast.Constant(value=int(value) | float(value)):
            for number in (1, 2, 0.5, 0, 3):
                if number != value:
                    yield Change(
                        "number",
                        f"{number} stands in {{place}} where {value} belongs",
                        node,
                        ast.Constant(number),
                    )
        case ast.AugAssign(target=target, op=ast.Add() as op, value=value):
            yield Change(
                "loop",
                "= stands where += belongs, so that only the last one is left",
                node,
                ast.Assign([_stored(target)], value),
            )
            yield Change(
                "sign",
                "-= stands where += belongs",
                node,
                ast.AugAssign(target, ast.Sub(), value),
            )
            del op
        case ast.For(target=target, iter=iterated, body=body):
            cut = ast.For(target, iterated, [*body, ast.Break()], [])
            yield Change(
                "loop", "the loop ends after its first round (is return inside it?)", node, cut
            )
            for k, line in enumerate(body if len(body) > 1 else ()):
                short = ast.For(target, iterated, [*body[:k], *body[k + 1 :]], [])
                yield Change("loop", f"the line {text(line)} is missing in the loop", node, short)


# What a name is taken for besides another name. The solution's own functions may be used.
TAKEN_FOR = {
    "{x} > 0": "the switch [{x} > 0] stands in {{place}} where {x} itself belongs",
    "np.maximum({x}, 0)": "the part of {x} above 0 stands in {{place}} where {x} itself belongs",
    "1 - {x}": "1 − {x} stands in {{place}} where {x} belongs",
    "{x} * (1 - {x})": "{x}(1 − {x}) stands in {{place}} where {x} belongs",
    "1 - {x}**2": "1 − {x}² stands in {{place}} where {x} belongs",
    "{x}**2": "the square of {x} stands in {{place}} where {x} belongs",
    "np.abs({x})": "{x} loses its signs in {{place}}",
    "np.tanh({x})": "tanh of {x} stands in {{place}} where {x} itself belongs",
    "softmax({x})": "softmax of {x} stands in {{place}} where {x} itself belongs",
    "sigmoid({x})": "the sigmoid of {x} stands in {{place}} where {x} itself belongs",
    "np.mean({x}, axis=0, keepdims=True)": "the mean of {x} over its rows stands in {{place}}",
    "np.mean({x}, axis=1, keepdims=True)": "the mean of {x} over its columns stands in {{place}}",
    "np.sum({x}, axis=0, keepdims=True)": "the sum of {x} over its rows stands in {{place}}",
    "np.sum({x}, axis=1, keepdims=True)": "the sum of {x} over its columns stands in {{place}}",
    "np.mean({x})": "the mean of all of {x} stands in {{place}}",
    "np.sum({x})": "the sum of all of {x} stands in {{place}}",
    "{x}[:, :1]": "the first column of {x} alone stands in {{place}}",
    "{x}[:, -1:]": "the last column of {x} alone stands in {{place}}",
    "{x}[:1]": "the first row of {x} alone stands in {{place}}",
    "np.clip({x}, 0, 1)": "{x}, clipped to 0 and 1, stands in {{place}} where {x} itself belongs",
    "np.nan_to_num({x})": "nan_to_num puts other numbers in the place of what is not finite in {x}",
    "{x} / np.max({x})": "{x} is divided by its largest entry",
    "-{x}": "{x} has the wrong sign in {{place}}",
    "np.round({x})": "{x} is rounded in {{place}}",
    "np.exp({x})": "e to the power of {x} stands in {{place}} where {x} itself belongs",
    "np.log({x})": "the log of {x} stands in {{place}} where {x} itself belongs",
}
# What stands for the slope of a ReLU.
SWITCHES = {
    "np.maximum({x}, 0)": "relu itself stands in {place} where its slope, a switch, belongs",
    "sigmoid({x}) * (1 - sigmoid({x}))": "the slope of a sigmoid stands in {place}, not of ReLU",
    "sigmoid({x})": "a sigmoid stands in {place} where the slope of ReLU belongs",
    "1 - np.tanh({x})**2": "the slope of tanh stands in {place}, not of ReLU",
    "np.clip({x}, 0, 1)": "the value, clipped to 0 and 1, stands in {place} where a slope belongs",
    "np.sign({x})": "the sign, −1 or 1, stands in {place} where the switch, 0 or 1, belongs",
    "np.where({x} > 0, 1, 0.01)": "a leaky ReLU's slope stands in {place}",
    "np.where({x} > 0, 1, 0.1)": "a leaky ReLU's slope stands in {place}",
    "np.mean({x}, axis=1, keepdims=True) > 0": "one switch for all examples stands in {place}",
    "np.any({x} > 0)": "one switch for everything stands in {place}",
    "np.all({x} > 0)": "one switch for everything stands in {place}",
}
CLIPPED = ("np.log", "np.exp", "sigmoid", "softmax")
TINY = (1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-16)
FAR = (1, 5, 10, 20, 30, 35, 50, 100, 500, 700, 709, 710)
WRITTEN_IN = (1, 2, 3, 4, 5, 6, 8, 10, 64, 100, 360, 400, 1797)


def estrangements(statement: ast.AST, names: Collection[str]) -> Iterator[Change]:
    """Give further changes, of what learners rarely write but do: something else for a name."""
    if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Name):
        name = statement.value.id  # an argument as it comes, whatever is done with it later
        for bound in FAR:
            new = ast.parse(f"np.clip({name}, -{bound}, {bound})", mode="eval").body
            yield Change("clip", f"{name} is clipped to ±{bound}", statement.value, new)
        for small in TINY:
            new = ast.parse(f"np.clip({name}, {small}, 1 - {small})", mode="eval").body
            yield Change("clip", f"{name} is clipped at {small:g}", statement.value, new)
    for node in walk(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) if name in names:
                for pattern, words in TAKEN_FOR.items():
                    new = ast.parse(pattern.format(x=name), mode="eval").body
                    yield Change("name", words.format(x=name), node, new)
            case ast.Call(func=func, args=[inside]) if text(func) in CLIPPED:
                shown = text(inside)
                for bound in FAR:
                    new = ast.parse(f"np.clip({shown}, -{bound}, {bound})", mode="eval").body
                    words = f"{shown} is clipped to ±{bound} in {{place}}"
                    yield Change("clip", words, inside, new)
                for small in TINY if text(func) == "np.log" else ():
                    for high in (f"1 - {small}", "1"):
                        new = ast.parse(f"np.clip({shown}, {small}, {high})", mode="eval").body
                        words = f"{shown} is clipped at {small:g} in {{place}}"
                        yield Change("clip", words, inside, new)
                    more = ast.BinOp(inside, ast.Add(), ast.Constant(small))
                    words = f"{small:g} is added inside the log of {{place}}, which moves its value"
                    yield Change("epsilon", words, node, ast.Call(func, [more], []))
            case ast.BinOp(left=left, op=ast.Div() as op, right=right):
                for small in TINY:
                    more = ast.BinOp(right, ast.Add(), ast.Constant(small))
                    words = f"{small:g} is added to what {{place}} is divided by"
                    yield Change("epsilon", words, node, ast.BinOp(left, op, more))
            case ast.Call(func=ast.Name(id="relu"), args=[inside]):
                switch = ast.Compare(inside, [ast.Gt()], [ast.Constant(0)])
                words = "the switch (1 or 0) stands in {place} where relu itself belongs"
                yield Change("function", words, node, switch)
            case ast.Compare(left=left, ops=[ast.Gt()], comparators=[ast.Constant(value=0)]):
                for pattern, words in SWITCHES.items():
                    new = ast.parse(pattern.format(x=text(left)), mode="eval").body
                    yield Change("function", words, node, new)
            case ast.Subscript(value=ast.Attribute(attr="shape"), slice=ast.Constant()):
                for number in WRITTEN_IN:
                    words = f"the fixed number {number} stands in {{place}} for a size of the input"
                    yield Change("count", words, node, ast.Constant(number))
            case ast.BinOp(
                left=ast.Constant(value=1) as one,
                op=ast.Sub() as minus,
                right=ast.BinOp(left=base, op=ast.Pow() as power, right=two),
            ):
                outer = ast.BinOp(ast.BinOp(one, minus, base), power, two)
                words = f"(1 − {text(base)})² stands in {{place}} for 1 − {text(base)}²"
                yield Change("brackets", words, node, outer)
                both = ast.BinOp(base, ast.Mult(), ast.BinOp(one, minus, base))
                words = (
                    f"the slope of a sigmoid, {text(base)}(1 − {text(base)}), stands in {{place}}"
                )
                yield Change("function", words, node, both)
                yield from _other_slopes(node, base)
                double = ast.BinOp(one, minus, base)
                yield Change("power", "the square in {place} is missing", node, double)
            case ast.BinOp(
                left=base,
                op=ast.Mult(),
                right=ast.BinOp(left=ast.Constant(value=1), op=ast.Sub(), right=again),
            ) if text(base) == text(again):
                yield from _other_slopes(node, base)
    yield from _other_errors(statement)
    for node in walk(statement):
        for _, mutant in mutations(node) if isinstance(node, ast.expr) else ():
            words = f"{text(mutant)} stands in {{place}} where {text(node)} belongs"
            yield Change("function", words, node, mutant)


def _other_slopes(node: ast.AST, base: ast.expr) -> Iterator[Change]:
    """Give the other forms that look like the slope of a squashing function."""
    a = text(base)
    for pattern in ("1 - {a}**2", "{a} * (1 - {a})", "(1 - {a})**2", "1 - {a}", "{a} * (1 + {a})"):
        new = ast.parse(pattern.format(a=a), mode="eval").body
        shown = pattern.format(a=a).replace("**2", "²").replace("-", "−").replace(" * ", "·")
        yield Change("function", f"{shown} stands in {{place}} for {text(node)}", node, new)


# A prediction, the truth, and what stands where their difference belongs.
PREDICTIONS = ("A", "A2", "A3", "a", "a2", "Yhat")
TRUTHS = ("Y", "y", "T")
ERRORS = {
    "-{y} / {a}": "−{y}/{a}, the slope of the cross-entropy at {a}",
    "-{y} / {a} + (1 - {y}) / (1 - {a})": "the slope of the binary cross-entropy at {a}",
    "({a} - {y}) / ({a} * (1 - {a}))": "({a} − {y})/({a}(1 − {a})), the slope at {a}",
    "({a} - {y}) * {a} * (1 - {a})": "({a} − {y}) times {a}(1 − {a}), that of the squared error",
    "({a} - {y}) * (1 - {a}**2)": "({a} − {y})(1 − {a}²), as behind a tanh",
    "({a} - {y}) * ({a} > 0)": "({a} − {y}) with the switch of a ReLU",
    "({a} - {y})**2": "the square of {a} − {y}",
    "np.abs({a} - {y})": "the size of {a} − {y}, without its sign",
    "{a} * {y}": "{a} times {y}",
    "({a} - {y}) * {y}": "({a} − {y}) times {y}: the true class only",
    "np.log({a}) - {y}": "log {a} − {y}",
    "{y} * np.log({a})": "{y} log {a}, the cost itself",
}


def _other_errors(statement: ast.AST) -> Iterator[Change]:
    for node in walk(statement):
        match node:
            case ast.BinOp(left=ast.Name(id=a), op=ast.Sub(), right=ast.Name(id=y)) if (
                a in PREDICTIONS and y in TRUTHS
            ):
                for pattern, what in ERRORS.items():
                    new = ast.parse(pattern.format(a=a, y=y), mode="eval").body
                    words = f"{what.format(a=a, y=y)}, stands in {{place}} for {a} − {y}"
                    yield Change("function", words, node, new)


def _stored(target: ast.expr) -> ast.expr:
    target = copy.deepcopy(target)
    target.ctx = ast.Store()  # type: ignore[attr-defined]
    return target


def _alike(name: str, names: Collection[str]) -> list[str]:
    """Return the other names, those first that differ in their letter or in their number only."""
    letter, number = name.rstrip("0123456789"), name[len(name.rstrip("0123456789")) :]
    others = [other for other in names if other != name]
    return sorted(
        others,
        key=lambda other: (
            not (other.rstrip("0123456789") == letter or (number and other.endswith(number)))
        ),
    )


def _of_a_call(node: ast.Call) -> Iterator[Change]:
    func, args, keywords = node.func, node.args, node.keywords
    name = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
    method = isinstance(func, ast.Attribute) and not (
        isinstance(func.value, ast.Name) and func.value.id == "np"
    )
    for k, keyword in enumerate(keywords):
        rest = [*keywords[:k], *keywords[k + 1 :]]
        if keyword.arg == "axis" and isinstance(keyword.value, ast.Constant):
            was = keyword.value.value
            for axis in (0, 1):
                if axis != was:
                    new = ast.Call(func, args, [ast.keyword("axis", ast.Constant(axis)), *rest])
                    yield Change(
                        "axis", f"the {name} in {{place}} runs over {AXES[axis]}", node, new
                    )
            bare = [key for key in rest if key.arg != "keepdims"]
            yield Change(
                "axis",
                f"the {name} in {{place}} runs over everything, because it has no axis",
                node,
                ast.Call(func, args, bare),
            )
        if keyword.arg == "keepdims":
            yield Change(
                "keepdims",
                f"the {name} in {{place}} loses its axis, because keepdims=True is missing",
                node,
                ast.Call(func, args, rest),
            )
    for other in CONFUSED.get(name, ()):
        if method:
            if "." in other or other in ("log2", "prod"):
                continue
            changed: ast.expr = ast.Attribute(func.value, other, ast.Load())  # type: ignore[attr-defined]
        elif "." in other:
            changed = ast.parse(other, mode="eval").body
        elif isinstance(func, ast.Attribute) and other not in ("sigmoid", "relu", "softmax"):
            changed = ast.Attribute(func.value, other, ast.Load())
        else:
            changed = ast.Name(other, ast.Load())
        fits = [key for key in keywords if key.arg != "keepdims" or other in REDUCTIONS[:5]]
        shown = other.removeprefix("np.")
        yield Change(
            "function",
            f"{shown} stands in {{place}} where {name} belongs",
            node,
            ast.Call(changed, args, fits),
        )
    if method and name in (*REDUCTIONS, "copy"):
        yield Change("function", f"the {name} in {{place}} is missing", node, func.value)  # type: ignore[attr-defined]
    elif len(args) == 1 or (args and name in REDUCTIONS):
        if name not in ("range", "len", "zip", "dict", "enumerate", "float", "bool"):
            yield Change("function", f"{name} is missing in {{place}}", node, args[0])
            if name in ("softmax", "sigmoid", "relu", "exp", "log", "tanh"):
                twice = ast.Call(func, [node], [])
                yield Change("function", f"{name} is applied twice in {{place}}", node, twice)
    if name == "range":
        yield from _of_a_range(node)
    if name == "log" and len(args) == 1:
        one = ast.BinOp(ast.Constant(1), ast.Sub(), args[0])
        yield Change(
            "function",
            f"the log in {{place}} is taken of 1 − {text(args[0])}",
            node,
            ast.Call(func, [one], []),
        )
    if len(args) == 2 and not keywords and name not in ("range", "zip", "where"):
        yield Change(
            "order",
            f"the two arguments of {name} in {{place}} have changed places",
            node,
            ast.Call(func, args[::-1], []),
        )


def _of_a_range(node: ast.Call) -> Iterator[Change]:
    args = node.args
    for k, bound in enumerate(args[:2]):
        for step, sense in ((1, "one later"), (-1, "one earlier")):
            moved = ast.BinOp(bound, ast.Add(), ast.Constant(step))
            end = "begins" if len(args) > 1 and k == 0 else "ends"
            yield Change(
                "loop",
                f"the loop {end} {sense}",
                node,
                ast.Call(node.func, [*args[:k], moved, *args[k + 1 :]], []),
            )


def _of_a_calculation(node: ast.BinOp) -> Iterator[Change]:
    left, op, right = node.left, node.op, node.right

    def made(kind: str, words: str, new: ast.AST) -> Change:
        return Change(kind, words, node, new)

    match op:
        case ast.MatMult():
            yield made(
                "product",
                "a product entry by entry stands in {place} where a matrix product belongs",
                ast.BinOp(left, ast.Mult(), right),
            )
            yield made(
                "order",
                "the factors of the matrix product in {place} have changed places",
                ast.BinOp(right, op, left),
            )
            for one, other, first in ((left, right, True), (right, left, False)):
                if not (isinstance(one, ast.Attribute) and one.attr == "T"):
                    turned = ast.Attribute(one, "T", ast.Load())
                    new = ast.BinOp(turned, op, other) if first else ast.BinOp(other, op, turned)
                    words = f"{text(one)} in {{place}} is transposed, and should not be"
                    yield made("transpose", words, new)
            crossed = ast.BinOp(_turned(right), op, _turned(left))
            yield made("transpose", "the whole product in {place} is transposed", crossed)
        case ast.Mult():
            yield made("factor", f"the factor {text(right)} is missing in {{place}}", left)
            yield made("factor", f"the factor {text(left)} is missing in {{place}}", right)
            yield made(
                "product",
                "a matrix product stands in {place} where a product entry by entry belongs",
                ast.BinOp(left, ast.MatMult(), right),
            )
            for factor in (right, left):
                twice = ast.BinOp(node, op, factor)
                yield made("factor", f"the factor {text(factor)} is in {{place}} twice", twice)
            yield made(
                "factor",
                f"{{place}} is divided by {text(right)}, not multiplied",
                ast.BinOp(left, ast.Div(), right),
            )
            yield made(
                "sum",
                f"{text(right)} is added in {{place}}, not multiplied by",
                ast.BinOp(left, ast.Add(), right),
            )
        case ast.Div():
            match left:
                case ast.Call(func=ast.Attribute(value=np_, attr="sum") as summed, args=[inside]):
                    everywhere = ast.Call(ast.Attribute(np_, "mean", ast.Load()), [inside], [])
                    words = "the mean over every entry stands in {place}, not over the examples"
                    yield made("function", words, everywhere)
                    del summed
            yield made("factor", f"the division by {text(right)} is missing in {{place}}", left)
            yield made(
                "factor",
                f"{{place}} is divided by {text(right)} twice",
                ast.BinOp(node, op, right),
            )
            yield made(
                "factor",
                f"{{place}} is multiplied by {text(right)}, not divided",
                ast.BinOp(left, ast.Mult(), right),
            )
            yield made(
                "order",
                "the quotient in {place} is upside down",
                ast.BinOp(right, op, left),
            )
        case ast.Add() | ast.Sub():
            plus = isinstance(op, ast.Add)
            yield made("sum", f"the term {text(right)} is missing in {{place}}", left)
            alone = right if plus else ast.UnaryOp(ast.USub(), right)
            yield made("sum", f"the term {text(left)} is missing in {{place}}", alone)
            yield made(
                "sign",
                f"{text(right)} is {'subtracted' if plus else 'added'} in {{place}}",
                ast.BinOp(left, ast.Sub() if plus else ast.Add(), right),
            )
            if not plus:
                yield made(
                    "sign",
                    "the difference in {place} is taken the other way round",
                    ast.BinOp(right, op, left),
                )
            else:
                minus = ast.BinOp(ast.UnaryOp(ast.USub(), left), ast.Add(), right)
                yield made("sign", f"{text(left)} has the wrong sign in {{place}}", minus)
            times = ast.BinOp(left, ast.Mult(), right)
            words = f"{text(times)} stands in {{place}} for {text(node)}"
            yield made("product", words, times)
        case ast.Pow():
            yield made("power", "the power in {place} is missing", left)
            yield made(
                "power",
                f"{{place}} has {text(right)} times {text(left)}, not its power",
                ast.BinOp(right, ast.Mult(), left),
            )
    yield from _without_brackets(node)


def _turned(node: ast.expr) -> ast.expr:
    if isinstance(node, ast.Attribute) and node.attr == "T":
        return node.value
    return ast.Attribute(node, "T", ast.Load())


def _without_brackets(node: ast.BinOp) -> Iterator[Change]:
    """What Python computes when the brackets around a sum are left out."""
    left, op, right = node.left, node.op, node.right
    sums = (ast.Add, ast.Sub)
    if isinstance(op, ast.Mult | ast.Div | ast.MatMult):
        if isinstance(right, ast.BinOp) and isinstance(right.op, sums):
            first = ast.BinOp(left, op, right.left)
            new = ast.BinOp(first, right.op, right.right)
            yield Change(
                "brackets", f"the brackets around {text(right)} are missing in {{place}}", node, new
            )
        if isinstance(right, ast.Compare):
            first = ast.BinOp(left, op, right.left)
            compared = ast.Compare(first, right.ops, right.comparators)
            words = f"the brackets around {text(right)} are missing in {{place}}"
            yield Change("brackets", words, node, compared)
        if isinstance(left, ast.BinOp) and isinstance(left.op, sums):
            last = ast.BinOp(left.right, op, right)
            new = ast.BinOp(left.left, left.op, last)
            yield Change(
                "brackets", f"the brackets around {text(left)} are missing in {{place}}", node, new
            )
        if isinstance(right, ast.BinOp) and isinstance(right.op, ast.Mult | ast.Div):
            first = ast.BinOp(left, op, right.left)
            new = ast.BinOp(first, right.op, right.right)
            yield Change(
                "brackets", f"the brackets around {text(right)} are missing in {{place}}", node, new
            )


def _of_an_index(node: ast.Subscript) -> Iterator[Change]:
    match node:
        case ast.Subscript(
            value=ast.Attribute(value=inner, attr="shape") as shape,
            slice=ast.Constant(value=int(axis)),
        ):
            other = 1 - axis if axis in (0, 1) else 0
            yield Change(
                "count",
                f"the number in {{place}} is {text(inner)}.shape[{other}], "
                f"which counts the {('rows', 'columns')[other]}",
                node,
                ast.Subscript(shape, ast.Constant(other), ast.Load()),
            )
            size = ast.Attribute(inner, "size", ast.Load())
            words = f"the number in {{place}} is {text(inner)}.size, which counts every entry"
            yield Change("count", words, node, size)
        case ast.Subscript(value=array, slice=ast.Name(id=name) as index) if name in ("l", "k"):
            for step, sign in ((ast.Sub(), "−"), (ast.Add(), "+")):
                moved = ast.BinOp(index, step, ast.Constant(1))
                yield Change(
                    "layer",
                    f"{text(array)}[{name} {sign} 1] stands in {{place}} for {text(node)}",
                    node,
                    ast.Subscript(array, moved, ast.Load()),
                )
        case ast.Subscript(value=array, slice=ast.BinOp(left=ast.Name(id="l" | "k") as index)):
            yield Change(
                "layer",
                f"{text(array)}[{index.id}] stands in {{place}} for {text(node)}",
                node,
                ast.Subscript(array, index, ast.Load()),
            )
