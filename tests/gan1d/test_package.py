import gan1d


def test_every_name_is_there():
    assert {*gan1d.__all__} <= {*dir(gan1d)}
    assert all(getattr(gan1d, name) is not None for name in gan1d.__all__)
