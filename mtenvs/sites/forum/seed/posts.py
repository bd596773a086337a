"""Submissions: what is posted where, by whom and when."""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import dataclass, field
from typing import Final

from mtenvs.sites.forum.seed.grammar import Post, Topic, Writer
from mtenvs.sites.forum.seed.times import moment

_TRIES: Final = 60
_ROUND: Final = 76  # submissions of a forum of usual size
_SITE_WORDS: Final = "and the of a an in on for to with without how what why is are my your".split()


@dataclass
class Draft:
    """A submission before it has an id.

    Args:
        topic: index of its forum.
        author: user id.
        created: when.
        writer: what its texts drew, for the answers.
        themes: what its answers speak of.
    """

    topic: int
    author: int
    title: str
    url: str | None
    body: str
    image: str | None
    scene: str
    created: int
    writer: Writer
    themes: tuple[str, ...]
    ups: int = 1
    downs: int = 0
    talk: list[int] = field(default_factory=list)


def written(rng: random.Random, topics: tuple[Topic, ...], members: list[list[int]]) -> list[Draft]:
    """Every submission, oldest first.

    Args:
        rng: draws.
        topics: the forums.
        members: for each forum, who posts there; somebody may be in it several times.
    """
    drafts: list[Draft] = []
    for index, topic in enumerate(topics):
        titles: set[str] = set()
        for _ in range(round(_ROUND * topic.size)):
            draft = _one(rng, index, topic, members[index], titles)
            if draft is not None:
                drafts.append(draft)
    drafts.sort(key=lambda draft: draft.created)
    return drafts


def _one(rng: random.Random, index: int, topic: Topic, members: list[int], titles: set[str]) -> Draft | None:
    for _ in range(_TRIES):
        post: Post = rng.choices(topic.posts, [post.weight for post in topic.posts])[0]
        writer = Writer(rng, topic.slots)
        title = writer.write(post.title)
        if title in titles:
            continue
        titles.add(title)
        scene = json.dumps(writer.fill(post.scene), sort_keys=True) if post.scene else ""
        image = hashlib.blake2b(f"{topic.name} {title} {scene}".encode(), digest_size=20).hexdigest() + ".jpg" if scene else None
        url = f"/submission_images/{image}" if image else _address(post.site, title, rng) if post.site else None
        body = writer.write(post.body) if post.body else ""
        themes = post.themes or tuple(topic.themes)
        ups, downs = _votes(rng)
        return Draft(
            index,
            rng.choice(members),
            title,
            url,
            body,
            image,
            scene,
            moment(rng),
            writer,
            tuple(rng.sample(themes, min(len(themes), 4))),
            ups,
            downs,
        )
    return None


def _votes(rng: random.Random) -> tuple[int, int]:
    seen = int(min(4000, rng.lognormvariate(3.2, 1.35))) + 1
    liked = rng.betavariate(6, 1.1) if rng.random() < 0.93 else rng.betavariate(2, 3)
    ups = max(1, round(seen * liked))
    return ups, max(0, seen - ups)


def _address(site: str, title: str, rng: random.Random) -> str:
    host = "".join(part for part in site.lower() if part.isalnum())
    words = [word for word in "".join(c if c.isalnum() or c == " " else " " for c in title.lower()).split() if word not in _SITE_WORDS]
    return f"https://www.{host}.example/{rng.choice(['articles', 'news', '2025', '2026', 'stories'])}/{'-'.join(words[:7])}"
