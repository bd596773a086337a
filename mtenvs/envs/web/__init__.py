"""Family `web`: sites in a real browser, and the official web benchmarks."""
