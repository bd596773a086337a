"""A forum of links, texts and pictures with votes and comment trees; its addresses and forms are those of Postmill."""

from mtenvs.sites.forum import front, images
from mtenvs.sites.forum.site import SITE

__all__ = ["SITE"]
del front, images  # they have declared their pages
