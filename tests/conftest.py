"""Random tests draw the same cases on every machine and every day, however slow it is."""

from hypothesis import settings

settings.register_profile("same-cases", derandomize=True, deadline=None)
settings.load_profile("same-cases")
