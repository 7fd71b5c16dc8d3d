"""On TensorFlow: a chunk of updates is one `tf.function`, by default compiled by XLA."""

import tensorflow as tf


class Backend:
    values = ()  # variables are changed in place

    def compile(self):
        if any(hasattr(variable.value, "distribute_strategy") for variable in self.variables):
            raise ValueError("gan_model must be made outside of a tf.distribute strategy's scope")
        # As in Keras, Python's `if` and `for` stay Python's.
        return tf.function(self.chunk, jit_compile=self.xla, autograph=False)

    def take(self, *arguments):
        try:
            done, losses, _ = self.run_chunk(self.values, *arguments)
        except tf.errors.OpError:
            if not self.xla:
                raise
            # XLA cannot compile all that TensorFlow can, `tf.print` for one: do without it, as
            # Keras would. No variable has changed yet: by XLA they change at the end of a chunk.
            self.xla, self.run_chunk = False, tf.function(self.chunk, autograph=False)
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
