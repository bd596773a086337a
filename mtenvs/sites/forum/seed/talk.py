"""Comments: trees of answers in which each theme has words of its own."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from typing import Final

from mtenvs.sites.forum.seed.grammar import Topic, Writer
from mtenvs.sites.forum.seed.posts import Draft
from mtenvs.sites.forum.seed.times import NOW, after

_SHORT: Final = 45  # letters of a remark that needs no introduction
_OPENERS: Final = (
    "",
    "",
    "",
    "",
    "",
    "Honestly: ",
    "For what it is worth: ",
    "Late to this, but: ",
    "Not an expert, but: ",
    "Short answer: ",
    "From experience: ",
    "Unpopular opinion: ",
    "Just my two cents: ",
    "Adding to the pile: ",
    "Speaking for myself: ",
    "Seconded. ",
    "Came here to write this. ",
)
_CLOSERS: Final = (
    "",
    "",
    "",
    "",
    "",
    "",
    " Good luck!",
    " Hope that helps.",
    " Let us know how it goes.",
    " Your mileage may vary.",
    " At least that is how it went for me.",
    " I wish somebody had told me earlier.",
    " My sister says the same.",
    " Took me years to see that.",
    " Ask me how I know.",
    " No regrets.",
    " Been like that since last spring.",
    " Correct me if I am wrong.",
    " Happy to go into detail.",
    " There, I said it.",
)
_REMARKS: Final = (
    "[Thanks|Thank you|Many thanks] for [posting|writing|sharing] this.",
    "Following, I would like to know [as well|that, too].",
    "This made my [morning|lunch break|evening|week].",
    "[Great|Lovely|Honest|Useful] post, saved for later.",
    "I have read this [twice|three times] now and still do not know what to think.",
    "Could you write a follow-up in a [few weeks|month|year]?",
    "Same here, [word for word|only with more swearing|since last autumn].",
    "Why is this not [higher up|talked about more]?",
    "Somebody should write this into the wiki.",
    "I showed this to my [partner|flatmate|father|boss] and now we are arguing.",
    "Can you say a bit more about how it [started|went on|ended]?",
    "I am on the fence about this one.",
    "Take my upvote[.| and leave.]",
    "[Underrated|Overdue|Brave] post.",
    "I was going to ask [exactly the same|a very similar] question.",
    "Interesting, I had the opposite experience[.| last year.| twice.]",
    "Not sure this belongs here, but I enjoyed it.",
    "Commenting so that I find this again[.| on Sunday.]",
    "That escalated [quickly|slowly].",
    "Well [said|put|observed].",
    "I learned something today[.|, thank you.]",
    "Bookmarked[.| for the weekend.]",
    "[My mother|My neighbour|An old colleague] told me the same thing [years ago|last week].",
    "I came for the title and stayed for the [comments|argument below].",
    "Long-time reader, first comment: [thank you|I agree|I have questions].",
    "This is the [third|fourth|fifth] post about it this [week|month], and I am not tired of it yet.",
    "[Two|Three|Five] years ago I would have disagreed.",
    "I have no opinion on this and will now write [four|six|nine] paragraphs about it.",
    "Reading this [on the bus|in a waiting room|under my desk], nodding.",
    "You have just [saved|cost] me an afternoon.",
)
_REPLIES: Final = (
    "[Agreed|Fully agreed|Seconded][.| on all points.| with one exception.]",
    "I do not think so, [to be honest|sorry|but I may be wrong].",
    "Thank you, I will try that[.| tonight.| next time.]",
    "That is [exactly|more or less] what I meant.",
    "Do you have a source for that?",
    "This is the right answer.",
    "[Hard|Polite|Partial] disagree.",
    "Ha, [fair enough|touché|got me].",
    "I never looked at it that way.",
    "Can confirm[.|, sadly.|, it happened to me, too.]",
    "How long did that take you?",
    "Was that before or after [the change|the summer|you moved]?",
    "You may be right.",
    "It did not work for me, [sadly|and I tried twice|but thanks].",
    "Good point[.|, I had forgotten about that.]",
    "This. So much this.",
    "Please tell me you are joking.",
    "I stand corrected.",
    "Would you do it again?",
    "My thoughts exactly.",
    "Depends on [who you ask|the day|how patient you are].",
    "Now I am curious.",
    "Sorry to hear that[.|, I hope it gets better.]",
    "That is a bit harsh, is it not?",
    "I will report back [next week|on Monday|when I know more].",
    "Which one did you pick in the end?",
    "[My brother|My doctor|A friend of mine] says the opposite, for what it is worth.",
    "I had to read that [twice|aloud].",
    "Came back to say that you were right.",
    "We will have to agree to disagree[.| again.]",
    "How did you find out?",
    "That is oddly specific.",
    "You are making me [nervous|hopeful|hungry].",
    "I wish I had your [patience|confidence|budget].",
)
_OWN_REPLIES: Final = (
    "Original poster here: thank you, that helps [a lot|a bit].",
    "I should have said so in the post, sorry.",
    "Tried it this [morning|evening]. So far so good!",
    "Good question, I will check when I am [home|back|awake].",
    "No, that was not it, but thanks [anyway|all the same].",
    "Yes, exactly.",
    "I will add that to the post[.|, thanks.]",
    "Thank you all, I did not expect so many answers.",
    "That was my first thought as well.",
    "Not yet, but it is on my list.",
    "You have convinced me[.|, more or less.]",
    "I was afraid that somebody would say that.",
    "Good to hear that I am not the only one.",
    "Could you [explain|say more about] that? I am new to this.",
    "I have [two|three] questions about that, may I send you a message?",
)


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
    told: Counter[str] = Counter()  # what has been said already, whatever stood around it
    seen = draft.ups + draft.downs
    many = min(40, int(rng.gammavariate(1.1, 2.0 + seen**0.38)))
    if many == 0 or draft.created > NOW - 1_800:
        return said
    for _ in range(many):
        parent = rng.randrange(len(said)) if said and rng.random() < 0.48 else -1
        author = draft.author if parent >= 0 and said[parent].author != draft.author and rng.random() < 0.25 else rng.choice(members)
        if author == (said[parent].author if parent >= 0 else draft.author):
            continue
        for _ in range(4):
            core, body, theme = _text(rng, draft, topic, reply=parent >= 0, own=author == draft.author)
            if told[core] < (2 if theme else 1):
                break
        else:
            continue
        told[core] += 1
        created = after(rng, said[parent].created if parent >= 0 else draft.created)
        ups, downs = _votes(rng, seen)
        said.append(Answer(index, parent, author, body, created, theme, ups, downs))
    return said


def _text(rng: random.Random, draft: Draft, topic: Topic, *, reply: bool, own: bool) -> tuple[str, str, str]:
    """What is said, with what may stand around it, and the theme that it is about."""
    share = rng.random()
    if own or share < (0.45 if reply else 0.15):
        core = Writer(rng, {}).write(rng.choice(_OWN_REPLIES if own else _REPLIES if reply else _REMARKS))
        return core, core, ""
    theme = rng.choice(draft.themes)
    writer = Writer(rng, topic.slots, dict(draft.writer.drawn))
    core = writer.write(rng.choice(topic.themes[theme]))
    if len(core) < _SHORT and rng.random() < 0.4:
        return core, core, theme
    return core, rng.choice(_OPENERS) + core + rng.choice(_CLOSERS), theme


def _votes(rng: random.Random, seen: int) -> tuple[int, int]:
    looked = max(1, int(seen * rng.betavariate(1, 6))) + rng.randrange(3)
    liked = rng.betavariate(5, 1) if rng.random() < 0.88 else rng.betavariate(1, 4)
    ups = max(1, round(looked * liked))
    return ups, max(0, round(looked * (1 - liked)))
