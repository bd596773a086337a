"""Family `words`: worlds made of text alone."""
