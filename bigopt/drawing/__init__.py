"""Labels and legends that every picture needs."""
