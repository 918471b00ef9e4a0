"""The receiver's likelihood, its coordinate H, and exact responses."""
