"""The C program of `gan.c`, compiled here. Arguments: flags of the compiler."""

import ctypes
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
from numpy_loop import BATCH, LATENT_DIM, he_uniform
from serve import serve


def compiled(*flags):
    """Return the program as a library."""
    source = pathlib.Path(__file__).with_name("gan.c")
    with tempfile.TemporaryDirectory() as folder:
        library = f"{folder}/gan.so"
        command = ["cc", *flags, "-shared", "-fPIC", "-o", library, str(source), "-lm"]
        subprocess.run(command, check=True)
        return ctypes.CDLL(library)


class Gan:
    def __init__(self, g_weights, d_weights, flags=("-O3",)):
        self.library = compiled(*flags)
        self.shapes = [weight.shape for weight in (*g_weights, *d_weights)]
        parts = []
        for weights in (g_weights, d_weights):
            flat = np.concatenate([weight.ravel() for weight in weights])
            parts += [flat, np.zeros(2 * flat.size, "float32")]  # and both moments of Adam
        self.sizes = parts[0].size, parts[2].size
        self.state = np.concatenate([*parts, np.zeros(2, "float32")])  # and both counts of steps
        self.pointer = self.state.ctypes.data_as(ctypes.c_void_p)

    def update(self, *draws):
        """Take an update; the draws, (n, dimensions), are laid out as the program wants them."""
        padded = []
        for draw in draws:
            array = np.zeros((draw.shape[1], BATCH), "float32")
            array[:, : len(draw)] = np.asarray(draw).T
            padded.append(array)
        self.library.update(self.pointer, *(a.ctypes.data_as(ctypes.c_void_p) for a in padded))

    def weights(self):
        g_size, d_size = self.sizes
        flat = np.concatenate([self.state[:g_size], self.state[3 * g_size :][:d_size]])
        weights = []
        for shape in self.shapes:
            weights.append(flat[: np.prod(shape)].reshape(shape))
            flat = flat[np.prod(shape) :]
        return weights


def prepare():
    rng = np.random.default_rng(0)
    weights = he_uniform(rng, LATENT_DIM, 15, 2), he_uniform(rng, 2, 25, 1)
    gan = Gan(*weights, flags=sys.argv[1:])

    def take(n_updates):
        seed = ctypes.c_uint64(int(rng.integers(2**62)))
        gan.library.train(gan.pointer, n_updates, seed)

    take(100)
    return take


if __name__ == "__main__":
    serve(prepare)
