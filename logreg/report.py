"""What a comparison shows, in words and in tables for a terminal. Each function returns text."""

import math
import shlex

import numpy as np

from logreg import measures
from logreg._checks import shortened
from logreg.minimum import way_to_minimum
from logreg.numpy_model import LogisticRegressionNN

MOST, LARGEST = 100, 20  # weights in a table: all of so many, or the largest of more


def data(rows):
    """Tell how a table was read, split and scaled.

    Args:
        rows: as `Table.split` returns them.
    """
    table = rows.table
    zero, one = table.classes
    lines = [
        f"{count(len(rows.X), 'row')} for training, {len(rows.X_test):,} for testing, "
        f"{count(len(table.names), 'feature')}.",
        f"Class 0 is {table.target} = {zero}, class 1 is {one}: precision and recall are those "
        f"of {one}.",
        "Weights are those of the columns scaled to mean 0 and deviation 1.",
    ]
    if (table.delimiter, table.decimal) != (",", "."):
        between = {",": "commas", ";": "semicolons", "\t": "tabs"}
        between = between.get(table.delimiter, repr(table.delimiter))
        sign = "commas" if table.decimal == "," else "points"
        lines.append(f"Read with {between} between the columns and decimal {sign}.")
    if table.index is not None:
        lines.append(
            f"Left out: the first column, {table.index or 'which has no name'}: taken for numbers "
            f"of the rows."
        )
    constant = [name for name, d in zip(table.names, rows.deviation, strict=True) if d == 0]
    if constant:
        lines.append(
            f"Constant in the training rows, so scaled to 0, and the weight tells nothing: "
            f"{', '.join(constant[:LARGEST])}{', ...' if len(constant) > LARGEST else ''}."
        )
    if len(table.X) > 2:
        for name, column in zip(table.names, table.X.T, strict=True):
            if (np.diff(column) == 1).all():
                lines.append(
                    f"Column {name!r} counts the rows: unless it means something, leave it out "
                    f"(--drop {shlex.quote(name)})."
                )
    return "\n".join(lines)


def numbers(comparison, rows, *, threshold=0.5, digits=4):
    """Tell costs, measures and weights of both models, their difference, and those of the minimum.

    Args:
        comparison: of rows.X and rows.y.
        rows: as `Table.split` returns them.
        threshold: in [0, 1]; a probability of at least that predicts class 1.
        digits: of each number.
    """
    ends = [comparison.numpy, comparison.keras]
    costs = [trained.costs[-1] for trained in ends]
    if comparison.minimum:
        ends.append(comparison.minimum)
        costs.append(comparison.minimum.cost)
    units = [LogisticRegressionNN.of(end.weights, end.bias) for end in ends]
    gradients = [np.vstack(unit.compute_gradients(**comparison.cost)) for unit in units]
    lines = [
        ("cost before", comparison.numpy.costs[0], comparison.keras.costs[0]),
        ("cost after", *costs),
        ("gradient norm", *map(np.linalg.norm, gradients)),
        ("accuracy", *(np.mean(unit.predict(rows.X, threshold) == rows.y) for unit in units)),
    ]
    if len(rows.X_test):
        y, found = rows.y_test, comparison.probabilities(rows.X_test).values()
        for name in ("accuracy", "precision", "recall"):
            measure = getattr(measures, name)
            lines.append((f"{name}, held out", *(measure(y, p >= threshold) for p in found)))
        lines.append(("AUC, held out", *(measures.roc_auc(y, p) for p in found)))
    names = rows.table.names
    shown, note = range(len(names)), ""
    if len(names) > MOST:
        shown = np.argsort(-np.abs(comparison.numpy.weights[:, 0]), kind="stable")[:LARGEST]
        note = f"\nOf {len(names):,} weights, these are the {LARGEST} largest."
    lines += [(f"weight of {names[i]}", *(end.weights[i, 0] for end in ends)) for i in shown]
    lines.append(("bias", *(end.bias[0, 0] for end in ends)))

    first, across = max(len(what) for what, *_ in lines), digits + 8
    heads = ["NumPy", "Keras", "difference", *(["minimum"] if comparison.minimum else [])]
    widths = [across, across, 12, across]
    text = ["".join(["".ljust(first), *(h.rjust(w) for h, w in zip(heads, widths, strict=False))])]
    for what, by_numpy, by_keras, *there in lines:
        cells = [f"{value:#.{digits}g}" for value in (by_numpy, by_keras, *there)]
        cells.insert(2, f"{by_keras - by_numpy:.1e}")
        cells = [cell.rjust(width) for cell, width in zip(cells, widths, strict=False)]
        text.append("".join([what.ljust(first), *cells]))
    return "\n".join(text) + note


def progress(comparison):
    """Tell how far from the minimum the training ended, and what to try."""
    minimum = comparison.minimum
    if minimum is None:
        if np.ptp(comparison.cost["y"]) == 0:
            return (
                "All rows are of one class: the cost has no minimum, and falls as the bias grows."
            )
        if comparison.cost["penalty"]:
            return (
                "Float64 is too coarse to find the minimum of the cost: a larger --penalty helps."
            )
        return (
            "The classes are separable: some weighted sum of the columns has no training row on\n"
            "the wrong side. The cost has no minimum then, it falls for ever as the weights grow.\n"
            "With --penalty 1 there is one."
        )
    above = comparison.numpy.costs[-1] - minimum.cost
    if above < 1e-9:
        return f"The cost has reached its minimum, {minimum.cost:.4g}."
    of = {name: comparison.cost[name] for name in ("X", "penalty", "sample_weight")}
    rate, epochs = way_to_minimum(minimum=minimum, **of)
    tens = 10 ** (len(str(epochs)) - 2)  # two digits will do
    return (
        f"The cost is {above:.2g} above its minimum, {minimum.cost:.4g}. To come near: "
        f"--learning-rate {rate:.2g} --epochs {int(math.ceil(epochs / tens) * tens)}"
        + (",\nor a --penalty, which makes it fewer." if epochs > 100_000 else ".")
    )


def held_out(rows, probabilities, *, threshold=0.5):
    """Tell the confusion matrix of the rows held out, and what a constant guess would get.

    Args:
        rows: as `Table.split` returns them.
        probabilities: (k, 1), what a model gives rows.X_test.
        threshold: in [0, 1]; a probability of at least that predicts class 1.
    """
    classes = [shortened(name, 30) for name in rows.table.classes]
    names = [f"{shortened(rows.table.target, 30)} = {name}" for name in classes]
    heads = [f"predicted {name}" for name in classes]
    first = max(map(len, names))
    lines = [f"{'held out':{first}}  {heads[0]}  {heads[1]}"]
    predicted = probabilities >= threshold
    for name, cells in zip(names, measures.confusion_matrix(rows.y_test, predicted), strict=True):
        cells = [f"{n:{len(head)},}" for n, head in zip(cells, heads, strict=True)]
        lines.append(f"{name:{first}}  {cells[0]}  {cells[1]}")
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


def count(n, what):
    """Return "1 row", "2 rows"."""
    return f"{n:,} {what}{'' if n == 1 else 's'}"
