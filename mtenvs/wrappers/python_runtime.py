"""A persistent Python interpreter as a tool (CaveAgent)."""

from __future__ import annotations

from typing import Any, Final

import gymnasium as gym

from mtenvs.core.actions import action
from mtenvs.core.env import Obs
from mtenvs.core.errors import MissingRequirement, UnknownOption
from mtenvs.wrappers.base import checked_count
from mtenvs.wrappers.python_process import ProcessDied, PythonProcess, namespaces
from mtenvs.wrappers.tools import ToolWrapper

_FIT: Final = "inject and retrieve carry what JSON can: numbers, text, lists and dicts"


class PythonRuntime(ToolWrapper):
    """A tool ``python(code)`` whose variables live as long as the episode.

    Paper: "CaveAgent: Transforming LLMs into Stateful Runtime Operators" (arXiv 2601.01569): ``(namespace_t, output_t) =
    run(code_t, namespace_(t-1))``; the agent's context carries what was printed, the runtime carries the objects. `inject` puts data
    in, `retrieve` reads a variable, so that a reward can look at objects instead of at words.

    It is off by default: nothing is added without ``allow_code=True``, because it runs what an agent writes.

    What is isolated: the code runs in a process of its own, never in this one, with limits on memory, processor time, file size,
    open files and time per call, an environment without this process's variables, and a folder of its own that is removed.
    It is killed with its process group at the end of the episode, by `close`, and when a call does not return. Where Linux allows
    it (``unshare`` with user namespaces; see `isolated`), it also has no network, sees and signals only its own processes, cannot
    write any file outside its folder nor open a device, and has no capabilities.

    What is not isolated: it can read every file that this user can read. It runs on this kernel, under no system call
    filter. A path-named Unix socket that this user may open can be connected to. Where namespaces are not allowed, it also has
    the network, may write where this user may, and a process that leaves the group survives the kill; ``require_isolation=True``
    (the default) refuses to start there. Its answers are the agent's own doing: a reward that calls `retrieve` trusts code of the
    agent. For hostile code use a container or a virtual machine around the whole program.

    Calls take real time, so an episode in which code nearly runs out of time may not repeat. There are no snapshots.

    Args:
        env: the environment, with text actions.
        allow_code: must be True.
        timeout: seconds for one call; variables survive an interrupted call if the code lets itself be interrupted.
        memory_mb: address space in MiB.
        cpu_seconds: processor time of an episode.
        max_output: characters of output that a call may return; the rest is cut with a mark.
        require_isolation: raise where there are no namespaces, instead of going on without.

    Raises:
        UnknownOption: ``allow_code`` is not True, numbers out of range, or an environment without text actions.
        MissingRequirement: no namespaces here, and ``require_isolation``.
    """

    replay_refusal = "it runs code, and that is for whoever replays to allow"

    def __init__(
        self,
        env: gym.Env[Obs, Any],
        *,
        allow_code: bool = False,
        timeout: float = 5.0,
        memory_mb: int = 1024,
        cpu_seconds: int = 120,
        max_output: int = 4000,
        require_isolation: bool = True,
    ) -> None:
        if allow_code is not True:
            raise UnknownOption("PythonRuntime runs what an agent writes; read its docstring and pass allow_code=True")
        if not 0 < timeout <= 600:
            raise UnknownOption(f"timeout={timeout!r} is a number of seconds above 0, at most 600")
        settings = {"memory_mb": memory_mb, "cpu_seconds": cpu_seconds, "max_output": max_output}
        for name, value in settings.items():
            checked_count(name, value)
        if require_isolation and not namespaces():
            raise MissingRequirement(
                "wrappers",
                "unprivileged user namespaces (the command unshare)",
                "apt-get install util-linux, and sysctl kernel.unprivileged_userns_clone=1; or accept less with require_isolation=False",
            )
        self._settings: dict[str, Any] = {**settings, "timeout": float(timeout)}
        self._process: PythonProcess | None = None
        super().__init__(env, allow_code=allow_code, **self._settings, require_isolation=require_isolation)
        self.core.has_snapshots = False  # type: ignore[misc]  # of this instance only: a process cannot be put into bytes

    @property
    def isolated(self) -> tuple[str, ...]:
        """What the interpreter is cut off from: of ``network``, ``processes``, ``files`` and ``capabilities``; starts it if need be."""
        return self._interpreter().isolated

    @action
    def python(self, code: str) -> str:
        """Run Python code; variables, functions and imports stay for later calls. Prints, the value of the last line and errors come back.

        Args:
            code: the program.
        """
        try:
            output = str(self._interpreter().ask(op="run", code=code)["output"])
        except ProcessDied as e:
            self._process = None
            return f"{e}. All variables are gone; the next call starts a new interpreter."
        return output or "(no output)"

    def inject(self, name: str, value: Any) -> None:
        """Set a variable of the interpreter.

        Args:
            name: of the variable.
            value: anything that JSON can carry.

        Raises:
            UnknownOption: no name, or a value that JSON cannot carry.
        """
        if not name.isidentifier():
            raise UnknownOption(f"{name!r} is no name of a variable")
        try:
            self._interpreter().ask(op="set", name=name, value=value)
        except (TypeError, ValueError) as e:
            raise UnknownOption(f"{_FIT}; not {type(value).__name__} ({e})") from e

    def retrieve(self, name: str, default: Any = None) -> Any:
        """The value of a variable of the interpreter, as JSON carries it; ``default`` when there is no such variable or interpreter.

        Raises:
            UnknownOption: its value is nothing that JSON can carry.
        """
        if self._process is None:
            return default
        try:
            reply = self._process.ask(op="get", name=name)
        except ProcessDied:
            self._process = None
            return default
        if "unfit" in reply:
            raise UnknownOption(f"{_FIT}; not {name!r} ({reply['unfit']})")
        return reply.get("value", default)

    def close(self) -> None:
        """Kill the interpreter and close the environment."""
        self._stop()
        super().close()

    def _interpreter(self) -> PythonProcess:
        if self._process is None:
            self._process = PythonProcess(**self._settings, seed=self.core.episode_seed)
        return self._process

    def _stop(self) -> None:
        if self._process is not None:
            self._process.close()
            self._process = None

    def _episode_begins(self) -> None:
        self._stop()
