"""Pictures of a GAN and of its training: `plots`, `diagrams` of the models, and the `film`."""
