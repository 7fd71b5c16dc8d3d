"""The baseline in NumPy. Arguments: the rows of the data."""

import sys

from serve import serve

from logreg import LogisticRegressionNN, sample_data


def prepare():
    X, y = sample_data(int(sys.argv[1]), rng=0)

    def take(n_steps):
        LogisticRegressionNN(2, rng=0).train(X, y, epochs=n_steps)

    take(10)
    return take


if __name__ == "__main__":
    serve(prepare)
