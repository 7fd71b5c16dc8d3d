"""Train logistic regression in NumPy and in Keras, step for step the same, and compare them.

With --csv, on a table of your own; with --predict, use the model that such a run saved.
"""

import argparse
import functools
import hashlib
import math
import pathlib
import warnings

from gan1d.commands.common import (
    Parser,
    list_files,
    number,
    quiet_start,
    seed,
    whole_number,
)
from gan1d.record import one_more_file, one_run

MOST_EPOCHS = 20000  # by default, half a minute
MODEL, NAMES = "logreg.keras", "logreg.json"
PREDICTIONS = "predictions.csv"
OF_A_FILE = ("delimiter", "decimal", "thousands", "no_header", "skip")  # options
OF_A_TABLE = (*OF_A_FILE, "drop", "one", "missing", "test_fraction")
PICTURES = (
    *("costs.png", "decision.png", "activations.png", "cost_surfaces.png", "neuron.png"),
    *("weights.png", "roc.png", "calibration.png", "model.png"),
)


def parse_arguments():
    parser = Parser(__doc__)
    add = parser.add_argument
    csv = (
        "a CSV file with a header line, of numbers and text, standardised before training; by "
        "default the notebook's 100 points in the plane"
    )
    add("--csv", metavar="FILE", help=csv)
    add("--target", metavar="COLUMN", help="the column of the CSV file with the two classes")
    one = (
        "the label that is class 1; all others are class 0. By default there are two, and 1 is the "
        "greater number, or yes, true or positive, or the later in the alphabet"
    )
    add("--one", metavar="LABEL", help=one)
    drop = "a column of the CSV file to leave out; may be given again"
    add("--drop", metavar="COLUMN", action="append", default=[], help=drop)
    between = (
        "what is between two columns: a character, or 'tab'; by default a comma, semicolon or tab "
        "is found"
    )
    add("--delimiter", type=delimiter, help=between)
    add("--decimal", choices=".,", help="the decimal sign; by default it is found")
    grouped = "what is between thousands, such as , or .; by default it is found"
    add("--thousands", metavar="SIGN", help=grouped)
    missing = "'drop' leaves out rows in which a cell is missing, or no number among numbers"
    add("--missing", choices=("refuse", "drop"), default="refuse", help=missing)
    names = "the file has no line of names: call the columns 1, 2, ..."
    add("--no-header", action="store_true", help=names)
    add("--skip", type=whole_number(0), default=0, help="lines to skip before the names")
    later = (
        "give each row of this CSV file a probability and a class, by the model that an earlier "
        "run saved in the --output folder, at its threshold"
    )
    add("--predict", metavar="FILE", help=later)
    steps = (
        "steps on all training rows at once; by default 1000, of a table so many as lead to the "
        f"minimum, {MOST_EPOCHS} at most"
    )
    add("--epochs", type=whole_number(1), help=steps)
    rate = "size of a step; by default 0.01, of a table what never overshoots"
    add("--learning-rate", type=number(0, math.inf, open_low=True), help=rate)
    penalty = "L2: that of scikit-learn's C = 1 / penalty; 0 for none"
    add("--penalty", type=number(0, math.inf), default=0.0, help=penalty)
    balanced = "weigh the rows so that both classes count alike in training"
    add("--balanced", action="store_true", help=balanced)
    threshold = "a probability of at least this predicts class 1"
    add("--threshold", type=number(0, 1), default=0.5, help=threshold)
    types = ("float64", "float32")
    add("--dtype", choices=types, default="float64", help="what both compute in")
    start = "a whole number, or 'random' to draw one: of the data, the split, the first weights"
    add("--seed", type=seed, default=0, help=start)
    share = number(0, 1, open_high=True)
    held_out = "share of the CSV file's rows that is held out for testing; 0 for none"
    add("--test-fraction", type=share, default=0.25, help=held_out)
    digits = {"type": int, "choices": range(1, 18), "default": 4, "metavar": "DIGITS"}
    add("--digits", **digits, help="of the numbers printed; 17 are all")
    add("--output", default="outputs/logreg", help="folder for the files")
    overwrite = "begin anew where another run is, and remove its files"
    add("--overwrite", action="store_true", help=overwrite)
    args = parser.parse_args()
    given = [name for name in vars(args) if getattr(args, name) != parser.get_default(name)]
    useless = []
    if args.predict is not None:
        why = "--predict uses a model that is trained"
        useless = [name for name in given if name not in ("predict", *OF_A_FILE, "output")]
    elif args.csv is None and args.target is None:
        why = "without --csv there is no table"
        useless = [name for name in given if name in OF_A_TABLE]
    elif args.csv is None or args.target is None:
        parser.error("--csv and --target need each other")
    if useless:
        options = " and ".join(f"--{name.replace('_', '-')}" for name in useless)
        parser.error(f"{why}: leave out {options}")
    return args


def delimiter(text):
    """Argument type: what is between two columns."""
    text = {"tab": "\t", "\\t": "\t"}.get(text, text)
    if len(text) != 1:
        raise argparse.ArgumentTypeError(f"must be one character, or 'tab', got {text!r}")
    return text


def main():
    args = parse_arguments()
    try:
        (predict if args.predict is not None else train)(args)
    except KeyboardInterrupt:
        print("\nInterrupted. The same command begins anew.")
        raise


def predict(args):
    file = pathlib.Path(args.output, MODEL)
    if not file.exists():
        raise ValueError(
            f"there is no {file} to predict with: train it by --csv and --target, or say where it "
            f"is by --output"
        )
    with quiet_start():
        import numpy as np

        from logreg import Classifier, report
        from logreg.tables import load_rows

        classifier = Classifier.load(file)
    layout = {name: getattr(args, name) for name in ("delimiter", "decimal", "thousands", "skip")}
    layout["header"] = not args.no_header
    X, cells, style = load_rows(args.predict, classifier.columns, style=classifier.style, **layout)
    written = pathlib.Path(args.output, PREDICTIONS)
    if written.exists() and written.samefile(args.predict):
        raise FileExistsError(f"{written} would be overwritten: give it another name")
    whole = np.isfinite(X).all(axis=1)
    probability, labels = np.full(len(X), np.nan), np.full(len(X), "", object)
    if whole.any():
        probability[whole] = classifier.forward(X[whole])[:, 0]
        labels[whole] = classifier.predict(X[whole])
    taken = [*cells.columns]
    for name, values in (("probability", probability), ("class", labels)):
        name = f"predicted {name}" if name in taken else name
        cells.insert(cells.shape[1], name, values, allow_duplicates=True)
    with one_more_file(args.output, PREDICTIONS) as temporary:
        cells.to_csv(temporary, sep=style.delimiter, decimal=style.decimal, index=False)
    name = classifier.classes[1]
    if style != classifier.style:
        print(
            f"Read with {report.style(style)}, the model's table with "
            f"{report.style(classifier.style)}."
        )
    print(
        f"Probabilities of {classifier.target} = {name}; from {classifier.threshold:g} on the "
        f"class is {name}: {(labels == name).sum():,} of {len(X):,}."
    )
    if not whole.all():
        print(
            f"Without a probability, as cells are missing: {report.count((~whole).sum(), 'row')}."
        )
    list_files([written])


def train(args):
    import numpy as np

    rng = np.random.RandomState(args.seed)
    rows = load(args, rng)  # what is wrong with a table is said before the seconds that Keras takes
    aside = ("output", "overwrite", "digits", "predict")
    arguments = {f"--{n.replace('_', '-')}": v for n, v in vars(args).items() if n not in aside}
    values = hashlib.sha256(rows.table.X.tobytes() + rows.table.y.tobytes())
    arguments["the table's values"] = values.hexdigest()[:8]
    files = [*PICTURES, MODEL, NAMES]
    with one_run(args.output, arguments, files, overwrite=args.overwrite) as its_run:
        train_on(rows, rng, args, its_run)


def train_on(rows, rng, args, its_run):
    """Train on these rows, and save what there is to see and to keep."""
    with quiet_start():
        from matplotlib import pyplot

        from gan1d import save_diagram
        from logreg import Classifier, compare, report
        from logreg.keras_model import scaled_logistic_regression

    warnings.filterwarnings("ignore", "Glyph")  # a name in letters that the font lacks
    warnings.filterwarnings("ignore", "the cost rose")  # which the report says

    print(f"Seed: {args.seed}")
    if args.csv is not None:
        print(report.data(rows))
    weights = "balanced" if args.balanced else None
    rate, epochs = (0.01, 1000) if args.csv is None else steps_for(rows, weights, args)
    rate, epochs = args.learning_rate or rate, args.epochs or epochs
    if args.csv is not None:
        print(f"Learning rate {rate:g}, {epochs:,} epochs.")
    comparison = compare(
        rows.X,
        rows.y,
        learning_rate=rate,
        epochs=epochs,
        threshold=args.threshold,
        penalty=args.penalty,
        class_weight=weights,
        dtype=args.dtype,
        rng=rng,
    )
    numbers = report.numbers(comparison, rows, threshold=args.threshold, digits=args.digits)
    print(f"\n{numbers}\n\n{report.progress(comparison, rows.table.names)}")
    # Where one has not said how far to go, what is kept is where the way leads to.
    found, which = comparison.keras, "NumPy"
    if args.csv is not None and comparison.minimum and not (args.learning_rate or args.epochs):
        found, which = comparison.minimum, "minimum"
    advice = report.advice(comparison)
    if advice and found is comparison.minimum:
        print("What is saved, and held against rows held out, are the weights at the minimum.")
    elif advice and advice != (rate, epochs):
        print("That is: --learning-rate {:g} --epochs {} --overwrite".format(*advice))
    if args.csv is not None:
        print(f"\n{report.weights(comparison, rows)}")
        if args.balanced:
            print("With --balanced, probabilities are no frequencies: both classes count alike.")
    held_out = None
    if len(rows.X_test):
        held_out = comparison.probabilities(rows.X_test)[which]
        print(f"\n{report.held_out(rows, held_out, threshold=args.threshold)}")

    draw = figures_of_the_notebook if args.csv is None else figures_of_a_table
    figures = draw(rows, comparison, held_out, args.threshold)
    writers = {name: figure.savefig for name, figure in figures.items()}
    writers["model.png"] = functools.partial(save_diagram, comparison.keras.model)
    for name, write in writers.items():
        its_run.save(name, write)
    pyplot.close("all")
    model = scaled_logistic_regression(found.weights, found.bias, rows.mean, rows.deviation)
    table = rows.table
    facts = (table.columns, table.target, table.classes, args.threshold, table.style)
    classifier = Classifier(model, *facts)
    classifier.save(its_run.folder / MODEL)
    list_files([*its_run.written, its_run.folder / MODEL, its_run.folder / NAMES])


def load(args, rng):
    """Return the rows of the table, or of the notebook's, of which none is held out or scaled."""
    import numpy as np

    from logreg import load_csv, sample_data
    from logreg.tables import Column, Rows, Table

    if args.csv is not None:
        names = ("delimiter", "drop", "one", "missing", "decimal", "thousands", "skip")
        options = {name: getattr(args, name) for name in names}
        table = load_csv(args.csv, args.target, header=not args.no_header, **options)
        return table.split(args.test_fraction, rng=rng)
    X, y = sample_data(rng=rng)
    table = Table(X, y, [Column("x1"), Column("x2")], "class", ("0", "1"))
    return Rows(table, X, y, X[:0], y[:0], np.zeros(2), np.ones(2))


def steps_for(rows, class_weight, args):
    """Return a learning rate and a number of epochs that lead to the minimum of a table's cost."""
    from logreg.comparison import MOST_COLUMNS, weights_of_rows
    from logreg.minimum import find_minimum, way_to_minimum
    from logreg.report import two_digits

    if rows.X.shape[1] > MOST_COLUMNS:
        return 0.01, 1000
    options = {"penalty": args.penalty}
    options["sample_weight"] = weights_of_rows(rows.y, None, class_weight)
    minimum = find_minimum(rows.X, rows.y, **options)
    rate, epochs = two_digits(*way_to_minimum(rows.X, minimum, **options))
    return rate, min(epochs, MOST_EPOCHS if minimum else 1000)


def decision_of(rows, comparison, classes, threshold):
    from logreg import plots
    from logreg.data import unscaled

    trained, X = comparison.numpy, rows.X * rows.deviation + rows.mean
    unit = unscaled(trained.weights, trained.bias, rows.mean, rows.deviation)
    options = {"names": rows.table.names, "threshold": threshold, "classes": classes}
    return plots.plot_decision(X, rows.y, *unit, **options).figure


def figures_of_the_notebook(rows, comparison, held_out, threshold):
    """Return the notebook's pictures: the names of their files, each with a figure."""
    from logreg import plots

    return {
        "costs.png": plots.plot_costs(comparison),
        "decision.png": decision_of(rows, comparison, ["class = 0", "class = 1"], threshold),
        "activations.png": plots.plot_activations(),
        "cost_surfaces.png": plots.plot_cost_surfaces(rows.X, rows.y),
        "neuron.png": plots.plot_neuron().figure,
    }


def figures_of_a_table(rows, comparison, held_out, threshold):
    """Return the pictures of a table: the names of their files, each with a figure."""
    from logreg import plots, report

    table, trained = rows.table, comparison.numpy
    classes = [f"{table.target} = {label}" for label in table.classes]
    names = [f"{name}, scaled" for name in table.names]
    unit = {"names": names, "weights": trained.weights, "bias": trained.bias}
    figures = {
        "costs.png": plots.plot_costs(comparison),
        "decision.png": decision_of(rows, comparison, classes, threshold),
        "neuron.png": plots.plot_neuron(len(names), **unit).figure,
    }
    if comparison.minimum:
        found = report.estimates_of(comparison, rows)
        errors = None if isinstance(found, str) else found.errors[:-1] * rows.deviation
        weights = comparison.minimum.weights
        figures["weights.png"] = plots.plot_weights(weights, errors, names=table.names).figure
    if held_out is not None and rows.y_test.min() < rows.y_test.max():
        options = {"threshold": threshold, "classes": classes}
        roc = plots.plot_roc(rows.y_test, held_out, **options)
        calibration = plots.plot_calibration(rows.y_test, held_out, classes=classes)
        figures |= {"roc.png": roc.figure, "calibration.png": calibration.figure}
    return figures
