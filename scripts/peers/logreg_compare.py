"""Ours: `logreg`'s Keras model, 1,000 steps at a time, each from a new model and its compilation.

Arguments: the rows of the data.
"""

import sys

import keras
from serve import serve

from logreg import define_logistic_regression, sample_data
from logreg.comparison import train_keras
from logreg.keras_model import default_float


def prepare():
    X, y = sample_data(int(sys.argv[1]), rng=0)
    keras.utils.set_random_seed(0)

    def take(n_steps):
        with default_float("float64"):
            train_keras(define_logistic_regression(2, dtype="float64"), X, y, n_steps)

    take(50)
    return take


if __name__ == "__main__":
    serve(prepare)
