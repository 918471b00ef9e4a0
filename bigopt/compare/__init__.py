"""Comparing solvers: instances x concepts x solvers -> rows -> a report, every row judged by its certificate."""
