"""What a comparison shows, in words and in tables for a terminal. Each function returns text.

`rows` are what `Table.split` returns, and a `comparison` is that of rows.X and rows.y.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from logreg import inference, measures, numpy_model
from logreg._checks import shortened
from logreg.comparison import MOST_COLUMNS, Comparison
from logreg.minimum import way_to_minimum
from logreg.tables import PLAIN, Rows, Style

ALL_WEIGHTS, SOME_WEIGHTS = 100, 20  # a table has all of so many weights, or some of more
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}


def data(rows: Rows) -> str:
    """Tell how a table was read, split and scaled."""
    table = rows.table
    zero, one = table.classes
    lines = [
        f"{count(len(rows.X), 'row')} for training, {len(rows.X_test):,} for testing, "
        f"{count(len(table.names), 'feature')}.",
        f"Class 0 is {table.target} = {zero}, class 1 is {one}: precision and recall are those "
        f"of {one}.",
        "Weights are those of the columns scaled to mean 0 and deviation 1.",
    ]
    if table.style != PLAIN:
        lines.append(f"Read with {style(table.style)}.")
    lines += [f"Left out: {part}." for part in table.left_out]
    lines += [
        f"Text, so 0/1 for each value but the first, {shortened(column.values[0], 40)!r}: "
        f"{column.name}."
        for column in table.columns
        if column.values is not None
    ]
    constant = [name for name, d in zip(table.names, rows.deviation, strict=True) if d == 0]
    if constant:
        lines.append(
            f"Constant in the training rows, so scaled to 0, and the weight tells nothing: "
            f"{', '.join(constant[:20])}{', ...' if len(constant) > 20 else ''}."
        )
    for name, column in zip(table.names, table.X.T, strict=True):
        steps = np.diff(column)  # some are 2, where a row was left out
        if len(column) > 2 and steps.min() >= 1 and np.median(steps) == 1:
            lines.append(f"Column {name!r} counts the rows: unless it means something, drop it.")
    return "\n".join(lines)


def style(style: Style) -> str:
    """Tell how a file is written, in words."""
    between = DELIMITERS.get(style.delimiter, repr(style.delimiter))
    signs = {",": "commas", ".": "points"}
    text = f"{between} between the columns and decimal {signs.get(style.decimal, style.decimal)}"
    if style.thousands is not None:
        text += f", {signs.get(style.thousands, style.thousands)} between thousands"
    return text


def numbers(comparison: Comparison, rows: Rows, *, threshold: float = 0.5, digits: int = 4) -> str:
    """Tell costs, measures and weights of both models, their difference, and those of the minimum.

    Args:
        threshold: in [0, 1]; a probability of at least that predicts class 1.
        digits: of each number.
    """
    ends: list[Any] = [comparison.numpy, comparison.keras]
    costs = [trained.costs[-1] for trained in ends]
    if comparison.minimum:
        ends.append(comparison.minimum)
        costs.append(comparison.minimum.cost)
    training = comparison.probabilities(rows.X).values()
    gradients = [
        np.vstack(numpy_model.gradients(end.weights, end.bias, **comparison.cost)) for end in ends
    ]
    lines = [
        ("cost before", comparison.numpy.costs[0], comparison.keras.costs[0]),
        ("cost after", *costs),
        ("gradient norm", *map(np.linalg.norm, gradients)),
        ("accuracy", *(measures.accuracy(rows.y, p >= threshold) for p in training)),
    ]
    if len(rows.X_test):
        y, found = rows.y_test, comparison.probabilities(rows.X_test).values()
        for name in ("accuracy", "precision", "recall"):
            measure = getattr(measures, name)
            lines.append((f"{name}, held out", *(measure(y, p >= threshold) for p in found)))
        lines.append(("AUC, held out", *(measures.roc_auc(y, p) for p in found)))
    names = rows.table.names
    shown, note = range(len(names)), ""
    if len(names) > ALL_WEIGHTS:
        largest = np.argsort(-np.abs(comparison.numpy.weights[:, 0]), kind="stable")
        shown = largest[:SOME_WEIGHTS]
        note = f"\nOf {len(names):,} weights, these are the {SOME_WEIGHTS} largest."
    lines += [(f"weight of {names[i]}", *(end.weights[i, 0] for end in ends)) for i in shown]
    lines.append(("bias", *(end.bias[0, 0] for end in ends)))

    first, width = max(len(what) for what, *_ in lines), digits + 8
    heads = ["NumPy", "Keras", "difference", "minimum"][: len(ends) + 1]
    text = [f"{'':{first}}" + "".join(f"{head:>{max(width, 12)}}" for head in heads)]
    for what, by_numpy, by_keras, *at_minimum in lines:
        cells = [f"{value:#.{digits}g}" for value in (by_numpy, by_keras, *at_minimum)]
        cells.insert(2, f"{by_keras - by_numpy:.1e}")
        text.append(f"{what:{first}}" + "".join(f"{cell:>{max(width, 12)}}" for cell in cells))
    return "\n".join(text) + note


def estimates_of(comparison: Comparison, rows: Rows) -> inference.Estimates | str:
    """Return the weights' `Estimates` at the minimum; or why there are none, in words."""
    if len(rows.table.names) > ALL_WEIGHTS:
        return f"Of more than {ALL_WEIGHTS} weights no standard errors are told."
    if comparison.minimum is None:
        return "There is no minimum, so no weights to be told with errors."
    if comparison.cost["penalty"]:
        return "With a penalty, which pulls weights to 0, they have no standard errors."
    if np.ptp(comparison.cost["sample_weight"]) > 0:
        return "With rows that count differently, weights have no standard errors here."
    names = rows.table.names
    for j, others in inference.dependent_columns(rows.X).items():
        return (
            f"Column {names[j]!r} depends on {', '.join(names[i] for i in others)}: which has what "
            "weight is a\nmatter of choice (here they are the smallest), so they have no standard "
            "errors. Drop it."
        )
    return inference.estimates(rows.X, comparison.minimum, rows.mean, rows.deviation)


def weights(comparison: Comparison, rows: Rows) -> str:
    """Tell the weights at the minimum in the table's own units, with their standard errors."""
    found = estimates_of(comparison, rows)
    if isinstance(found, str):
        return found
    names = [*rows.table.names, "bias"]
    ratios = [f"{ratio:.4g}" for ratio in found.odds_ratios] + [""]
    first = max(map(len, names))
    heads = ("weight", "std. error", "95 % from", "to", "odds ratio")
    which = f", of the {len(rows.X):,} training rows" if len(rows.X_test) else ""
    lines = [
        f"At the minimum{which}, in the table's own units:",
        f"{'':{first}}" + "".join(f"{head:>12}" for head in heads),
    ]
    numbers = zip(found.weights, found.errors, *found.intervals.T, strict=True)
    for name, values, ratio in zip(names, numbers, ratios, strict=True):
        # A constant column has no error.
        cells = [*(f"{value:.4g}" if value == value else "–" for value in values), ratio]
        lines.append((f"{name:{first}}" + "".join(f"{cell:>12}" for cell in cells)).rstrip())
    return "\n".join(lines)


def progress(comparison: Comparison, names: Sequence[str] | None = None) -> str:
    """Tell how far from the minimum the training ended, and what to try.

    Args:
        names: of the columns, or None.
    """
    if comparison.rise:
        rose = "Training diverged, the cost rose from {:.4g} to {:.4g}: lower the learning rate."
        return f"{rose.format(*comparison.rise)}\n{where_it_ended(comparison, names)}"
    return where_it_ended(comparison, names)


def where_it_ended(comparison: Comparison, names: Sequence[str] | None) -> str:
    """Tell what `progress` does, but for a cost that rose."""
    minimum = comparison.minimum
    if minimum is None:
        if len(comparison.numpy.weights) > MOST_COLUMNS:
            return f"Of more than {MOST_COLUMNS:,} columns the minimum is not looked for."
        if np.ptp(comparison.cost["y"]) == 0:
            return (
                "All rows are of one class: the cost has no minimum, and falls as the bias grows."
            )
        if comparison.cost["penalty"]:
            return "Float64 is too coarse to find the minimum of the cost: a larger penalty helps."
        alone = inference.separating_columns(comparison.cost["X"], comparison.cost["y"])
        if names is not None and alone:
            some = ", ".join(repr(shortened(names[j], 40)) for j in alone[:10])
            some += ", ..." if len(alone) > 10 else ""
            return (
                f"The classes are separated by {some} alone: all its values of one class are at\n"
                "most those of the other. Does it say what is to be predicted? The cost has no\n"
                "minimum then, it falls for ever as the weight grows. Drop it, or with a penalty\n"
                "of 1 there is one."
            )
        return (
            "The classes are separable: some weighted sum of the columns has no training row on\n"
            "the wrong side. The cost has no minimum then, it falls for ever as the weights grow.\n"
            "With a penalty of 1 there is one."
        )
    above = comparison.numpy.costs[-1] - minimum.cost
    if above < 1e-9:
        return f"The cost has reached its minimum, {minimum.cost:.4g}."
    found = advice(comparison)
    if found is None:
        return f"The cost is {above:.2g} above its minimum, {minimum.cost:.4g}."
    rate, epochs = found
    return (
        f"The cost is {above:.2g} above its minimum, {minimum.cost:.4g}. To come near: a learning "
        f"rate of {rate:g}\nand {epochs:,} epochs"
        + (", or a penalty, which makes it fewer." if epochs > 100_000 else ".")
    )


def advice(comparison: Comparison) -> tuple[float, int] | None:
    """Return a learning rate and a number of epochs, two digits of each, that end near the minimum.

    None where it has been reached, or there is none.
    """
    minimum, options = comparison.minimum, dict(comparison.cost)
    if minimum is None or comparison.numpy.costs[-1] - minimum.cost < 1e-9:
        return None
    del options["y"]
    return two_digits(*way_to_minimum(minimum=minimum, **options))


def two_digits(rate: float, epochs: int) -> tuple[float, int]:
    """Return a learning rate and a number of epochs, rounded up, with two digits each."""
    tens = 10 ** max(len(str(epochs)) - 2, 0)
    return float(f"{rate:.2g}"), math.ceil(epochs / tens) * tens


def held_out(rows: Rows, probabilities: np.ndarray, *, threshold: float = 0.5) -> str:
    """Tell the confusion matrix of the rows held out, and what a constant guess would get.

    Args:
        probabilities: (k, 1), what a model gives rows.X_test.
        threshold: in [0, 1]; a probability of at least that predicts class 1.
    """
    classes = [shortened(name, 30) for name in rows.table.classes]
    names = [f"{shortened(rows.table.target, 30)} = {name}" for name in classes]
    heads = [f"predicted {name}" for name in classes]
    first = max(map(len, names))
    lines = [f"{'held out':{first}}  {heads[0]}  {heads[1]}"]
    predicted = probabilities >= threshold
    matrix = measures.confusion_matrix(rows.y_test, predicted)
    for name, cells in zip(names, matrix, strict=True):
        cells = [f"{n:{len(head)},}" for n, head in zip(cells, heads, strict=True)]
        lines.append(f"{name:{first}}  {cells[0]}  {cells[1]}")
    (true_0, false_1), (false_0, true_1) = matrix.tolist()
    shares = {
        "accuracy": (true_0 + true_1, len(rows.y_test)),
        "precision": (true_1, true_1 + false_1),
        "recall": (true_1, true_1 + false_0),
    }
    told = [
        "{} {:.2f} to {:.2f}".format(name, *measures.share_interval(*counts))
        for name, counts in shares.items()
    ]
    low, high = measures.roc_auc_interval(rows.y_test, probabilities)
    if low <= high:
        told.append(f"AUC {low:.2f} to {high:.2f}")
    lines.append(f"Of so many rows, with 95 % confidence: {', '.join(told)}.")
    larger = int(rows.y.mean() >= 0.5)
    share = np.mean(rows.y_test == larger)
    lines.append(
        f"Always guessing {classes[larger]}, the larger class of the training rows, is right for "
        f"{share:.4g} of them."
    )
    if predicted.min() == predicted.max():
        lines.append(f"The model says {classes[int(predicted.max())]} to every row.")
    if rows.y_test.min() == rows.y_test.max():
        lines.append("They are all of one class, which leaves no AUC and no picture of them.")
    return "\n".join(lines)


def count(n: int, what: str) -> str:
    """Return "1 row", "2 rows"."""
    return f"{n:,} {what}{'' if n == 1 else 's'}"
