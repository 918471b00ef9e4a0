"""What games with an Alice and Bobs share."""
