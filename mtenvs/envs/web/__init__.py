"""Web environments: WebArena, VisualWebArena and MiniWoB++ in a real Chromium, over our own sites or the official ones."""
