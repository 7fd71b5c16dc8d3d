"""A trained model with what it takes to use it on a table: columns, classes, threshold."""

from __future__ import annotations

import hashlib
import json
import os
import pathlib
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from typing import Self

import keras
import numpy as np
import numpy.typing as npt

from gan1d._checks import File
from logreg._checks import features, real_number
from logreg.keras_model import default_float
from logreg.tables import PLAIN, Column, Style, input_names


@dataclass(frozen=True, eq=False)
class Classifier:
    """A trained Keras model, and how it is used on a table's own columns.

    Attributes:
        model: of float64, (m, n) -> (m, 1), from columns as they are to the probability of class 1,
            such as `logreg.keras_model.scaled_logistic_regression` makes.
        columns: those that make its n inputs, each a `Column`.
        target: the name of the column that held the classes.
        classes: the two labels of class 0 and class 1.
        threshold: in [0, 1]; a probability of at least that predicts class 1.
        style: how the table was written.

    Example:
        >>> from logreg.tables import Column
        >>> from logreg.keras_model import scaled_logistic_regression
        >>> weights, bias, mean, deviation = np.array([[[1.0]], [[0.0]], [[5.0]], [[2.0]]])
        >>> model = scaled_logistic_regression(weights, bias, mean[0], deviation[0])
        >>> classifier = Classifier(model, [Column("size")], "kind", ("cat", "dog"))
        >>> classifier.predict([[5.0], [4.0]])
        array(['dog', 'cat'], dtype='<U3')
    """

    model: keras.Model
    columns: Sequence[Column]
    target: str
    classes: tuple[str, str]
    threshold: float = 0.5
    style: Style = PLAIN

    def __post_init__(self):
        n = self.model.input_shape[1]
        if len(self.names) != n or len(self.classes) != 2:
            raise ValueError(
                f"columns must make {n} inputs and classes be 2, got {self.names}, {self.classes}"
            )
        real_number("threshold", self.threshold, 0, 1)

    @property
    def names(self) -> list[str]:
        """The names of the n inputs, a list."""
        return input_names(self.columns)

    def forward(self, X: npt.ArrayLike) -> np.ndarray:
        """Return the probability of class 1 for each row of X (m, n), unscaled: (m, 1)."""
        X = features("X", X, len(self.names))
        with default_float("float64"):
            return self.model.predict(X, verbose=0)

    def predict(self, X: npt.ArrayLike) -> np.ndarray:
        """Return the class of each row of X (m, n), unscaled: labels, (m,)."""
        return np.array(self.classes)[(self.forward(X)[:, 0] >= self.threshold).astype(int)]

    def save(self, file: File) -> None:
        """Save the model, and all else in a .json file of the same name beside it.

        Both are whole, or there is an error and they are as before.

        Args:
            file: the path to write, ending in .keras.
        """
        file = pathlib.Path(file)
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".part-") as folder:
            model = pathlib.Path(folder, file.name)
            self.model.save(model)
            facts = {
                "columns": [astuple(column) for column in self.columns],
                "target": self.target,
                "classes": list(self.classes),
                "threshold": self.threshold,
                "style": asdict(self.style),
                "sha256": hashlib.sha256(model.read_bytes()).hexdigest(),
            }
            text = json.dumps(facts, ensure_ascii=False, indent=1)
            model.with_suffix(".json").write_text(text, encoding="utf-8")
            for written in (model, model.with_suffix(".json")):
                os.replace(written, file.with_name(written.name))

    @classmethod
    def load(cls, file: File) -> Self:
        """Return the classifier that `save` wrote.

        Raises:
            TypeError: for a file that is no path.
            OSError: where it, or the .json file beside it, cannot be read.
            ValueError: where they are damaged, or do not belong together.
        """
        file = pathlib.Path(file)
        content, text = file.read_bytes(), file.with_suffix(".json").read_bytes()
        try:
            facts = json.loads(text)
            # Keras does not look at all the checksums that a .keras file has.
            if facts.pop("sha256") != hashlib.sha256(content).hexdigest():
                raise ValueError("the model is another than was saved with these names")
            facts["classes"] = tuple(facts["classes"])
            facts["style"] = Style(**facts["style"])
            facts["columns"] = [
                Column(name, values if values is None else tuple(values))
                for name, values in facts["columns"]
            ]
            with default_float("float64"):
                return cls(keras.saving.load_model(file), **facts)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(
                f"file must be a model that save wrote, with its .json file, but {file} is not: "
                f"{error}"
            ) from error
