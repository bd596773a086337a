"""The embedded web sites: real multi-user sites over SQLite, each episode with a copy of the data to itself.

`mtenvs.sites.kit` is what every site is made of; each site is a package beside it with a `SITE`. Nothing here knows of Gymnasium.
A site can also be served by itself, on a port of its own: ``python -m mtenvs.sites --help``.
"""

from __future__ import annotations

from mtenvs.core.errors import MissingRequirement

try:
    import jinja2
    import starlette
    import uvicorn
except ImportError as error:
    raise MissingRequirement("web", str(error.name), "pip install 'mtenvs[web]'") from error

__all__: list[str] = []
del jinja2, starlette, uvicorn
