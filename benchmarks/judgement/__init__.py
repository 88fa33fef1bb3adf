"""How good routing functions and caches are on labelled data: `python -m benchmarks.judgement FILE…`."""
