"""Document and screens: an assessment or a plan as text, bytes or a renderable."""
