"""What every site is made of: routes, pages, sessions, forms, seeded databases, episodes and the server."""

from mtenvs.sites.kit.episode import Clock, Episode, Episodes
from mtenvs.sites.kit.image import Image
from mtenvs.sites.kit.refused import Refused
from mtenvs.sites.kit.server import SiteServer
from mtenvs.sites.kit.site import Site
from mtenvs.sites.kit.uploads import Upload
from mtenvs.sites.kit.visit import Visit

__all__ = ["Clock", "Episode", "Episodes", "Image", "Refused", "Site", "SiteServer", "Upload", "Visit"]
