"""Instance files, recipes and sidecars."""
