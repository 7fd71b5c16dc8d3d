"""Functions of very different ranges and shapes, on which `docs/collapse.md` counts `stable`."""

import numpy as np

from gan1d import Function1D

root = Function1D("root", "√x", np.sqrt, 0, 1)
parabola = Function1D("parabola", "(x - 2000)²", lambda x: (x - 2000) ** 2, 1990, 2010)
exponential = Function1D("exponential", "eˣ", np.exp, -2, 2)
logarithm = Function1D("logarithm", "ln x", np.log, 0.01, 1)
pole = Function1D("pole", "1/x", lambda x: 1 / x, 0.05, 1)
step = Function1D("step", "sign x", np.sign, -1, 1)
zigzag = Function1D("zigzag", "|x mod 2 - 1|", lambda x: np.abs(x % 2 - 1), 0, 4)
small = Function1D("small", "sin(3000 x) / 1000", lambda x: np.sin(3e3 * x) / 1e3, 0, 3e-3)
large = Function1D("large", "1000 cos(x/300)", lambda x: 1e3 * np.cos(x / 300), -1000, 1000)
wave = Function1D("wave", "sin x", np.sin, 0, 10)
waves = Function1D("waves", "sin 6πx", lambda x: np.sin(6 * np.pi * x))
periods = Function1D("periods", "sin 4πx", lambda x: np.sin(4 * np.pi * x))
teeth = Function1D("teeth", "x mod 1", lambda x: x % 1, 0, 3)
six_waves = Function1D("six waves", "sin 6πx", lambda x: np.sin(6 * np.pi * x), -1, 1)
ten_waves = Function1D("ten waves", "sin 10πx", lambda x: np.sin(10 * np.pi * x), -1, 1)
chirp = Function1D("chirp", "sin 2π(x + 1)²", lambda x: np.sin(2 * np.pi * (x + 1) ** 2), -1, 1)
arches = Function1D("arches", "|sin 3πx|", lambda x: np.abs(np.sin(3 * np.pi * x)), -1, 1)
stairs = Function1D("stairs", "⌊5x⌋", lambda x: np.floor(5 * x), 0, 1 - 1e-6)
