"""Imported by every interpreter that a comparison under test starts: brings the toy kind and its bad solvers."""

import importlib

importlib.import_module("toywing").install()
