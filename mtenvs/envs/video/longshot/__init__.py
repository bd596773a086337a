"""LongShOT: a conversation of two or three questions about a long video, answered with search tools and scored by rubrics."""
