"""Who writes in the forum: names and a few words about themselves."""

from __future__ import annotations

import random
from typing import Final

from mtenvs.sites.forum.seed.grammar import Writer

ACCOUNT: Final = "MarvelsGrantMan136"
_FIRST: Final = (
    "quiet amber northern lucky velvet rusty paper silver morning hollow sunny wandering crooked polite salty misty copper gentle "
    "electric frozen little midnight plaid sleepy stubborn turbo urban wild yellow zesty brave clever dusty eager fuzzy grumpy"
).split()
_SECOND: Final = (
    "harbor walrus teapot comet otter lantern biscuit falcon meadow pixel anchor badger cactus dynamo engine fiddle glacier hammock "
    "island jigsaw kettle lemon marble noodle orchard penguin quill rocket saddle turnip umbrella violin whistle yarn zeppelin beacon"
).split()
_GIVEN: Final = (
    "Ada Ben Carla Dario Elif Femi Greta Hugo Ines Jonas Keiko Lars Mona Nils Olga Priya Quinn Rosa Sam Tara Umar Vera Walt Xenia Yusuf Zoe "
    "Anton Bea Chidi Dora Emil Fatima Gus Hana Ivan Juno Kofi Lena Milo Noor"
).split()
_BIOS: Final = (
    "{job} from {town}. {likes}",
    "{likes}",
    "{job}. I mostly read and rarely post.",
    "Lives in {town} with {company}. {likes}",
    "{job} by day, {hobby} by night.",
    "Ask me about {hobby}.",
    "",
    "",
)
_SLOTS: Final = {
    "job": "Nurse|Carpenter|Physics teacher|Software developer|Bus driver|Librarian|Retired electrician|Baker|Student|Land surveyor|Dentist|Sound engineer|Farmer|"
    "Bookkeeper|Translator|Paramedic|Bike mechanic|Chemist|Stage hand|Tax adviser".split("|"),
    "town": "Portland|Leeds|Ghent|Pittsburgh|Halifax|Tampere|Graz|Boston|Cork|Denver|Oslo|Nagoya|Lyon|Austin|Dunedin|Kraków".split("|"),
    "company": "two cats|a deaf dog|three kids|too many plants|a parrot|my grandmother|four guitars|one very old tortoise".split("|"),
    "hobby": "woodturning|amateur radio|sourdough|trail running|chess problems|bird watching|watch repair|board games|film photography|knitting|synthesizers|"
    "beekeeping|astronomy|climbing|model trains|fermentation".split("|"),
    "likes": "Likes long walks and short meetings.|Here for the comments.|Collects useless facts.|Always looking for book tips.|Will trade cookies for advice.|"
    "Drinks too much tea.|Opinions are my own, typos too.|Believes every problem is a cable problem.|Slow reader, fast eater.|"
    "Once met an astronaut in a lift.|Trying to log off since 2019.|Typing this on a phone with a broken screen.".split("|"),
}


def names(rng: random.Random, count: int) -> list[str]:
    """Different names, none with a meaning for the site."""
    made: dict[str, None] = {}
    while len(made) < count:
        style = rng.randrange(5)
        first, second, given = rng.choice(_FIRST), rng.choice(_SECOND), rng.choice(_GIVEN)
        name = (
            f"{first}_{second}",
            f"{first.title()}{second.title()}{rng.randrange(10, 1000)}",
            f"{given}{rng.randrange(1960, 2010)}",
            f"{given}_the_{second}",
            f"{second}{rng.randrange(2, 99)}{first}",
        )[style]
        if len(name) <= 25 and name.lower() not in {known.lower() for known in made}:
            made[name] = None
    return list(made)


def bio(rng: random.Random) -> str:
    """What somebody says about themselves, often nothing."""
    template = rng.choice(_BIOS)
    return Writer(rng, _SLOTS).write(template) if template else ""
