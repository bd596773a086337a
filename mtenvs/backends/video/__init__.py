"""The frame store: exact frames, sound and text of video files, planned together and decoded once."""

from mtenvs.core.errors import MissingRequirement

try:
    import av  # noqa: F401 - to say what is missing
except ImportError as error:  # pragma: no cover - only where the extra is not installed
    raise MissingRequirement("video", "av (PyAV)", "pip install 'mtenvs[video]'") from error

from mtenvs.backends.video.frames import Frame, Frames, Image, Size, Subtitle, VideoInfo, fit
from mtenvs.backends.video.store import FrameRequest, VideoStore, prefetch, read_many

__all__ = ["Frame", "FrameRequest", "Frames", "Image", "Size", "Subtitle", "VideoInfo", "VideoStore", "fit", "prefetch", "read_many"]
