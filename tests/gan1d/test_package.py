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
