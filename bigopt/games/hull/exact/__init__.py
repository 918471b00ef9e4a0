"""Fits of many nested sets of Bobs, by their Gram matrices."""
