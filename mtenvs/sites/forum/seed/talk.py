"""Comments: trees of answers in which each theme has words of its own."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Final

from mtenvs.sites.forum.seed.grammar import Topic, Writer
from mtenvs.sites.forum.seed.posts import Draft
from mtenvs.sites.forum.seed.times import NOW, after

_OPENERS: Final = (
    "", "", "", "", "", "Honestly: ", "For what it is worth: ", "Late to this, but: ", "Not an expert, but: ", "Short answer: ", "From experience: ",
    "Unpopular opinion: ", "Just my two cents: ", "Adding to the pile: ", "Speaking for myself: ", "Seconded. ", "Came here to write this. ",
)  # fmt: skip
_CLOSERS: Final = (
    "", "", "", "", "", "", " Good luck!", " Hope that helps.", " Let us know how it goes.", " Your mileage may vary.", " At least that is how it went for me.",
    " I wish somebody had told me earlier.", " My sister says the same.", " Took me years to see that.", " Ask me how I know.", " No regrets.",
    " Been like that since last spring.", " Correct me if I am wrong.", " Happy to go into detail.", " There, I said it.",
)  # fmt: skip
_REMARKS: Final = (
    "Thanks for posting this.", "Following, I would like to know as well.", "This made my morning.", "Great post, saved for later.",
    "I have read this twice now and still do not know what to think.", "Could you write a follow-up in a few weeks?", "Same here, word for word.",
    "Why is this not higher up?", "Somebody should write this into the wiki.", "I showed this to my partner and now we are arguing.",
    "Can you say a bit more about how it started?", "I am on the fence about this one.", "Take my upvote.", "Underrated post.",
    "I was going to ask exactly the same question.", "Interesting, I had the opposite experience.", "Not sure this belongs here, but I enjoyed it.",
    "Commenting so that I find this again.", "That escalated quickly.", "Well said.", "I learned something today.", "Bookmarked.",
)  # fmt: skip
_REPLIES: Final = (
    "Agreed.", "I do not think so, to be honest.", "Thank you, I will try that.", "That is exactly what I meant.", "Do you have a source for that?",
    "This is the right answer.", "Hard disagree.", "Ha, fair enough.", "I never looked at it that way.", "Can confirm.", "How long did that take you?",
    "Was that before or after the change?", "You may be right.", "It did not work for me, sadly.", "Good point.", "This. So much this.",
    "Please tell me you are joking.", "I stand corrected.", "Would you do it again?", "My thoughts exactly.", "Depends on who you ask.",
    "Now I am curious.", "Sorry to hear that.", "That is a bit harsh, is it not?", "I will report back next week.", "Which one did you pick in the end?",
)  # fmt: skip
_OWN_REPLIES: Final = (
    "Original poster here: thank you, that helps a lot.", "I should have said so in the post, sorry.", "Tried it this morning. So far so good!",
    "Good question, I will check when I am home.", "No, that was not it, but thanks anyway.", "Yes, exactly.", "I will add that to the post.",
    "Thank you all, I did not expect so many answers.", "That was my first thought as well.", "Not yet, but it is on my list.",
)  # fmt: skip


@dataclass
class Answer:
    """A comment before it has an id; ``parent`` is the index of another one in the same list, or -1."""

    draft: int
    parent: int
    author: int
    body: str
    created: int
    theme: str
    ups: int
    downs: int


def answers(rng: random.Random, index: int, draft: Draft, topic: Topic, members: list[int]) -> list[Answer]:
    """The comments of a submission; parents come before their children."""
    said: list[Answer] = []
    texts: set[str] = set()
    seen = draft.ups + draft.downs
    many = min(48, int(rng.gammavariate(1.1, 2.2 + seen**0.45)))
    if many == 0 or draft.created > NOW - 1_800:
        return said
    for _ in range(many):
        parent = rng.randrange(len(said)) if said and rng.random() < 0.48 else -1
        author = draft.author if parent >= 0 and said[parent].author != draft.author and rng.random() < 0.35 else rng.choice(members)
        if parent < 0 and author == draft.author or parent >= 0 and author == said[parent].author:
            continue
        body, theme = _text(rng, draft, topic, reply=parent >= 0, own=author == draft.author)
        if body in texts:
            continue
        texts.add(body)
        created = after(rng, said[parent].created if parent >= 0 else draft.created)
        ups, downs = _votes(rng, seen)
        said.append(Answer(index, parent, author, body, created, theme, ups, downs))
    return said


def _text(rng: random.Random, draft: Draft, topic: Topic, *, reply: bool, own: bool) -> tuple[str, str]:
    if own:
        return rng.choice(_OWN_REPLIES), ""
    share = rng.random()
    if reply and share < 0.55:
        return rng.choice(_REPLIES), ""
    if not reply and share < 0.2:
        return rng.choice(_REMARKS), ""
    theme = rng.choice(draft.themes)
    writer = Writer(rng, topic.slots, dict(draft.writer.drawn))
    core = writer.write(rng.choice(topic.themes[theme]))
    opener = rng.choice(_OPENERS)
    return opener + core + rng.choice(_CLOSERS), theme


def _votes(rng: random.Random, seen: int) -> tuple[int, int]:
    looked = max(1, int(seen * rng.betavariate(1, 6))) + rng.randrange(3)
    liked = rng.betavariate(5, 1) if rng.random() < 0.88 else rng.betavariate(1, 4)
    ups = max(1, round(looked * liked))
    return ups, max(0, round(looked * (1 - liked)))
