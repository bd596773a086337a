"""Batches: what a turn costs beside the environment itself, against Gymnasium's vector environments and physical floors."""

from __future__ import annotations

import multiprocessing as mp
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any

import gymnasium as gym
import numpy as np
from _table import Row, arguments, show
from gymnasium import spaces
from gymnasium.vector.utils import create_empty_array
from numpy.typing import NDArray

import mtenvs
from mtenvs.core.errors import MissingRequirement
from mtenvs.core.spaces import UText

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))  # the chaos run is the tests' own, only longer

from rough_env import Chaos, chaos, chaos_batch

TEXT = "".join(chr(97 + i % 26) for i in range(2048))
HERO = "mtenvs/HeroBench-v0"
Step = Callable[[], Any]


class Still(gym.Env[dict[str, Any], str]):
    """Shows a picture and 2 KB of text; a turn takes what the action says (seconds), if anything.

    Args:
        shape: of the pictures; empty for none.
        pictures: how many there are, shown in turn; several large ones are not in the cache when it is their turn again.
        ours: `UText` for texts, else Gymnasium's `Text`.
    """

    def __init__(self, shape: tuple[int, ...] = (224, 224, 3), *, pictures: int = 1, ours: bool = True) -> None:
        text: gym.Space[Any] = UText(4096) if ours else spaces.Text(4096)
        parts: dict[str, gym.Space[Any]] = {"text": text}
        self.seen: dict[str, Any] = {"text": TEXT}
        self.pictures = cycle(several(shape, pictures) if shape else [])
        if shape:
            parts["image"] = spaces.Box(0, 255, shape, np.uint8)
            self.seen["image"] = next(self.pictures)
        self.observation_space = spaces.Dict(parts)
        self.action_space = UText(64) if ours else spaces.Text(64)

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Start."""
        super().reset(seed=seed, options=options)
        return self.seen, {}

    def step(self, action: str) -> tuple[dict[str, Any], float, bool, bool, dict[str, Any]]:
        """Wait as long as the action says."""
        if action != "go":
            time.sleep(float(action))
        if "image" in self.seen:
            self.seen = {"text": TEXT, "image": next(self.pictures)}
        return self.seen, 0.0, False, False, {}


def several(shape: tuple[int, ...], count: int) -> list[NDArray[np.uint8]]:
    """Random pictures."""
    return list(np.random.default_rng(0).integers(0, 256, (count, *shape), np.uint8))


def interleaved(steps: dict[str, Step], rounds: int, inner: int, before: dict[str, Step] | None = None) -> dict[str, float]:
    """Median seconds of one call of each, taken in turns so that a busy moment of the machine hits all.

    Args:
        steps: what is timed.
        rounds: how often each has its turn.
        inner: calls in each turn.
        before: what is done, untimed, before each call.
    """
    times: dict[str, list[float]] = {name: [] for name in steps}
    prepare = before or dict.fromkeys(steps, lambda: None)
    for name, step in steps.items():
        prepare[name]()
        step()
    for _ in range(rounds):
        for name, step in steps.items():
            for _ in range(inner):
                prepare[name]()
                began = time.perf_counter()
                step()
                times[name].append(time.perf_counter() - began)
    return {name: median(values) for name, values in times.items()}


def overhead(n: int, rounds: int) -> list[Row]:
    """The process backend beside AsyncVectorEnv, which is fastest with pipes when there is text.

    Both give arrays that nobody else writes to, their default. Ours may not have been in this processor's cache before, so
    there is also a row with one pass over the pictures.
    """
    target = np.empty((n, 224, 224, 3), np.uint8)
    ours, more = (mtenvs.make_vec(Still, n, backend="process", workers=workers) for workers in (None, min(n, os.cpu_count() or 1)))
    pipe, shared = (gym.vector.AsyncVectorEnv([partial(Still, ours=False)] * n, shared_memory=memory) for memory in (False, True))
    batches: tuple[Any, ...] = (ours, more, pipe, shared)
    try:
        for venv in batches:
            venv.reset(seed=0)
        found = interleaved(
            {
                "ours": lambda: ours.step(["go"] * n),
                "more": lambda: more.step(["go"] * n),
                "pipe": lambda: pipe.step(("go",) * n),
                "shared": lambda: shared.step(("go",) * n),
                "ours, read": lambda: np.copyto(target, ours.step(["go"] * n)[0]["image"]),
                "pipe, read": lambda: np.copyto(target, pipe.step(("go",) * n)[0]["image"]),
            },
            rounds,
            12,
        )
    finally:
        for venv in batches:
            venv.close()
    mine, all_, theirs, memory, read, read_too = (
        found[name] * 1e6 / n for name in ("ours", "more", "pipe", "shared", "ours, read", "pipe, read")
    )
    return [
        Row.cost(f"process, n={n}, a turn of one environment", "us", mine, theirs, "AsyncVectorEnv, pipes", target=1 / 3),
        Row.cost(f"process, n={n}, the same, a worker for each processor", "us", all_, theirs, "AsyncVectorEnv, pipes"),
        Row.cost(f"process, n={n}, the same as the first and one pass over the pictures", "us", read, read_too, "AsyncVectorEnv, pipes"),
        Row.cost(f"process, n={n}, the same as the first", "us", mine, memory, "AsyncVectorEnv, shared memory"),
    ]


def _echo(pipe: Any, pictures: Sequence[Any]) -> None:
    shown = cycle(pictures)
    while pipe.recv() is not None:
        pipe.send((next(shown), TEXT))


def pause() -> None:
    """Be busy for 2 ms, as a policy is."""
    until = time.perf_counter() + 0.002
    while time.perf_counter() < until:
        pass


def large(rounds: int) -> list[Row]:
    """Pictures of 1280 x 720 with text: views of shared memory beside memcpy and beside a pipe that pickles.

    The read is what it takes to have the observations of a finished turn: `recv` with ``copy=False``, which gives views. Beside it
    the same with one pass over the picture, the same pass as the peer's over memory of its own, and the whole turn, with the request,
    the worker's writing of the picture (itself a memcpy) and the waiting.
    """
    shape, count = (720, 1280, 3), 8
    venv = mtenvs.make_vec(partial(Still, shape, pictures=count), 1, backend="process", copy=False)
    pictures = several(shape, count)
    target, shown = np.empty_like(pictures[0]), cycle(pictures)
    here, there = mp.get_context("spawn").Pipe()
    peer = mp.get_context("spawn").Process(target=_echo, args=(there, pictures), daemon=True)
    peer.start()

    def pickled() -> Any:
        here.send("go")
        return here.recv()

    def read() -> Any:
        return venv.recv().obs["image"][0]

    def read_through() -> None:
        np.copyto(target, read())

    def send() -> None:
        venv.send(["go"])
        pause()  # the turn is finished when the clock starts

    def plain() -> None:
        np.copyto(target, next(shown))

    try:
        venv.reset(seed=0)
        found = interleaved({"ours": lambda: venv.step(["go"]), "copy": plain, "pipe": pickled}, rounds, 16)
        before = {"read": send, "through": send, "copy": pause}
        reading = interleaved({"read": read, "through": read_through, "copy": plain}, rounds, 4, before)
    finally:
        here.send(None)
        venv.close()
        peer.join()
    mine, copy, pipe = (found[name] * 1e6 for name in ("ours", "copy", "pipe"))
    view, through, once = (reading[name] * 1e6 for name in ("read", "through", "copy"))
    return [
        Row.cost("1280x720x3 + 2 KB, zero-copy read: recv of a finished turn", "us", view, once, "one memcpy of the picture", target=1.5),
        Row.cost("1280x720x3 + 2 KB, the same and one pass over the picture", "us", through, once, "one memcpy of the picture"),
        Row.cost("1280x720x3 + 2 KB, the whole turn, zero-copy", "us", mine, copy, "one memcpy of the picture"),
        Row.cost("1280x720x3 + 2 KB, the whole turn, zero-copy", "us", mine, pipe, "a pipe that pickles", target=0.2),
    ]


def hand_off(rounds: int) -> Row | str:
    """64 pictures of 224 x 224 from a batch to the device, beside one copy from pinned memory; the reason where it cannot be measured."""
    try:
        import torch  # noqa: PLC0415 - an extra

        from mtenvs.vector.hand_off import to_torch  # noqa: PLC0415 - needs it
    except (ImportError, MissingRequirement) as e:
        return str(e)
    if not torch.cuda.is_available():
        return "no CUDA device on this machine"
    pictures = np.stack(several((224, 224, 3), 64))
    pinned = torch.from_numpy(pictures).pin_memory()
    device = torch.device("cuda")

    def ours() -> None:
        to_torch({"image": pictures}, device)
        torch.cuda.synchronize()

    def peer() -> None:
        pinned.to(device, non_blocking=True)
        torch.cuda.synchronize()

    found = interleaved({"ours": ours, "peer": peer}, rounds, 8)
    mine, theirs = (pictures.nbytes / found[name] / 1e9 for name in ("ours", "peer"))
    return Row.speedup("to_torch, 64x224x224x3", "GB/s", mine, theirs, "one pinned host-to-device copy", target=0.8)


def waiting(turns: int) -> Row:
    """64 environments that wait for 50 ms each turn, in threads."""
    venv = mtenvs.make_vec(partial(Still, ()), 64, backend="thread")
    venv.reset(seed=0)
    venv.step(["go"] * 64)
    began = time.perf_counter()
    for _ in range(turns):
        venv.step(["0.05"] * 64)
    took = time.perf_counter() - began
    venv.close()
    ideal = 64 / 0.05
    return Row.speedup("thread, 64 that wait 50 ms", "turns/s", 64 * turns / took, ideal, "ideal", target=0.9)


def own_pace(turns: int) -> Row:
    """32 environments in threads whose turns take lognormal times (median 10 ms, sigma 1): recv beside lock-step."""
    n = 32
    venv = mtenvs.make_vec(partial(Still, ()), n, backend="thread")
    venv.reset(seed=0)
    waits = [f"{w:.4f}" for w in 0.01 * np.random.default_rng(0).lognormal(0.0, 1.0, n * turns)]

    def lock_step() -> float:
        began = time.perf_counter()
        for k in range(turns):
            venv.step(waits[k * n : (k + 1) * n])
        return time.perf_counter() - began

    def as_they_come() -> float:
        began, left = time.perf_counter(), waits[n:]
        venv.send(waits[:n])
        done = 0
        while done < n * turns:
            ids = venv.recv(min_ready=1).env_ids
            done += len(ids)
            more = ids[: len(left)]
            if len(more):
                venv.send([left.pop() for _ in more], more.tolist())
        return time.perf_counter() - began

    pairs = [(as_they_come(), lock_step()) for _ in range(3)]
    venv.close()
    mine, theirs = (n * turns / median(pair[k] for pair in pairs) for k in (0, 1))
    return Row.speedup("send/recv, lognormal times", "turns/s", mine, theirs, "lock-step over the same times", target=2)


def texts(rounds: int) -> Row:
    """Membership and a batch of eight texts of 2 KB, as `AsyncVectorEnv` with shared memory does them."""
    from gymnasium.spaces.utils import flatten, unflatten  # noqa: PLC0415 - only here
    from gymnasium.vector.utils import concatenate  # noqa: PLC0415 - only here

    ours, theirs = UText(4096), spaces.Text(4096)
    items = [TEXT] * 8
    empty: Any = create_empty_array(ours, 8)

    def mine() -> Any:
        return [item in ours for item in items], concatenate(ours, items, empty)

    def peer() -> Any:
        return [item in theirs for item in items], [unflatten(theirs, flatten(theirs, item)) for item in items]

    found = interleaved({"ours": mine, "peer": peer}, rounds, 3)
    name = "Gymnasium's Text: contains + flatten + unflatten"
    return Row.cost("UText, contains + batch of 8 at 2 KB", "us", found["ours"] * 1e6, found["peer"] * 1e6, name, target=0.01)


def heroes(seconds: float) -> list[Row]:
    """64 HeroBench environments with text, oracle plays; whole batches, resets included."""
    n = 64
    options: dict[str, Any] = {"task": "own/5/0", "obs_mode": "text"}
    single: Any = mtenvs.make(HERO, **options)
    single.reset(seed=0)
    actions: list[Any] = []
    ended = False
    while not ended:
        actions.append(single.unwrapped.next_oracle_action())
        ended = any(single.step(actions[-1])[2:4])
    kinds = {name: mtenvs.make_vec(HERO, n, backend=name, **options) for name in ("process", "sync", "native")}
    rates: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(3):
        for name, venv in kinds.items():
            rates[name].append(_play(venv, actions, seconds))
    for venv in kinds.values():
        venv.close()
    processes, native, theirs = (median(rates[name]) for name in ("process", "native", "sync"))
    return [
        Row.rate("HeroBench, 64 by processes, text", "turns/s", processes, theirs, "sync backend", target=20_000),
        Row.rate("HeroBench, 64 in the batched engine, text", "turns/s", native, theirs, "sync backend", target=50_000),
    ]


def _play(venv: Any, actions: Sequence[Any], seconds: float) -> float:
    turns, took = 0, 0.0
    while took < seconds:
        venv.reset(seed=0)
        began = time.perf_counter()
        for action in actions:
            venv.step([action] * venv.num_envs)
        took += time.perf_counter() - began
        turns += len(actions) * venv.num_envs
    return turns / took


def disturbed(steps: int) -> list[Row]:
    """Eight environments; about every 100 batches one hangs, raises, ends its process or sends odd text."""
    venv = chaos_batch()
    began = time.perf_counter()
    found: Chaos = chaos(venv, steps, 100)
    took = time.perf_counter() - began
    venv.close()
    faults = sum(found.faults.values())
    name = f"chaos, {steps:,} batches of 8, {faults} faults in {took:.0f} s: "
    wrong = (("lost replies", found.lost), ("shifted replies", found.shifted), ("episodes of others ended", found.innocent))
    return [Row.limit(name + what, "replies", float(count), None, "", target=0) for what, count in wrong]


def main() -> None:
    """Print the rows."""
    args = arguments(__doc__)
    rounds = 12 if args.quick else 60
    rows = [row for n in (2, 4, 8) for row in overhead(n, rounds)]
    rows += large(rounds)
    rows += [waiting(20 if args.quick else 60), own_pace(15 if args.quick else 60), texts(rounds)]
    rows += heroes(1.0 if args.quick else 4.0)
    rows += disturbed(800 if args.quick else 10_000)
    sent = hand_off(rounds)
    if isinstance(sent, Row):
        rows.append(sent)
    show(rows, args)
    if not isinstance(sent, Row):
        print(f"skipped: to_torch, 64x224x224x3: {sent}", file=sys.stderr)


if __name__ == "__main__":
    main()
