"""A forum of links, texts and pictures with votes and comment trees; its addresses, class names and form fields are those of Postmill.

For those who write tasks: ``comment.theme`` says what a generated comment is about (a key of its topic's ``themes``, see
`seed.TOPICS`; empty for remarks), ``picture.scene`` what a drawn picture shows (JSON, see `draw`). Neither is ever shown. Looking changes
nothing in the database. A comment changes, besides ``comment``, its author's ``comment_vote``, the counts of its ``submission`` and
perhaps ``notification``; a vote changes its vote table and the counts of what was voted for; a submission brings its author's
``submission_vote``. Voters whom the vote tables do not name are part of ``ups`` and ``downs`` all the same.
"""

from typing import Final

from mtenvs.sites.forum import account, comment, forums, front, images, inbox, search, submission, submit, users, voting, wiki
from mtenvs.sites.forum.site import SITE

__all__ = ["PAGES", "SITE"]
# The modules that declare the site's pages, which they do when they are imported.
PAGES: Final = (account, comment, forums, front, images, inbox, search, submission, submit, users, voting, wiki)
