"""Serve the sites by themselves, each on a port of its own, as the originals are: ``python -m mtenvs.sites --shop 7770 --forum 9999``."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from mtenvs.sites.all_sites import NAMES, site
from mtenvs.sites.standalone import Standalone


def main(arguments: list[str] | None = None) -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m mtenvs.sites", description=__doc__)
    for name in NAMES:
        parser.add_argument(
            f"--{name}", type=int, nargs="?", const=site(name).port, metavar="PORT", help=f"serve it, by default at {site(name).port}"
        )
    parser.add_argument("--address", default="127.0.0.1", help="where to listen; 127.0.0.1 alone is safe without a proxy in front")
    parser.add_argument("--reset-token", default="", help="offer POST /_mtenvs/reset?token=..., which starts all sites afresh")
    options = vars(parser.parse_args(arguments))
    ports = {name: options[name] for name in NAMES if options[name] is not None} or {name: site(name).port for name in NAMES}
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    with Standalone(ports, address=options["address"], reset_token=options["reset_token"]) as running:
        for name, port in running.ports.items():
            sys.stdout.write(f"{name}: http://{options['address']}:{port}{site(name).start}\n")
        sys.stdout.flush()
        done.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
