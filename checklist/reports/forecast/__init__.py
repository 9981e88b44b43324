"""A forecast and a drawing in words."""
