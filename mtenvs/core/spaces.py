"""`UText`, the space of any text, and the observation dictionary that all environments share."""

from __future__ import annotations

import multiprocessing as mp
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, overload

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from gymnasium.spaces.utils import flatdim, flatten, flatten_space, unflatten
from gymnasium.vector.utils import (
    batch_differing_spaces,
    concatenate,
    create_empty_array,
    create_shared_memory,
    read_from_shared_memory,
    write_to_shared_memory,
)
from numpy.typing import NDArray

from mtenvs.core.errors import UnknownOption

OBS_MODES: Final = ("text", "vision", "text+vision", "state", "all")
_TEXT_KEYS: Final = frozenset({"goal", "text"})
_IMAGE_KEYS: Final = frozenset({"image", "frames", "num_frames", "frame_indices", "frame_times"})
_NUMERIC_KEYS: Final = frozenset({"state", "action_mask"})
_KEYS_OF_MODE: Final[Mapping[str, frozenset[str]]] = {
    "text": _TEXT_KEYS,
    "vision": _TEXT_KEYS | _IMAGE_KEYS,
    "text+vision": _TEXT_KEYS | _IMAGE_KEYS,
    "state": _NUMERIC_KEYS,
    "all": _TEXT_KEYS | _IMAGE_KEYS | _NUMERIC_KEYS,
}
_SAMPLE_ALPHABET: Final = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,!?-_()[]\n äßçé漢字🙂"
CUT_MARK: Final = "\n[... {} characters cut ...]"


class UText(gym.Space[str]):
    """Any unicode string of at most ``max_chars`` characters.

    Unlike `gymnasium.spaces.Text` it looks at the length alone, so that membership and batching take constant time per
    string however long it is. A batch is a tuple of ``str``.

    Args:
        max_chars: the longest string that is a member; at least 1.
        seed: seed of `sample`.
    """

    def __init__(self, max_chars: int = 20_000, *, seed: int | np.random.Generator | None = None) -> None:
        if max_chars < 1:
            raise UnknownOption(f"UText needs max_chars >= 1, not {max_chars}")
        self.max_chars = int(max_chars)
        super().__init__(dtype=str, seed=seed)

    @property
    def is_np_flattenable(self) -> bool:
        """True: `flatten` gives code points."""
        return True

    def contains(self, x: Any) -> bool:
        """Whether ``x`` is a string that is not too long."""
        return isinstance(x, str) and len(x) <= self.max_chars

    def sample(self, mask: None = None, probability: None = None) -> str:
        """A short random string that is not only ASCII.

        Args:
            mask: must be None; there is nothing to mask in free text.
            probability: must be None.
        """
        if mask is not None or probability is not None:
            raise UnknownOption("UText.sample takes neither mask nor probability")
        length = int(self.np_random.integers(0, min(24, self.max_chars) + 1))
        return "".join(_SAMPLE_ALPHABET[i] for i in self.np_random.integers(0, len(_SAMPLE_ALPHABET), length))

    def fit(self, text: str) -> str:
        """``text`` itself, or its beginning with a visible marker that says how many characters were cut."""
        if len(text) <= self.max_chars:
            return text
        mark = CUT_MARK.format(len(text))
        keep = max(0, self.max_chars - len(mark))
        return (text[:keep] + CUT_MARK.format(len(text) - keep))[: self.max_chars]

    def __repr__(self) -> str:
        return f"UText({self.max_chars})"

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.__dict__.get("max_chars") == self.max_chars

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.max_chars))


def declare(obs_mode: str, available: Mapping[str, gym.Space[Any]]) -> spaces.Dict:
    """The observation space of an environment that has ``available`` keys, for one ``obs_mode``.

    Args:
        obs_mode: one of `OBS_MODES`.
        available: every key of DESIGN 2 that the environment can fill, with its space.

    Raises:
        UnknownOption: the mode does not exist, or shows nothing that this environment has.
    """
    if obs_mode not in OBS_MODES:
        raise UnknownOption(f"obs_mode={obs_mode!r} does not exist; choose one of {', '.join(OBS_MODES)}")
    wanted = _KEYS_OF_MODE[obs_mode]
    chosen = {key: space for key, space in available.items() if key in wanted}
    needed = {"vision": _IMAGE_KEYS, "text+vision": _IMAGE_KEYS, "state": frozenset({"state"})}.get(obs_mode)
    if needed is not None and not needed & chosen.keys():
        have = [mode for mode in OBS_MODES if mode in ("text", "all") or available.keys() & (_KEYS_OF_MODE[mode] - _TEXT_KEYS)]
        raise UnknownOption(f"obs_mode={obs_mode!r} shows nothing in this environment; it has {', '.join(have)}")
    return spaces.Dict(chosen)


# Gymnasium dispatches on the type of the space. Without these registrations its vector environments refuse UText.
# `batch_space` already does the right thing for a custom space, and `iterate` must stay unregistered: Gymnasium walks
# a tuple of spaces that it does not know item by item, which is what a batch of strings needs.


@batch_differing_spaces.register(UText)
def _batch_differing(batch: Any) -> spaces.Tuple[Any]:  # type: ignore[misc]  # the dispatcher looks at the first item of the list
    return spaces.Tuple(tuple(batch))


@concatenate.register(UText)
def _concatenate(space: UText, items: Iterable[str], out: Any) -> tuple[str, ...]:  # noqa: ARG001 - same, and tuples are not filled in place
    return tuple(items)


@create_empty_array.register(UText)
def _create_empty_array(space: UText, n: int = 1, fn: Callable[..., Any] = np.zeros) -> tuple[str, ...]:  # noqa: ARG001 - same
    return ("",) * n


_HEADER: Final = 4  # bytes of the length in front of each string in shared memory


@create_shared_memory.register(UText)
def _create_shared_memory(space: UText, n: int = 1, ctx: Any = mp) -> Any:
    return ctx.Array("c", n * _slot(space))


def _slot(space: UText) -> int:
    return _HEADER + 4 * space.max_chars  # UTF-8 takes at most four bytes a character


@write_to_shared_memory.register(UText)
def _write_to_shared_memory(space: UText, index: int, value: str, shared_memory: Any) -> None:
    raw = value.encode("utf-8", "surrogatepass")
    start = index * _slot(space)
    view = memoryview(shared_memory.get_obj()).cast("B")
    view[start : start + _HEADER + len(raw)] = len(raw).to_bytes(_HEADER, "little") + raw


class SharedTexts(Sequence[str]):
    """The strings in shared memory, as they are when they are looked at; a deep copy is a plain tuple.

    `AsyncVectorEnv` reads the memory once and from then on copies what it got. An array is a view that follows the memory,
    and so must the text be, or it would stay what it was before the first reset.

    Args:
        memory: bytes of the slots, one behind the other.
        slot: size of a slot in bytes.
        n: number of slots.
    """

    def __init__(self, memory: memoryview, slot: int, n: int) -> None:
        self._memory, self._slot, self._n = memory, slot, n

    def __len__(self) -> int:
        return self._n

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[str, ...]: ...
    def __getitem__(self, index: int | slice) -> str | tuple[str, ...]:
        if isinstance(index, slice):
            return tuple(self)[index]
        start = range(self._n)[index] * self._slot + _HEADER
        length = int.from_bytes(self._memory[start - _HEADER : start], "little")
        return bytes(self._memory[start : start + length]).decode("utf-8", "surrogatepass")

    def __deepcopy__(self, memo: dict[int, Any]) -> tuple[str, ...]:
        return tuple(self)

    def __repr__(self) -> str:
        return f"SharedTexts{tuple(self)}"


@read_from_shared_memory.register(UText)
def _read_from_shared_memory(space: UText, shared_memory: Any, n: int = 1) -> SharedTexts:
    return SharedTexts(memoryview(shared_memory.get_obj()).cast("B"), _slot(space), n)


@flatdim.register(UText)
def _flatdim(space: UText) -> int:
    return space.max_chars


@flatten_space.register(UText)
def _flatten_space(space: UText) -> spaces.Box:
    return spaces.Box(-1, 0x10FFFF, (space.max_chars,), np.int32)


@flatten.register(UText)
def _flatten(space: Any, x: str) -> NDArray[np.int32]:  # type: ignore[misc]  # typed as a union of all spaces upstream
    out = np.full(space.max_chars, -1, np.int32)
    out[: len(x)] = np.frombuffer(x.encode("utf-32-le", "surrogatepass"), np.int32)
    return out


@unflatten.register(UText)
def _unflatten(space: Any, x: NDArray[np.int32]) -> str:  # type: ignore[misc]  # noqa: ARG001 - same; the dispatcher passes the space
    codes = np.asarray(x, np.int32)
    return codes[codes >= 0].tobytes().decode("utf-32-le", "surrogatepass")
