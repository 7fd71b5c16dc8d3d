"""Train logistic regression in NumPy and in Keras, step for step the same, and compare them."""

import itertools
import math

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

FILES = (
    "costs.png",
    "decision.png",
    "activations.png",
    "cost_surfaces.png",
    "neuron.png",
    "model.png",
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
        "--epochs", type=whole_number(1), default=1000, help="steps on all training rows at once"
    )
    parser.add_argument(
        "--learning-rate",
        type=number(0, math.inf, open_low=True),
        default=0.01,
        help="size of a step",
    )
    parser.add_argument(
        "--threshold",
        type=number(0, 1),
        default=0.5,
        help="a probability above this predicts class 1",
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
    parser.add_argument("--output", default="outputs/logreg", help="folder for the files")
    args = parser.parse_args()
    if (args.csv is None) != (args.target is None):
        parser.error("--csv and --target need each other")
    return args


def main():
    args = parse_arguments()
    output = make_folder(args.output, FILES)
    with quiet_start():
        from gan1d import save_diagram
        from gan1d.files import written_whole
        from logreg import compare, data, plots

    print(f"Seed: {args.seed}")
    set_seed(args.seed)
    if args.csv:
        table = data.load_csv(args.csv, args.target)
        X, X_test, y, y_test = data.split(table.X, table.y, args.test_fraction)
        check_classes(y, table.classes)
        X, X_test, constant = data.standardize(X, X_test)
        names = table.names
        print(f"{len(X)} rows for training, {len(X_test)} for testing, {len(names)} features.")
        print(f"Class 0 is {args.target} = {table.classes[0]}, class 1 is {table.classes[1]}.")
        for name in itertools.compress(names, constant):
            print(f"Column {name!r} is constant in the training rows: standardised to 0.")
    else:
        (X, y), X_test, names = data.sample_data(), None, ["x1", "x2"]

    comparison = compare(
        X,
        y,
        learning_rate=args.learning_rate,
        epochs=args.epochs,
        threshold=args.threshold,
        dtype=args.dtype,
    )
    rows = table_rows(comparison, names)
    if X_test is not None:
        rows.append(test_row(comparison, X_test, y_test, args.threshold))
    print_table(rows)

    weights, bias = comparison.numpy.weights, comparison.numpy.bias
    points, classes = data.sample_data(rng=args.seed)
    figures = (
        plots.plot_costs(comparison),
        plots.plot_decision(X, y, weights, bias, threshold=args.threshold, names=names).figure,
        plots.plot_activations(),
        plots.plot_cost_surfaces(points, classes),
        plots.plot_neuron().figure,
    )
    files = [output / name for name in FILES]
    for file, figure in zip(files, figures, strict=False):
        with written_whole(file) as temporary:
            figure.savefig(temporary)
    save_diagram(comparison.keras.model, files[-1])
    list_files(files)


def check_classes(y, classes):
    """Raise if the training rows hold one class only."""
    if y.min() == y.max():
        raise ValueError(
            f"the training rows are all {classes[int(y.max())]}: choose another --seed or "
            f"--test-fraction"
        )


def table_rows(comparison, names):
    """Return the rows (what, NumPy's, Keras's) of the table that is printed."""
    pair = comparison.numpy, comparison.keras
    rows = [
        ("cost before", *(trained.costs[0] for trained in pair)),
        ("cost after", *(trained.costs[-1] for trained in pair)),
        ("accuracy", *(trained.accuracy for trained in pair)),
    ]
    for i, name in enumerate(names):
        rows.append((f"weight of {name}", *(trained.weights[i, 0] for trained in pair)))
    return [*rows, ("bias", *(trained.bias[0, 0] for trained in pair))]


def test_row(comparison, X, y, threshold):
    """Return the row of the accuracies on held-out rows."""
    by_numpy = comparison.numpy.model.predict(X, threshold)
    by_keras = comparison.keras.model.predict(X, verbose=0) > threshold
    return ("accuracy, held out", (by_numpy == y).mean(), (by_keras == y).mean())


def print_table(rows):
    """Print rows (what, NumPy's, Keras's) with the difference."""
    width = max(len(what) for what, _, _ in rows)
    print(f"\n{'':{width}}  {'NumPy':>20}  {'Keras':>20}  difference")
    for what, by_numpy, by_keras in rows:
        print(f"{what:{width}}  {by_numpy:20.16f}  {by_keras:20.16f}  {by_keras - by_numpy:10.1e}")


if __name__ == "__main__":
    run(main)
