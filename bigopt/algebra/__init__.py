"""What model files are written with and loaded by."""
