"""Makes a file of a script: scenes are drawn and encoded by several processes, then put together."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

from mtenvs.core.errors import VideoError
from mtenvs.envs.video.own import mux
from mtenvs.envs.video.own.codec import Encoded, pyav
from mtenvs.envs.video.own.geometry import span
from mtenvs.envs.video.own.script import Script
from mtenvs.envs.video.own.sound import find_speaker
from mtenvs.envs.video.own.worker import SOUND, receive

Progress = Callable[[float], None]
"""Is told the share of the work that is done, from 0 to 1."""


def render(script: Script, path: Path, *, jobs: int = 2, progress: Progress = lambda _: None) -> None:
    """Draw, speak, encode and write a film.

    Args:
        script: the film.
        path: where to; what is there is overwritten.
        jobs: how many processes draw.
        progress: is told how far it is.

    Raises:
        MissingRequirement: PyAV or espeak-ng is not installed; nothing has been drawn then.
        VideoError: a process ended early.
        OSError: the file cannot be written.
    """
    pyav()
    if script.lines:
        find_speaker()
    sizes = {mux.segment(s): span(script, s) for s in script.scenes}
    sizes[SOUND] = script.num_frames // 40  # so many pictures take as long
    done = _Work(script, sizes, progress).run(max(1, jobs))
    sound = done.pop(SOUND)
    mux.write(path, script, done, sound)


class _Work:
    """Hands segments to processes, the longest first, and gathers what they make."""

    def __init__(self, script: Script, sizes: dict[str, int], progress: Progress) -> None:
        self._script, self._sizes, self._progress = script, sizes, progress
        self._left = sorted(sizes, key=lambda n: sizes[n])
        self._done: dict[str, Encoded] = {}
        self._errors: list[Exception] = []
        self._lock = threading.Lock()

    def run(self, jobs: int) -> dict[str, Encoded]:
        threads = [threading.Thread(target=self._drive, daemon=True) for _ in range(min(jobs, len(self._left)))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self._errors:
            raise self._errors[0]
        return self._done

    def _drive(self) -> None:
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p), "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "mtenvs.envs.video.own.worker"]
        with tempfile.TemporaryFile() as said:
            process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said, env=env)  # noqa: S603 - our module
            with process:
                try:
                    self._serve(process)
                except (OSError, EOFError):
                    process.kill()
                    process.wait()
                    said.seek(0)
                    tail = said.read().decode(errors="replace").strip().splitlines()[-1:]
                    why = " ".join(tail) or f"a process ended with {process.returncode}"
                    self._errors.append(VideoError(f"the film {self._script.name} could not be drawn: {why}"))
                except Exception as e:  # noqa: BLE001 - of the progress: who waits for this thread gets it
                    process.kill()
                    self._errors.append(e)

    def _serve(self, process: subprocess.Popen[bytes]) -> None:
        source, sink = _pipe(process.stdout), _pipe(process.stdin)
        sink.write(json.dumps(self._script.to_dict()).encode() + b"\n")
        while (name := self._next()) is not None:
            sink.write(name.encode() + b"\n")
            sink.flush()
            encoded = receive(source)  # type: ignore[arg-type]  # a pipe opened for bytes reads bytes
            with self._lock:
                self._done[name] = encoded
                self._progress(sum(self._sizes[n] for n in self._done) / sum(self._sizes.values()))
        sink.close()

    def _next(self) -> str | None:
        with self._lock:
            return self._left.pop() if self._left and not self._errors else None


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise ValueError("the process was opened without pipes")
    return pipe
