"""A forum of links, texts and pictures with votes and comment trees; its addresses and forms are those of Postmill."""

from typing import Final

from mtenvs.sites.forum import account, comment, forums, front, images, inbox, search, submission, submit, users, voting, wiki
from mtenvs.sites.forum.site import SITE

__all__ = ["PAGES", "SITE"]
# The modules that declare the site's pages, which they do when they are imported.
PAGES: Final = (account, comment, forums, front, images, inbox, search, submission, submit, users, voting, wiki)
