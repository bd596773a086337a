"""FrameThinker: spotlight frames of a long video in a few turns, then answer."""
