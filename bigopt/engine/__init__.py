"""From a game to a certified solution: choose, build, run, read, verify, check, prove, export."""
