"""Ctrl-C ends a training after the updates at hand, so that all of them are kept."""

import signal

import keras


class StopOnSignal(keras.callbacks.Callback):
    """Ends training after the chunk at hand on Ctrl-C or SIGTERM; on the second, at once.

    It does so inside a `with` block of its own. A signal that is ignored, as `nohup` and `&`
    have it, stays so.

    Attributes:
        number: the signal's, once it came; else None.
    """

    def __init__(self):
        super().__init__()
        self.number = None

    def __enter__(self):
        self.before = {
            number: signal.signal(number, self.stop)
            for number in (signal.SIGINT, signal.SIGTERM)
            if signal.getsignal(number) is not signal.SIG_IGN
        }
        return self

    def __exit__(self, *error):
        for number, handler in self.before.items():
            signal.signal(number, handler)

    def on_train_batch_end(self, batch, logs=None):
        if self.number is not None:
            self.model.stop_training = True

    def stop(self, number, frame):
        if self.number is not None:
            raise SystemExit(128 + number)
        self.number = number
