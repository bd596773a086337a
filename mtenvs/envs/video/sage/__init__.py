"""SAGE: any-horizon reasoning about a video with tools."""
