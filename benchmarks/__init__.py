"""Every speed that bigopt claims, measured beside a named peer in one run: ``python -m benchmarks``."""
