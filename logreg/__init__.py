"""Logistic regression as the smallest neural network there is, number by number against NumPy.

- Activation functions: `logreg.activations`; one unit that computes: `Neuron`
- Written from scratch: `LogisticRegressionNN`; in Keras: `define_logistic_regression`,
  `load_logistic_regression`
- Both from the same start: `compare`, `Comparison`
- Data: `sample_data`, `load_csv`, `standardize`, `split`
- Figures: `logreg.plots`
"""

from logreg.comparison import Comparison, compare
from logreg.data import load_csv, sample_data, split, standardize
from logreg.keras_model import define_logistic_regression, load_logistic_regression
from logreg.neuron import Neuron
from logreg.numpy_model import LogisticRegressionNN

__all__ = [
    "Comparison",
    "LogisticRegressionNN",
    "Neuron",
    "compare",
    "define_logistic_regression",
    "load_csv",
    "load_logistic_regression",
    "sample_data",
    "split",
    "standardize",
]
