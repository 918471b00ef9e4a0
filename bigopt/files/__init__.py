"""Instance files, recipes and sidecars."""

from bigopt.files import recipe
from bigopt.files.instance import READERS

READERS[".toml"] = recipe.read
