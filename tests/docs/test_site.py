"""The site is built without a warning, and each of its links leads somewhere."""

import html.parser
import os
import re
import subprocess
import sys
import urllib.parse

import pytest
from conftest import ROOT

import gan1d
import logreg

pytestmark = pytest.mark.slow


class Links(html.parser.HTMLParser):
    """The links of a page, and what can be linked to in it."""

    def __init__(self, page):
        super().__init__()
        self.links, self.anchors = set(), {""}
        self.feed(page.read_text("utf-8"))

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "id":
                self.anchors.add(value)
            elif name in ("href", "src") and value:
                self.links.add(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The pages of the site, by their paths."""
    pytest.importorskip("myst_nb")
    pytest.importorskip("furo")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", ROOT / "docs", folder]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    built = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    return {page: Links(page) for page in folder.rglob("*.html")}


def test_each_link_leads_somewhere(site):
    followed = 0
    for page, found in site.items():
        for link in found.links:
            address = urllib.parse.urlsplit(link)
            if address.scheme or link.startswith("//"):
                assert address.scheme in ("https", "data", "mailto"), link
                continue
            target = page
            if address.path:
                target = (page.parent / urllib.parse.unquote(address.path)).resolve()
            assert target.exists(), f"{page}: {link}"
            settings = urllib.parse.parse_qs(address.fragment)
            if target.name == "live.html" and settings:
                page_of_gan = target.read_text("utf-8")
                assert all(f"\n  {name}: [" in page_of_gan for name in settings), link
            elif target in site:
                assert urllib.parse.unquote(address.fragment) in site[target].anchors, (page, link)
            followed += 1
    assert followed > 500


def test_all_that_is_public_is_in_the_reference(site):
    (reference,) = (page for page in site if page.name == "reference.html")
    text = (ROOT / "docs/reference.md").read_text("utf-8")
    data = {"gan1d.FUNCTIONS", "gan1d.RECIPES", "gan1d.SQUARE"}  # told where they are used
    modules = {f"logreg.{name}" for name in re.findall(r"automodule:: logreg\.(\w+)", text)}
    for package in (gan1d, logreg):
        names = {f"{package.__name__}.{name}" for name in package.__all__}
        assert names - data - modules <= site[reference].anchors
