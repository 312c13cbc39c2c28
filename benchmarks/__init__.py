"""What is timed, against peers, in one run: `python -m benchmarks`; one alone: `python -m benchmarks.engine`."""
