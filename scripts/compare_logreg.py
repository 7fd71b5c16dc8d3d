"""Train logistic regression in NumPy and in Keras, step for step the same, and compare them.

With --csv, on a table of your own; with --predict, use the model that such a run saved.
"""

import argparse
import io
import math
import pathlib
import shlex
import sys
import types
import warnings

from _common import (
    Parser,
    list_files,
    make_folder,
    number,
    quiet_start,
    run,
    seed,
    set_seed,
    whole_number,
)

MODEL = "logreg.npz"
PREDICTIONS = "predictions.csv"
MOST, LARGEST = 100, 20  # weights that are printed: all of so many, or the largest of more
FILES = (
    "costs.png",
    "decision.png",
    "activations.png",
    "cost_surfaces.png",
    "neuron.png",
    "roc.png",
    "calibration.png",
    "model.png",
    "logreg.keras",
    MODEL,
)


def parse_arguments():
    parser = Parser(__doc__)
    parser.add_argument(
        "--csv",
        metavar="FILE",
        help="a CSV file with a header line and numbers, standardised before training; by "
        "default the notebook's 100 points in the plane",
    )
    parser.add_argument(
        "--target", metavar="COLUMN", help="the column of the CSV file with the two classes"
    )
    parser.add_argument(
        "--drop",
        metavar="COLUMN",
        action="append",
        default=[],
        help="a column of the CSV file to leave out; may be given again",
    )
    parser.add_argument(
        "--delimiter",
        type=delimiter,
        help="what is between two columns: a character, or 'tab'; by default a comma, semicolon "
        "or tab is found",
    )
    parser.add_argument(
        "--predict",
        metavar="FILE",
        help="give each row of this CSV file a probability and a class, by the model that an "
        "earlier run saved in the --output folder, at its threshold",
    )
    parser.add_argument(
        "--epochs", type=whole_number(1), default=1000, help="steps on all training rows at once"
    )
    parser.add_argument(
        "--learning-rate",
        type=number(0, math.inf, open_low=True),
        default=0.01,
        help="size of a step",
    )
    parser.add_argument(
        "--penalty",
        type=number(0, math.inf),
        default=0.0,
        help="L2: that of scikit-learn's C = 1 / penalty; 0 for none",
    )
    parser.add_argument(
        "--balanced",
        action="store_true",
        help="weigh the rows so that both classes count alike in training",
    )
    parser.add_argument(
        "--threshold",
        type=number(0, 1),
        default=0.5,
        help="a probability of at least this predicts class 1",
    )
    parser.add_argument(
        "--dtype", choices=("float64", "float32"), default="float64", help="what both compute in"
    )
    parser.add_argument(
        "--seed",
        type=seed,
        default=0,
        help="a whole number, or 'random' to draw one: of the data, the split, the first weights",
    )
    parser.add_argument(
        "--test-fraction",
        type=number(0, 1, open_low=True, open_high=True),
        default=0.25,
        help="share of the CSV file's rows that is held out for testing",
    )
    parser.add_argument(
        "--digits", type=whole_number(1), default=4, help="of the numbers printed; 17 are all"
    )
    parser.add_argument("--output", default="outputs/logreg", help="folder for the files")
    args = parser.parse_args()
    if args.predict is not None and (args.csv is not None or args.target is not None):
        parser.error("--predict uses a model that is trained: leave out --csv and --target")
    if (args.csv is None) != (args.target is None):
        parser.error("--csv and --target need each other")
    if args.digits > 17:
        parser.error("argument --digits: a number has 17 at most")
    return args


def delimiter(text):
    """Argument type: what is between two columns."""
    text = {"tab": "\t", "\\t": "\t"}.get(text, text)
    if len(text) != 1 or text in '"\r\n\0':
        raise argparse.ArgumentTypeError(
            f"must be one character, and no quotation mark, or 'tab', got {text!r}"
        )
    return text


def main():
    args = parse_arguments()
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal may lack letters that a table has
        sys.stdout.reconfigure(errors="backslashreplace")
    # What is wrong with a table is said before the seconds that Keras takes.
    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
    (predict if args.predict is not None else train)(args)


def predict(args):
    from logreg import Classifier, data

    output = pathlib.Path(args.output)
    try:
        classifier = Classifier.load(output / MODEL)
    except FileNotFoundError:
        raise ValueError(
            f"there is no {output / MODEL} to predict with: train it by --csv and --target, or "
            f"say where it is by --output"
        ) from None
    X, between, decimal = data.load_rows(
        args.predict,
        classifier.names,
        ignore=[classifier.target, *args.drop],
        delimiter=args.delimiter,
    )
    file = make_folder(output, [PREDICTIONS]) / PREDICTIONS
    probabilities, labels = classifier.forward(X)[:, 0], classifier.predict(X)
    one = f"{classifier.target} = {classifier.classes[1]}"
    rows = zip(range(1, len(X) + 1), probabilities.tolist(), labels.tolist(), strict=True)
    data.save_csv(file, ("row", "probability", "class"), rows, between, decimal)
    ones = (labels == classifier.classes[1]).sum()
    print(f"{count(len(X), 'row')}; {ones:,} with {one}, from a probability of ", end="")
    print(f"{classifier.threshold:g} on. 'probability' is that of {one}.")
    list_files([file])


def train(args):
    set_seed(args.seed)
    rows = load(args)
    output = make_folder(args.output, FILES)
    with quiet_start():
        from matplotlib import pyplot

        from gan1d import save_diagram
        from gan1d.runs.files import written_whole
        from logreg import Classifier, compare
        from logreg.keras_model import scaled_logistic_regression

    print(f"Seed: {args.seed}")
    describe(args, rows)
    comparison = compare(
        rows.X,
        rows.y,
        learning_rate=args.learning_rate,
        epochs=args.epochs,
        threshold=args.threshold,
        penalty=args.penalty,
        class_weight="balanced" if args.balanced else None,
        dtype=args.dtype,
    )
    held_out = None if rows.X_test is None else predictions(args, comparison, rows.X_test)
    print_table(table_rows(args, rows, comparison, held_out), args.digits)
    print(f"\n{progress(args, comparison)}")
    if held_out:
        print_confusion(args, rows, held_out["NumPy"])

    classifier = Classifier(
        comparison.numpy.model,
        rows.names,
        rows.target,
        rows.classes,
        rows.mean,
        rows.deviation,
        args.threshold,
    )
    keras_model = scaled_logistic_regression(
        comparison.keras.weights,
        comparison.keras.bias,
        rows.mean,
        rows.deviation,
        args.learning_rate,
    )
    figures = draw(args, rows, comparison, held_out, classifier)
    writers = {name: figure.savefig for name, figure in figures.items()}
    writers["model.png"] = lambda file: save_diagram(comparison.keras.model, file)
    writers["logreg.keras"] = keras_model.save
    writers[MODEL] = classifier.save
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph")  # a name in letters that the font lacks
        for name, write in writers.items():
            with written_whole(output / name) as temporary:
                write(temporary)
    for figure in figures.values():
        pyplot.close(figure)
    list_files(output / name for name in writers)


def load(args):
    """Return the rows to train on and to test on, and what to call things."""
    from logreg import data

    if args.csv is None:
        X, y = data.sample_data()
        return types.SimpleNamespace(
            unscaled=X,
            X=X,
            y=y,
            X_test=None,
            names=["x1", "x2"],
            target="class",
            classes=("0", "1"),
            mean=0 * X[0],
            deviation=0 * X[0] + 1,
        )
    table = data.load_csv(args.csv, args.target, delimiter=args.delimiter, drop=args.drop)
    X, X_test, y, y_test = data.split(table.X, table.y, args.test_fraction)
    if y.min() == y.max():
        raise ValueError(
            f"the training rows are all {table.classes[int(y.max())]}: choose another --seed or "
            f"--test-fraction"
        )
    mean, deviation = data.scaling(X)
    return types.SimpleNamespace(
        table=table,
        unscaled=X,
        X=data.scaled(X, mean, deviation),
        y=y,
        X_test=data.scaled(X_test, mean, deviation),
        y_test=y_test,
        names=table.names,
        target=args.target,
        classes=table.classes,
        mean=mean,
        deviation=deviation,
    )


def describe(args, rows):
    """Print how the table was read."""
    if rows.X_test is None:
        return
    table = rows.table
    print(
        f"{count(len(rows.X), 'row')} for training, {len(rows.X_test):,} for testing, "
        f"{count(len(rows.names), 'feature')}."
    )
    print(f"Class 0 is {args.target} = {rows.classes[0]}, class 1 is {rows.classes[1]}.")
    print("Weights are those of the columns scaled to mean 0 and deviation 1.")
    if table.delimiter != "," or table.decimal != ".":
        what = {",": "commas", ";": "semicolons", "\t": "tabs"}.get(
            table.delimiter, repr(table.delimiter)
        )
        sign = "commas" if table.decimal == "," else "points"
        print(f"Read with {what} between the columns and decimal {sign}.")
    if set(table.left_out) - set(args.drop):
        name = table.left_out[0] or "which has no name"
        print(f"Left out: the first column, {name}: it numbers the rows.")
    for name, column, deviation in zip(rows.names, table.X.T, rows.deviation, strict=True):
        if deviation == 0:
            print(f"Column {name!r} is constant in the training rows: standardised to 0.")
        elif len(column) > 2 and (column[1:] - column[:-1] == 1).all():
            print(
                f"Column {name!r} counts the rows: unless it means something, leave it out "
                f"(--drop {shlex.quote(name)})."
            )


def predictions(args, comparison, X):
    """Return the probabilities that both models, and the minimum if there is one, give X."""
    from keras import ops

    from logreg import LogisticRegressionNN
    from logreg.keras_model import default_float

    with default_float(args.dtype):
        by_keras = ops.convert_to_numpy(comparison.keras.model(X.astype(args.dtype)))
    found = {"NumPy": comparison.numpy.model.forward(X), "Keras": by_keras}
    if comparison.minimum:
        there = LogisticRegressionNN.of(comparison.minimum.weights, comparison.minimum.bias)
        found["minimum"] = there.forward(X)
    return found


def table_rows(args, rows, comparison, held_out):
    """Return the rows (what, NumPy's, Keras's, the minimum's) of the table that is printed.

    The last is missing where there is no minimum.
    """
    import numpy as np

    from logreg import LogisticRegressionNN, measures

    ends = [(unit.weights, unit.bias) for unit in (comparison.numpy, comparison.keras)]
    minimum = comparison.minimum
    if minimum:
        ends.append((minimum.weights, minimum.bias))
    units = [LogisticRegressionNN.of(*end) for end in ends]
    gradients = [unit.compute_gradients(**comparison.cost) for unit in units]
    table = [
        ("cost before", comparison.numpy.costs[0], comparison.keras.costs[0]),
        (
            "cost after",
            comparison.numpy.costs[-1],
            comparison.keras.costs[-1],
            *([minimum.cost] if minimum else []),
        ),
        ("gradient norm", *(np.linalg.norm(np.vstack(pair)) for pair in gradients)),
        ("accuracy", *(np.mean(u.predict(rows.X, args.threshold) == rows.y) for u in units)),
    ]
    if held_out:
        y = rows.y_test
        for name in ("accuracy", "precision", "recall"):
            of = getattr(measures, name)
            ours = [of(y, (p >= args.threshold).astype(int)) for p in held_out.values()]
            table.append((f"{name}, held out", *ours))
        table.append(("AUC, held out", *(measures.roc_auc(y, p) for p in held_out.values())))
    order = range(len(rows.names))
    if len(order) > MOST:
        order = np.argsort(-np.abs(comparison.numpy.weights[:, 0]), kind="stable")[:LARGEST]
        print(f"\nOf {len(rows.names):,} weights, the {LARGEST} largest; {MODEL} has all.")
    for i in order:
        table.append((f"weight of {rows.names[i]}", *(weights[i, 0] for weights, _ in ends)))
    return [*table, ("bias", *(bias[0, 0] for _, bias in ends))]


def print_table(table, digits):
    """Print rows (what, NumPy's, Keras's, the minimum's) with the difference of the two models."""
    width = max(len(what) for what, *_ in table)
    across = digits + 8
    heads = ["NumPy", "Keras", "difference", "minimum"][: max(map(len, table))]
    numpy, keras, difference, *rest = heads
    print(
        f"\n{'':{width}}{numpy:>{across}}{keras:>{across}}  {difference}"
        + "".join(f"{head:>{across}}" for head in rest)
    )
    for what, by_numpy, by_keras, *minimum in table:
        numbers = [f"{value:#.{digits}g}".rjust(across) for value in (by_numpy, by_keras, *minimum)]
        numbers.insert(2, f"  {by_keras - by_numpy:10.1e}")
        print(f"{what:{width}}{''.join(numbers)}")


def progress(args, comparison):
    """Return how far from the minimum the training ended, and what to try."""
    from logreg.minimum import way_to_minimum

    minimum = comparison.minimum
    if minimum is None:
        return (
            "The classes are separable: some weighted sum of the columns has no training row on\n"
            "the wrong side. The cost has no minimum then, it falls for ever as the weights grow.\n"
            "With --penalty 1 there is one."
        )
    above = comparison.numpy.costs[-1] - minimum.cost
    if above < 1e-9:
        return f"The cost has reached its minimum, {minimum.cost:.4g}."
    reached = f"The cost is {above:.2g} above its minimum, {minimum.cost:.4g}."
    of = {name: comparison.cost[name] for name in ("X", "penalty", "sample_weight")}
    rate, epochs = way_to_minimum(minimum=minimum, **of)
    epochs = math.ceil(epochs / 10 ** (len(str(epochs)) - 2)) * 10 ** (len(str(epochs)) - 2)
    advice = f"{reached} To come near: --learning-rate {rate:.2g} --epochs {int(epochs)}"
    if epochs > 100_000:
        advice += ",\nor a --penalty, which makes it fewer"
    return f"{advice}."


def print_confusion(args, rows, probabilities):
    """Print the confusion matrix of the held-out rows, and what a constant guess would get."""
    from logreg import measures

    labels = [shortened(label) for label in rows.classes]
    target = shortened(args.target)
    predicted = (probabilities >= args.threshold).astype(int)
    heads = [f"predicted {label}" for label in labels]
    width = max(len(f"{target} = {label}") for label in labels)
    print(f"\n{'held out':{width}}  {heads[0]}  {heads[1]}")
    matrix = measures.confusion_matrix(rows.y_test, predicted)
    for label, of_it in zip(labels, matrix, strict=True):
        cells = [f"{n:{len(head)},}" for n, head in zip(of_it, heads, strict=True)]
        print(f"{f'{target} = {label}':{width}}  {'  '.join(cells)}")
    larger = int(rows.y.mean() >= 0.5)
    share = (rows.y_test == larger).mean()
    print(f"Always guessing {labels[larger]}, the larger class, is right for {share:.4g} of them.")
    if predicted.min() == predicted.max():
        print(f"The model says {labels[int(predicted.max())]} to every row.")


def draw(args, rows, comparison, held_out, classifier):
    """Return the pictures: the names of their files, each with a figure."""
    from logreg import plots

    labels = [f"{rows.target} = {label}" for label in rows.classes]
    weights, bias = comparison.numpy.weights, comparison.numpy.bias
    figures = {"costs.png": plots.plot_costs(comparison)}
    figures["decision.png"] = plots.plot_decision(
        rows.unscaled,
        rows.y,
        *classifier.unscaled(),
        threshold=args.threshold,
        names=rows.names,
        classes=labels,
    ).figure
    if held_out is None:  # what the notebook shows, of no table
        figures["activations.png"] = plots.plot_activations()
        figures["cost_surfaces.png"] = plots.plot_cost_surfaces(rows.X, rows.y)
        figures["neuron.png"] = plots.plot_neuron().figure
        return figures
    unit = {"names": [f"{name}, scaled" for name in rows.names], "weights": weights, "bias": bias}
    figures["cost_surfaces.png"] = plots.plot_cost_surfaces(rows.X, rows.y, **unit)
    figures["neuron.png"] = plots.plot_neuron(len(rows.names), **unit).figure
    if rows.y_test.min() < rows.y_test.max():
        test = rows.y_test, held_out["NumPy"]
        names = {"classes": labels}
        figures["roc.png"] = plots.plot_roc(*test, threshold=args.threshold, **names).figure
        figures["calibration.png"] = plots.plot_calibration(*test, **names).figure
    return figures


def count(n, what):
    """Return "1 row", "2 rows"."""
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def shortened(text, length=30):
    return text if len(text) <= length else text[: length - 3] + "..."


if __name__ == "__main__":
    run(main)
