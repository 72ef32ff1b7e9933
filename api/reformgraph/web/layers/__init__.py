"""Layers around the application: cache, choice of release, logs and numbers."""
