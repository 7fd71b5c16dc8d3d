"""scikit-learn's solver, one fit whatever the steps asked for: it stops when it has converged.

Arguments: the rows of the data.
"""

import sys

from serve import serve
from sklearn.linear_model import LogisticRegression

from logreg import sample_data


def prepare():
    X, y = sample_data(int(sys.argv[1]), rng=0)

    def take(n_steps):
        LogisticRegression().fit(X, y.ravel())

    take(1)
    return take


if __name__ == "__main__":
    serve(prepare)
