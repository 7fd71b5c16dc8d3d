import pytest

import gan1d


def test_importing_it_imports_nothing_that_takes_seconds(run_python):
    code = (
        "import sys, gan1d; print({'keras', 'tensorflow', 'matplotlib', 'pandas'} & {*sys.modules})"
    )
    finished = run_python(code)
    assert finished.stdout == "set()\n", finished.stderr


def test_every_name_is_there():
    assert {*gan1d.__all__} <= {*dir(gan1d)}
    assert all(getattr(gan1d, name) is not None for name in gan1d.__all__)


def test_an_editor_completes_a_name_and_shows_its_signature():
    jedi = pytest.importorskip("jedi")
    names = jedi.Script("import gan1d\ngan1d.le").complete()
    assert "learn" in [name.name for name in names]
    (signature,) = jedi.Script("import gan1d\ngan1d.learn(").get_signatures()
    assert [p.name for p in signature.params][:3] == ["f", "low", "high"]
