"""Logistic regression as the smallest neural network there is, number by number against NumPy.

- Activation functions: `logreg.activations`; one unit that computes: `Neuron`
- Written from scratch: `LogisticRegressionNN`; in Keras: `define_logistic_regression`
- Both from the same start: `compare`, `Comparison`; where they are going: `find_minimum`
- Data: `sample_data`, `standardize`, `split`; a table of one's own: `load_csv`, `Column`
- How good it is: `logreg.measures`; trained for a table, and saved: `Classifier`
- In words: `logreg.report`; figures: `logreg.plots`; a page in which it trains: `Live`
"""

import lazy_loader

from gan1d import __version__ as __version__

# A module is imported when a name of it is asked for: Keras takes seconds. The names are in
# __init__.pyi, where editors find them, too.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
