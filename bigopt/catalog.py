"""Models and instances by name: `catalog.model("big_potential")`, `catalog.instance("big/example-1-opposed")`."""

from bigopt.algebra.library import model, models
from bigopt.files.library import instance, instance_path, instances
from bigopt.places import folder

__all__ = ["folder", "instance", "instance_path", "instances", "model", "models"]
