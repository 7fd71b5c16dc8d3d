"""The same model under `fit(epochs=...)`, as the notebook has it.

Arguments: the rows of the data.
"""

import sys

import keras
from serve import serve

from logreg import define_logistic_regression, sample_data


def prepare():
    X, y = sample_data(int(sys.argv[1]), rng=0)
    keras.utils.set_random_seed(0)
    model = define_logistic_regression(2)

    def take(n_steps):
        model.fit(X, y, epochs=n_steps, batch_size=len(X), verbose=0)

    take(3)
    return take


if __name__ == "__main__":
    serve(prepare)
