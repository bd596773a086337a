"""Families of environments, one folder each."""
