"""What stands in the files around the code agrees with the code."""

import re
import tomllib

from conftest import ROOT
from packaging.requirements import Requirement

import gan1d
import logreg


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_there_is_one_version():
    assert gan1d.__version__ == logreg.__version__
    assert re.search(r"^version: (.*)$", read("CITATION.cff"), re.MULTILINE)[1] == gan1d.__version__
    assert re.search(r"^## \[(.*?)\]", read("CHANGELOG.md"), re.MULTILINE)[1] == gan1d.__version__


def test_the_constraints_are_within_the_bounds():
    lines = [line for line in read("constraints.txt").splitlines() if not line.startswith("#")]
    pinned = dict(line.split("==") for line in lines)
    for bound in tomllib.loads(read("pyproject.toml"))["project"]["dependencies"]:
        requirement = Requirement(bound)
        version = pinned[requirement.name.replace("_", "-")]
        assert requirement.specifier.contains(version), bound
