"""Instance files, recipes, sidecars and tables, in and out."""

from bigopt.files import recipe
from bigopt.files.instance import READERS

READERS[".toml"] = recipe.read
