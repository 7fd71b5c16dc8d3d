from . import activations as activations, measures as measures, plots as plots, report as report
from .classifier import Classifier as Classifier
from .comparison import Comparison as Comparison, Trained as Trained, compare as compare
from .data import sample_data as sample_data, split as split, standardize as standardize
from .inference import Estimates as Estimates, estimates as estimates
from .keras_model import define_logistic_regression as define_logistic_regression
from .live import Live as Live
from .minimum import Minimum as Minimum, find_minimum as find_minimum
from .neuron import Neuron as Neuron
from .numpy_model import LogisticRegressionNN as LogisticRegressionNN
from .tables import (
    Column as Column,
    Rows as Rows,
    Table as Table,
    load_csv as load_csv,
    load_rows as load_rows,
)

__version__: str
