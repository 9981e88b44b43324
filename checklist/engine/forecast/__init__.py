"""The inspection forecast (迎检推演): the law of the score when inspectors draw sites, and the drawing itself."""
