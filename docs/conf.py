"""The site of these pages: `sphinx-build -W docs outputs/site`."""

import pathlib
import re

import gan1d
import logreg

project = "gan1d and logreg"
html_title = project
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx.ext.viewcode"]
exclude_patterns = ["gan1d.md", "logreg.md", "measured", "_pages"]  # the notebooks' text
default_role = "code"  # `as in the docstrings`
html_theme = "furo"
pygments_style = "friendly"  # added lines of a diff are green
html_copy_source = False
html_show_copyright = False
html_extra_path = ["_pages"]  # beside the others, as they are

nb_execution_mode = "off"  # the notebooks are stored as they ran
myst_heading_anchors = 3
autodoc_inherit_docstrings = False  # of Keras's methods
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
napoleon_use_rtype = False
autodoc_type_aliases = {
    "npt.ArrayLike": "ArrayLike",
    "npt.DTypeLike": "DTypeLike",
    "AnySource": "AnySource",
    "AnyRecipe": "AnyRecipe",
    "Latent": "Latent",
    "Rng": "Rng",
}
napoleon_use_param = False  # several arguments may share a line


def plain(app, what, name, thing, options, signature, returned):
    """Write an alias of a type by its name, in a union too."""
    return tuple(
        text and re.sub(r"TypeAliasForwardRef\('(\w+)'\)", r"\1", text)
        for text in (signature, returned)
    )


def setup(app):
    app.connect("autodoc-process-signature", plain)


# The two pages that train in a browser.
LIVE = pathlib.Path(__file__).parent / "_pages"
LIVE.mkdir(exist_ok=True)
gan1d.Live().save(LIVE / "live.html")
logreg.Live().save(LIVE / "neuron.html")
