"""Our own generated films: a seed makes a script, a script makes a file with pictures, sound and subtitles."""
