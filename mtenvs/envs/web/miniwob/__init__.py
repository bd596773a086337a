"""MiniWoB++: 130 small pages, each a task of its own, from the `miniwob` package."""
