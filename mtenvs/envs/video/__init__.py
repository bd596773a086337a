"""Family `video`: long films, in which an agent must decide where to look."""
