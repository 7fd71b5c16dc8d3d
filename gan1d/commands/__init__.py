"""What a person runs: `gan1d train`, `sweep` and `live`, a module each."""
