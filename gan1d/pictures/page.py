"""A film as a page in which the training can be looked into; its template is `page.html`."""

from __future__ import annotations

import base64
import html
import importlib.resources
import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np

from gan1d._checks import File, file_path
from gan1d.files import written_whole


class ShownByPage:
    """What a notebook shows in place, by the page that `save_page` writes."""

    def _repr_html_(self):
        return in_place(page(self))


def in_place(page, *, sandbox="allow-scripts"):
    """Return what shows a page, a text, in a notebook.

    The sandbox lets the page run its script, and keeps it away from the notebook.
    """
    return (
        f'<iframe sandbox="{sandbox}" title="Training" loading="lazy" '
        f'style="width: 100%; height: 46em; border: 0" srcdoc="{html.escape(page)}"></iframe>'
    )


class TrainingPage:
    """A page in which something trains: one file, which needs no network."""

    package, sandbox = "gan1d.pictures", "allow-scripts"

    def save(self, file: File) -> None:
        """Write the page to a file, whole or not at all.

        Raises:
            TypeError: for a file that is no path.
        """
        with written_whole(file_path("file", file)) as temporary:
            temporary.write_text(filled("live.html", self.package), encoding="utf-8")

    def _repr_html_(self):
        return in_place(filled("live.html", self.package), sandbox=self.sandbox)


class SavedFilm(ShownByPage):
    """A film that `load_page` read: it can be shown, and saved again, alone or beside others."""

    def __init__(self, numbers: dict[str, Any]) -> None:
        self._numbers = numbers

    def numbers(self) -> dict[str, Any]:
        """Return all that a page draws, as a dict for JSON."""
        return self._numbers


def save_page(
    films: ShownByPage | Mapping[str, ShownByPage], file: File, *, title: str | None = None
) -> None:
    """Save a page in which the training can be looked into: one file, which needs no network.

    It has the discriminator's field, the samples, the pulls on the fakes, the losses and the
    measures at each snapshot, each with a switch, and a slider over the updates.

    Args:
        films: a `Film` after training, or what `load_page` returned; or a dict of them, each under
            its name, to stand side by side and be moved by one slider.
        file: the path to write.
        title: of the page; None for the formulas of what was learned.

    Raises:
        TypeError, ValueError: for what are no films, or a film before training.

    Example:
        >>> import pathlib, tempfile
        >>> from gan1d import Film, define_discriminator, define_gan, define_generator, train
        >>> discriminator, generator = define_discriminator(), define_generator()
        >>> film = Film(every=10)
        >>> gan = define_gan(generator, discriminator)
        >>> history = train(generator, discriminator, gan, n_epochs=20, callbacks=film, verbose=0)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_page(film, f"{folder}/training.html")
        ...     saved = load_page(f"{folder}/training.html")
        >>> [*saved]
        ['x², tutorial']
    """
    file = file_path("file", file)
    text = page(films, title)
    with written_whole(file) as temporary:
        temporary.write_text(text, encoding="utf-8")


def page(films, title=None):
    """Return the page of `save_page` as text."""
    given, films = films, films if isinstance(films, dict) else {None: films}
    for name, film in films.items():
        if not isinstance(film, ShownByPage) or not isinstance(name, (str, type(None))):
            raise TypeError(f"films must be a Film, or Films by names in a dict, got {given!r}")
    if not films:
        raise ValueError("films must be one at least, got none")
    if not isinstance(title, (str, type(None))):
        raise TypeError(f"title must be text, got {title!r}")
    runs = [film.numbers() | {"name": name} for name, film in films.items()]
    for run in runs:
        run["name"] = run["name"] or f"{run['formula']}, {run['recipe']}"
    if title is None:
        title = ", ".join(dict.fromkeys(run["formula"] for run in runs))
    # Within a script only "<" could end it.
    data = json.dumps({"title": title, "runs": runs}, allow_nan=False).replace("<", "\\u003c")
    return filled("page.html").replace("{{data}}", data)


def filled(name, package="gan1d.pictures"):
    """Return a page of a package as text, with the files of this one that it names in {{ }}."""

    def text_of(name, package="gan1d.pictures"):
        return importlib.resources.files(package).joinpath(name).read_text("utf-8")

    return re.sub(r"{{(\w+\.\w+)}}", lambda match: text_of(match[1]), text_of(name, package))


DATA = re.compile(r'<script type="application/json" id="gan1d-data">(.*?)</script>', re.DOTALL)


def load_page(file: File) -> dict[str, SavedFilm]:
    """Read the films of a page back, to save or show them again.

    Args:
        file: a page that `save_page` wrote.

    Returns:
        A dict of films by their names, for `save_page`.

    Raises:
        OSError: if it cannot be read.
        ValueError: for any other file.
    """
    file = file_path("file", file)
    try:
        (data,) = DATA.findall(file.read_text(encoding="utf-8"))
        runs = json.loads(data)["runs"]
        for run in runs:
            k, n = len(run["updates"]), run["nSamples"]
            sizes = {"points": 4 * (n + run["nCurve"] + 2 * k * n), "fields": k * run["grid"] ** 2}
            for name, size in sizes.items():
                # It is whole, by the checksum that is in it.
                if len(zlib.decompress(base64.b64decode(run[name], validate=True))) != size:
                    raise ValueError(name)
            lists = [run["updates"], *(run[name] for name in ("low", "high", "limits"))]
            for group in (lists, [*run["losses"].values()], [*run["measures"].values()]):
                if len({*map(len, group)}) != 1:
                    raise ValueError("lists of one length")
            if not {"name", "formula", "recipe", "relative", "centre", "halfRange"} <= run.keys():
                raise ValueError("names")
        return {run["name"]: SavedFilm(run) for run in runs}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, zlib.error):
        raise ValueError(f"{file} must be a page that save_page wrote") from None


def finite(lists):
    """Return a dict of lists with None for what JSON has no number for."""
    return {
        name: [value if np.isfinite(value) else None for value in values]
        for name, values in lists.items()
    }


def deflated(array):
    """Return an array's bytes, deflated, as text."""
    return base64.b64encode(zlib.compress(array.tobytes())).decode()
