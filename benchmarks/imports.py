"""What `import mtenvs` costs beyond `import gymnasium`, in fresh interpreters, paired and alternating."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

from _table import Row, arguments, show


def seconds(code: str) -> float:
    """Wall time of a fresh interpreter that runs it."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - began


def main() -> None:
    """Print the rows."""
    args = arguments(__doc__)
    pairs = [(seconds("import gymnasium"), seconds("import gymnasium, mtenvs")) for _ in range(7 if args.quick else 21)]
    alone, extra = median(p[0] for p in pairs), median(both - one for one, both in pairs)
    heavy = subprocess.run(
        [sys.executable, "-c", "import mtenvs, sys; print(sum(m in sys.modules for m in ('mujoco', 'cv2', 'PIL', 'rich', 'metaworld')))"],
        check=True,
        capture_output=True,
        text=True,
    )
    rows = [
        Row.limit("import mtenvs beyond gymnasium", "s", extra, alone, "import gymnasium alone", target=0.1),
        Row.limit("heavy modules imported with it", "modules", float(heavy.stdout), None, "mujoco, cv2, PIL, rich, metaworld", target=0),
    ]
    show(rows, args)


if __name__ == "__main__":
    main()
