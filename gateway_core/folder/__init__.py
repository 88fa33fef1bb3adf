"""The data folder and the configuration file: where they are, whose they are, and who may read them."""
