"""A model trained on a table, with what it takes to use it on another: names, scaling, classes."""

from dataclasses import dataclass

import numpy as np

from logreg import _files
from logreg._checks import features, real_number
from logreg.data import scaled
from logreg.numpy_model import LogisticRegressionNN

ARRAYS = {"weights", "bias", "mean", "deviation", "threshold", "names", "target", "classes"}


@dataclass(frozen=True, eq=False)
class Classifier:
    """A trained `LogisticRegressionNN`, and how it is used on a table's own columns.

    Attributes:
        model: trained on columns that were scaled.
        names: of its n columns.
        target: the name of the column that held the classes.
        classes: the two labels of class 0 and class 1.
        mean, deviation: (n,), of each column before scaling; a constant one has the deviation 0.
        threshold: in [0, 1]; a probability of at least that predicts class 1.

    Example:
        >>> unit = LogisticRegressionNN.of(np.ones((1, 1)), np.zeros((1, 1)))
        >>> classifier = Classifier(
        ...     unit, ["size"], "kind", ("cat", "dog"), np.array([5.0]), np.array([2.0]), 0.5
        ... )
        >>> classifier.predict([[5.0], [4.0]])
        array(['dog', 'cat'], dtype='<U3')
    """

    model: LogisticRegressionNN
    names: list[str]
    target: str
    classes: tuple[str, str]
    mean: np.ndarray
    deviation: np.ndarray
    threshold: float

    def forward(self, X):
        """Return the probability of class 1 for each row of X (m, n), unscaled: (m, 1)."""
        return self.model.forward(self._scaled(X))

    def predict(self, X):
        """Return the class of each row of X (m, n), unscaled: labels, (m,)."""
        predictions = self.model.predict(self._scaled(X), self.threshold)
        return np.array(self.classes)[predictions[:, 0]]

    def unscaled(self):
        """Return the weights (n, 1) and the bias (1, 1) that do the same to unscaled columns."""
        mean, deviation = self.mean[:, np.newaxis], self.deviation[:, np.newaxis]
        weights = np.divide(
            self.model.weights, deviation, out=np.zeros(mean.shape), where=deviation != 0
        )
        return weights, self.model.bias - mean.T @ weights

    def save(self, file):
        """Save it as `.npz`, whole or not at all.

        Args:
            file: the path to write.
        """
        _files.save_arrays(
            file,
            weights=self.model.weights,
            bias=self.model.bias,
            mean=self.mean,
            deviation=self.deviation,
            threshold=np.array(self.threshold),
            names=np.array(self.names),
            target=np.array(self.target),
            classes=np.array(self.classes),
        )

    @classmethod
    def load(cls, file):
        """Return the classifier that `save` wrote, to the last bit.

        Raises:
            TypeError: for a file that is no path.
            OSError: where the file cannot be read.
            ValueError: where it is not such a file.
        """
        with _files.loaded_arrays(file, ARRAYS) as arrays:
            model = LogisticRegressionNN.of(arrays["weights"], arrays["bias"])
            n = model.input_size
            mean, deviation = (
                features(name, arrays[name][np.newaxis], n)[0] for name in ("mean", "deviation")
            )
            names, target, classes = (arrays[name] for name in ("names", "target", "classes"))
            if (names.shape, target.shape, classes.shape) != ((n,), (), (2,)):
                raise ValueError("it has not a name for each column and each class")
            if {names.dtype.kind, target.dtype.kind, classes.dtype.kind} != {"U"}:
                raise ValueError("its names are no text")
            threshold = real_number("threshold", arrays["threshold"].item(), 0, 1)
        return cls(
            model, names.tolist(), str(target), tuple(classes.tolist()), mean, deviation, threshold
        )

    def _scaled(self, X):
        return scaled(features("X", X, self.model.input_size), self.mean, self.deviation)
