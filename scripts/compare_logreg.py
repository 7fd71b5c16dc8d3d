"""Train logistic regression in NumPy and in Keras, step for step the same, and compare them.

With --csv, on a table of your own; with --predict, use the model that such a run saved.
"""

import argparse
import math
import pathlib
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
    (predict if args.predict is not None else train)(args)


def predict(args):
    from logreg import Classifier
    from logreg.tables import load_rows, save_csv

    output = pathlib.Path(args.output)
    try:
        classifier = Classifier.load(output / MODEL)
    except FileNotFoundError:
        raise ValueError(
            f"there is no {output / MODEL} to predict with: train it by --csv and --target, or "
            f"say where it is by --output"
        ) from None
    X, between, decimal = load_rows(
        args.predict,
        classifier.names,
        ignore=[classifier.target, *args.drop],
        delimiter=args.delimiter,
    )
    file = make_folder(output, [PREDICTIONS]) / PREDICTIONS
    probabilities, labels = classifier.forward(X)[:, 0], classifier.predict(X)
    rows = zip(range(1, len(X) + 1), probabilities.tolist(), labels.tolist(), strict=True)
    save_csv(file, ("row", "probability", "class"), rows, between, decimal)
    one = classifier.classes[1]
    print(
        f"Probabilities of {classifier.target} = {one}; from {classifier.threshold:g} on the "
        f"class is {one}: {(labels == one).sum():,} of {len(X):,}."
    )
    list_files([file])


def train(args):
    set_seed(args.seed)
    rows = load(args)  # what is wrong with a table is said before the seconds that Keras takes
    output = make_folder(args.output, FILES)
    with quiet_start():
        from matplotlib import pyplot

        from gan1d import save_diagram
        from gan1d.runs.files import written_whole
        from logreg import Classifier, compare, report
        from logreg.keras_model import scaled_logistic_regression

    print(f"Seed: {args.seed}")
    if args.csv is not None:
        print(report.data(rows))
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
    numbers = report.numbers(comparison, rows, threshold=args.threshold, digits=args.digits)
    print(f"\n{numbers}\n\n{report.progress(comparison)}")
    held_out = None
    if len(rows.X_test):
        held_out = comparison.numpy.model.forward(rows.X_test)
        print(f"\n{report.held_out(rows, held_out, threshold=args.threshold)}")

    table, scaling = rows.table, (rows.mean, rows.deviation)
    classifier = Classifier(
        comparison.numpy.model, table.names, table.target, table.classes, *scaling, args.threshold
    )
    by_keras = scaled_logistic_regression(
        comparison.keras.weights, comparison.keras.bias, *scaling, args.learning_rate
    )
    figures = draw(rows, comparison, held_out, classifier)
    writers = {name: figure.savefig for name, figure in figures.items()}
    writers["model.png"] = lambda file: save_diagram(comparison.keras.model, file)
    writers["logreg.keras"] = by_keras.save
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
    """Return the rows of the table, or of the notebook's, of which none is held out or scaled."""
    import numpy as np

    from logreg import load_csv, sample_data
    from logreg.tables import Rows, Table

    if args.csv is not None:
        table = load_csv(args.csv, args.target, delimiter=args.delimiter, drop=args.drop)
        return table.split(args.test_fraction)
    X, y = sample_data()
    table = Table(X, y, ["x1", "x2"], "class", ("0", "1"))
    return Rows(table, X, y, X[:0], y[:0], np.zeros(2), np.ones(2))


def draw(rows, comparison, held_out, classifier):
    """Return the pictures: the names of their files, each with a figure.

    Of the notebook's data those that it shows, and of a table those that are of a table.
    """
    from logreg import plots

    table, threshold = rows.table, classifier.threshold
    classes = [f"{table.target} = {label}" for label in table.classes]
    figures = {"costs.png": plots.plot_costs(comparison)}
    figures["decision.png"] = plots.plot_decision(
        rows.X * rows.deviation + rows.mean,
        rows.y,
        *classifier.unscaled(),
        threshold=threshold,
        names=table.names,
        classes=classes,
    ).figure
    if held_out is None:
        figures["activations.png"] = plots.plot_activations()
        figures["cost_surfaces.png"] = plots.plot_cost_surfaces(rows.X, rows.y)
        figures["neuron.png"] = plots.plot_neuron().figure
        return figures
    unit = {
        "names": [f"{name}, scaled" for name in table.names],
        "weights": comparison.numpy.weights,
        "bias": comparison.numpy.bias,
    }
    figures["cost_surfaces.png"] = plots.plot_cost_surfaces(rows.X, rows.y, **unit)
    figures["neuron.png"] = plots.plot_neuron(len(table.names), **unit).figure
    if rows.y_test.min() < rows.y_test.max():
        roc = plots.plot_roc(rows.y_test, held_out, threshold=threshold, classes=classes)
        calibration = plots.plot_calibration(rows.y_test, held_out, classes=classes)
        figures |= {"roc.png": roc.figure, "calibration.png": calibration.figure}
    return figures


if __name__ == "__main__":
    run(main)
