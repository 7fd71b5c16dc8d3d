"""Logistic regression as the smallest neural network there is."""
