"""A provider and developers that behave like real ones: for the demo, the tests and the benchmarks."""
