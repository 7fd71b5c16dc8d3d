"""On TensorFlow: a chunk of updates is one `tf.function`, by default compiled by XLA."""

import tensorflow as tf


class Backend:
    values = ()  # variables are changed in place

    def compile(self):
        # As in Keras, Python's `if` and `for` stay Python's.
        return tf.function(self.chunk, jit_compile=self.xla, autograph=False)

    def take(self, *arguments):
        try:
            done, losses, _ = self.compiled(self.values, *arguments)
        except tf.errors.OpError:
            if not self.xla:
                raise
            # Keras would train it, without XLA: that has no `tf.print`, say. Nothing is changed
            # yet, for what XLA compiles changes the variables at its end.
            self.xla, self.compiled = False, tf.function(self.chunk, autograph=False)
            return self.take(*arguments)
        return done, losses

    def step(self, values, draws):
        return self.update(draws), values

    def minimize(self, model, loss):
        with tf.GradientTape() as tape:
            value = loss()
            scaled = model.optimizer.scale_loss(value)
        variables = model.trainable_variables
        gradients = tape.gradient(scaled, variables)
        model.optimizer.apply_gradients(zip(gradients, variables, strict=True))
        return value
