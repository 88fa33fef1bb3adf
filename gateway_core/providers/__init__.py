"""Providers as data: one TOML file each, the catalogue of their models, and what these cost."""
