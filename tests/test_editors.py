"""What an editor and a type checker know of the packages, by their annotations."""

import inspect
import re
import subprocess
import sys
import typing

import jedi
import pytest
from conftest import ROOT

import gan1d
import logreg
from gan1d import callbacks, measures, recipes, sweep

RIGHT = """
import numpy as np, gan1d, logreg

learned = gan1d.learn(np.sqrt, 0, 4, hidden=(25, 25), rng=0)
error: float = learned.performance.curve_error
learned.plot().set_title("root")
models = gan1d.define_models(gan1d.Points([[0, 1], [1, 3]]), recipe="stable")
history = gan1d.train(*models, function="cube", callbacks=gan1d.Film(100), verbose=0)
comparison = logreg.compare([[0.0], [1.0], [2.0]], [0, 1, 1], class_weight="balanced")
weights: np.ndarray = comparison.numpy.weights
logreg.plots.plot_costs(comparison).savefig("costs.png")
"""
WRONG = {
    'gan1d.learn("x²", "zero", 1)': 'Argument 2 to "learn" has incompatible type "str"',
    'gan1d.define_gan(0, 0, recipe="?")': 'Argument "recipe" to "define_gan" has incompatible type',
    "logreg.compare([[0.0]], [1], rng=0.5)": 'Argument "rng" to "compare" has incompatible type',
    "logreg.find_minimum([[0.0]], [1]).cost": 'Item "None" of "Minimum | None" has no attribute',
}
PACKAGES = ("gan1d", "logreg")
MODULES = (
    *(callbacks, measures, recipes, sweep),
    *(logreg.activations, logreg.measures, logreg.plots, logreg.report),
)


def test_an_editor_completes_names_and_shows_annotated_signatures():
    project = jedi.Project(ROOT)

    def script(code):
        return jedi.Script(f"import gan1d, logreg\n{code}", project=project)

    assert "learn" in [name.name for name in script("gan1d.le").complete()]
    (learn,) = script("gan1d.learn(").get_signatures()
    assert "low: float | None=None" in learn.to_string()
    assert learn.to_string().endswith("-> Learned")
    (compare,) = script("logreg.compare(").get_signatures()
    assert "epochs: int=1000" in compare.to_string()
    assert compare.to_string().endswith("-> Comparison")


@pytest.mark.slow
def test_a_type_checker_finds_what_is_wrong_in_a_program_and_nothing_else(tmp_path):
    """Nor anything in the packages; in one run, as it reads NumPy and Matplotlib in each."""
    right, wrong = tmp_path / "right.py", tmp_path / "wrong.py"
    right.write_text(RIGHT, encoding="utf-8")
    wrong.write_text("\n".join(["import gan1d, logreg", *WRONG]), encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--cache-dir", tmp_path / "cache", right, wrong]
    finished = subprocess.run(
        [*command, *PACKAGES], cwd=ROOT, capture_output=True, text=True, timeout=300
    )
    *errors, count = finished.stdout.splitlines()
    assert len(errors) == len(WRONG), finished.stdout + finished.stderr
    for line, (error, message) in enumerate(zip(errors, WRONG.values(), strict=True), 2):
        assert f"wrong.py:{line}: error: {message}" in error
    assert count.startswith(f"Found {len(WRONG)} errors in 1 file")


def public_functions():
    """Return those in MODULES and of `__all__`, methods, and those of classes in annotations."""
    loaded = [m for name, m in sys.modules.items() if name.partition(".")[0] in PACKAGES]
    classes = {c.__name__: c for m in loaded for c in vars(m).values() if inspect.isclass(c)}
    todo = [*MODULES, *(getattr(p, name) for p in (gan1d, logreg) for name in p.__all__)]
    seen, functions = set(), []
    while todo:
        thing = todo.pop()
        thing = getattr(thing, "fget", getattr(thing, "func", thing))  # of properties
        if inspect.ismodule(thing):
            todo += [
                part
                for name, part in vars(thing).items()
                if name[0] != "_" and getattr(part, "__module__", None) == thing.__name__
            ]
        elif inspect.isclass(thing) and thing not in seen:
            seen.add(thing)
            if thing.__module__.partition(".")[0] in PACKAGES:
                parts = vars(thing).items()
                todo += [part for name, part in parts if name == "__init__" or name[0] != "_"]
                todo += thing.__bases__
        elif inspect.isroutine(thing) or hasattr(thing, "cache_info"):
            functions.append(inspect.unwrap(thing))
            words = re.findall(r"\w+", str(functions[-1].__annotations__))
            todo += [classes[word] for word in words if word in classes]
    return functions


def test_all_that_is_public_is_annotated():
    functions = public_functions()
    names = {function.__qualname__ for function in functions}
    assert {
        "Learned.plot",
        "Source.draw",
        "Rows.__init__",
        "Estimates.intervals",
        "nearest",
    } <= names
    for function in functions:
        signature = inspect.signature(function)
        missing = [
            name
            for name, parameter in signature.parameters.items()
            if parameter.annotation is parameter.empty and name not in ("self", "cls")
        ]
        assert not missing, function.__qualname__
        assert signature.return_annotation is not signature.empty, function.__qualname__


def test_every_recipe_is_among_the_names_that_annotations_know():
    assert {*typing.get_args(typing.get_args(recipes.AnyRecipe)[1])} == {*recipes.RECIPES}
