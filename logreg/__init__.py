"""Logistic regression as the smallest neural network there is, number by number against NumPy.

- Activation functions: `logreg.activations`; one unit that computes: `Neuron`
- Written from scratch: `LogisticRegressionNN`; in Keras: `define_logistic_regression`,
  `load_logistic_regression`
- Both from the same start: `compare`, `Comparison`; where they are going: `find_minimum`
- Data: `sample_data`, `standardize`, `split`; a table of one's own: `load_csv`, `logreg.tables`
- How good it is: `logreg.measures`; trained for a table, and saved: `Classifier`
- In words: `logreg.report`; figures: `logreg.plots`
"""

import importlib

from logreg.classifier import Classifier
from logreg.data import sample_data, split, standardize
from logreg.minimum import find_minimum
from logreg.neuron import Neuron
from logreg.numpy_model import LogisticRegressionNN
from logreg.tables import load_csv

# Imported when they are asked for: Keras takes seconds.
LATER = {
    "Comparison": "comparison",
    "compare": "comparison",
    "define_logistic_regression": "keras_model",
    "load_logistic_regression": "keras_model",
}

__all__ = [
    "Classifier",
    "Comparison",
    "LogisticRegressionNN",
    "Neuron",
    "compare",
    "define_logistic_regression",
    "find_minimum",
    "load_csv",
    "load_logistic_regression",
    "sample_data",
    "split",
    "standardize",
]


def __getattr__(name):
    if name not in LATER:
        raise AttributeError(f"module 'logreg' has no attribute {name!r}")
    return getattr(importlib.import_module(f"logreg.{LATER[name]}"), name)


def __dir__():
    return sorted({*globals(), *LATER})
