"""What a script is made of: scenes, people, what is seen and what is heard. Times, boxes and ids are as `script` says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from mtenvs.envs.video.own.vocabulary import an

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Camera:
    """How the camera moves in a scene, evenly from its first to its last frame.

    Args:
        x0, x1: where in its room to move it begins and ends, 0 is leftmost, 1 is rightmost.
        zoom0, zoom1: magnification at the beginning and at the end, 1 shows the whole height of the place, at most 1.5.
    """

    x0: float
    x1: float
    zoom0: float = 1.0
    zoom1: float = 1.0


@dataclass(frozen=True, slots=True)
class Scene:
    """One shot, between two cuts. The scenes of a film follow each other without gaps.

    Args:
        place: a name of `vocabulary.PLACES`.
        light: one of `vocabulary.LIGHTS`.
        camera: how the camera moves.
        filler: "" for a shot that is seen once; else the name of a filler, whose pictures are the same, from its first frame
            on, each time: it lasts a whole number of GOPs, and its camera moves through the longest showing. Nothing that a
            question asks for is in a filler.
        seed: of the scenery: which houses, clouds, boats and passers-by in grey.
    """

    id: str
    start: float
    end: float
    place: str
    light: str
    camera: Camera
    filler: str = ""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whom one can tell from all others. Passers-by of the scenery wear grey and no hat.

    Args:
        coat: a colour of `vocabulary.COLOURS`; no two persons have the same coat and hat.
        hat: a colour, or "" for bare-headed.
    """

    id: str
    coat: str
    hat: str = ""

    @property
    def looks(self) -> str:
        """Such as ``"the person in the red coat and the yellow hat"``."""
        return f"the person in the {self.coat} coat" + (f" and the {self.hat} hat" if self.hat else "")


@dataclass(frozen=True, slots=True)
class Appearance:
    """A person is in the picture, from `start` to `end`, in one scene.

    Args:
        way: ``"cross"`` (walks from one edge to the other), ``"visit"`` (comes in, stops, and goes back out) or ``"stand"``
            (is there through the whole scene).
        side: -1 comes from the left, or stands left of the middle; 1 from or on the right.
    """

    id: str
    person: str
    scene: str
    start: float
    end: float
    way: str
    side: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happens once, in one scene, in sight from `start` to `end`.

    Args:
        kind: ``"pass"`` (a thing of `vocabulary.SUBJECTS` crosses the picture) or ``"drop"`` (a person who crosses it loses a
            parcel, which lies where it fell until the scene ends).
        subject: what: a name of `vocabulary.SUBJECTS` or ``"parcel"``. No two events have the same subject and colour.
        colour: of the subject.
        side: -1 goes from left to right, 1 from right to left.
        height: for a thing in the sky, how high the middle of it flies, 0 is the top of the picture.
        person: id of who drops it, else "".
        appearance: id of the appearance in which that happens, else "".
    """

    id: str
    kind: str
    subject: str
    colour: str
    scene: str
    start: float
    end: float
    side: int = -1
    height: float = 0.0
    person: str = ""
    appearance: str = ""

    @property
    def noun(self) -> str:
        """Such as ``"a red balloon"``."""
        return an(f"{self.colour} {self.subject}")


@dataclass(frozen=True, slots=True)
class Sign:
    """Words in the picture, from `start` to `end`; no two signs have the same words.

    Args:
        kind: ``"board"`` (stands on the ground through the whole scene), ``"banner"`` (a small plane pulls it across the sky) or
            ``"caption"`` (written over the foot of the picture).
        text: capitals, digits, spaces and ``:.-``.
        pixels: size of the letters at zoom 1: the height of a line of text, in pixels of a picture 360 high.
        about: what the words speak of: "place" (they name the place `value`), "number" (they hold the number `value`) or "".
        value: see `about`.
        side: as for an event; a board stands on that side of the middle.
        height: as for an event; of the middle of a banner.
    """

    id: str
    kind: str
    text: str
    scene: str
    start: float
    end: float
    pixels: int
    about: str = ""
    value: str = ""
    side: int = -1
    height: float = 0.2


@dataclass(frozen=True, slots=True)
class Line:
    """Spoken words, which are also a subtitle from `start` to `end`; lines do not overlap.

    Args:
        speaker: who speaks, for the subtitle: "Anna", "Announcer".
        voice: index of the voice that speaks, 0 to 5; a speaker keeps their voice.
        text: as in the subtitle.
        about: "code" (it gives the code `value` of the thing `key`), "cue" (it is said while the entry `beside` is in sight) or
            "" (small talk, of nothing that is asked).
        key: of a code, what it opens: "locker".
        value: of a code, its digits: "4719".
        beside: of a cue, the id of the event, sign or appearance.
    """

    id: str
    speaker: str
    voice: int
    text: str
    start: float
    end: float
    about: str = ""
    key: str = ""
    value: str = ""
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Beep:
    """A row of short beeps of one pitch; rows do not overlap with each other or with lines.

    Args:
        count: how many.
        pitch: in Hz; no two rows have the same.
        every: seconds from one beep to the next.
        length: of one beep, in seconds.
        beside: id of the event or appearance that is in sight all the while, or "".
    """

    id: str
    start: float
    count: int
    pitch: int
    every: float = 0.48
    length: float = 0.2
    beside: str = ""

    @property
    def end(self) -> float:
        """When the last beep is over."""
        return round(self.start + (self.count - 1) * self.every + self.length, 6)


Entry = Scene | Person | Appearance | Event | Sign | Line | Beep

WAYS: Final = ("cross", "visit", "stand")
EVENT_KINDS: Final = ("pass", "drop")
SIGN_KINDS: Final = ("board", "banner", "caption")
GROUPS: Final[dict[str, type]] = {
    "scenes": Scene,
    "people": Person,
    "appearances": Appearance,
    "events": Event,
    "signs": Sign,
    "lines": Line,
    "beeps": Beep,
}
