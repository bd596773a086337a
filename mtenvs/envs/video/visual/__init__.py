"""`mtenvs/VisualSearch-v0`: zoom into large generated scenes until the answer can be read (Mini-o3)."""
