"""What reviews say. A review is about a theme if and only if the theme's words stand in it, so "who complains about X" has one answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Theme:
    """One thing that reviews praise or complain about.

    Args:
        words: regular expression that every sentence of this theme matches, and no other sentence.
        praise: sentences of content people.
        complaints: sentences of people who are not.
    """

    words: str
    praise: tuple[str, ...]
    complaints: tuple[str, ...]


THEMES: Final = {
    "sound": Theme(r"\bsound\b", ("The sound is clear from bass to treble.", "I did not expect such a rich sound.", "Voices come through with a warm sound."),
                   ("The sound is thin and tinny.", "There is a hiss under every sound.", "The sound distorts when I turn it up.")),
    "comfort": Theme(r"comfort", ("I can use it for hours, it is that comfortable.", "Comfort is where it shines.", "Surprisingly comfortable from the first minute."),
                     ("It gets uncomfortable after half an hour.", "Whoever made it never thought of comfort.", "I wanted to like it but it is so uncomfortable.")),
    "battery": Theme(r"batter(y|ies)", ("The battery lasts longer than they say.", "I charge the battery once a week at most.", "After a year the battery is as good as new."),
                     ("The battery is empty by noon.", "After two months the battery holds no charge.", "The battery gets hot while charging.")),
    "earcups": Theme(r"ear ?cups", ("The ear cups close around my ears entirely.", "Soft ear cups, no pressure at all."),
                     ("The ear cups are too small for my ears.", "The ear cups peel after a few weeks.")),
    "packaging": Theme(r"packag", ("It came in neat packaging without plastic.", "Good packaging, nothing was scratched.", "The packaging alone makes it a nice present."),
                       ("The packaging was torn and parts were dented.", "So much plastic packaging for so little.", "It arrived open, with no proper packaging.")),
    "price": Theme(r"\bprice", ("For this price you will find nothing better.", "A fair price, I would pay it again.", "I compared for weeks and the price is right."),
                   ("Not worth the price.", "At half the price I would say nothing.", "The price is a bad joke for what you get.")),
    "fit": Theme(r"\bfits?\b", ("It fits as if made for me.", "A perfect fit, just as the chart says.", "Fits snugly and stays in place."),
                 ("It does not fit at all, order one larger.", "The fit is far too tight.", "Bad fit: loose here, narrow there.")),
    "durability": Theme(r"\b(broke|broken|sturdy|fell apart)\b", ("Sturdy, I have dropped it more than once.", "Everything about it feels sturdy.", "My old one broke within weeks, this one holds."),
                        ("It broke after three days of use.", "It fell apart within a month.", "One part was broken by the second week.")),
    "delivery": Theme(r"deliver", ("Delivered two days early.", "The delivery was quick and the driver kind.", "Delivery on a Sunday, I was amazed."),
                      ("Delivery took three weeks.", "It was delivered to the wrong house.", "They postponed the delivery twice.")),
    "noise": Theme(r"\b(quiet|noise|noisy|loud)\b", ("So quiet that I forget it is on.", "Hardly any noise.", "Wonderfully quiet, even at night."),
                   ("It is so loud that it wakes the baby.", "A constant noise comes from inside.", "Far too noisy for an open room.")),
    "instructions": Theme(r"instructions|manual", ("The instructions are short and clear.", "A manual that people can understand, at last.", "Pictures in the instructions show every step."),
                          ("The instructions are useless.", "The manual leaves out the hard part.", "I had to look for a video since the instructions made no sense.")),
    "color": Theme(r"\bcolou?r", ("The color is even nicer than in the picture.", "I love the color.", "The color suits everything I own."),
                   ("The color is nothing like the picture.", "The color faded within weeks.", "An ugly color once you see it in daylight.")),
    "assembly": Theme(r"assembl", ("Assembly took me ten minutes.", "Easy to assemble alone.", "All screws were there and the assembly was fun."),
                      ("Assembly took a whole afternoon and two people.", "The holes did not line up during assembly.", "Screws for the assembly were missing.")),
    "smell": Theme(r"\bsmell", ("It smells of nothing, as it should.", "A pleasant smell, not too strong.", "No chemical smell at all."),
                   ("The chemical smell will not go away.", "It smells like old tyres.", "I sent it back because of the smell.")),
    "smoothness": Theme(r"\b(smooth|scratchy)", ("It writes smoothly on any sheet.", "The smoothest line I ever drew."), ("The nib is scratchy.", "Scratchy from the first line on.")),
    "paper": Theme(r"\bpaper\b", ("Thick paper that nothing bleeds through.", "The paper is a joy to touch."), ("The paper is so thin that you see the next page.", "Cheap paper that yellows.")),
    "recipes": Theme(r"\brecipe", ("Every recipe worked the first time.", "The recipes need nothing fancy."), ("The recipes forget half of the amounts.", "Not one recipe under an hour.")),
    "maps": Theme(r"\bmaps?\b", ("The maps are up to date and easy to read.", "Each walk has its own map."), ("The maps are wrong in several places.", "I got lost with its map.")),
    "taste": Theme(r"\btast(e|es|y)\b", ("The taste is round and full.", "Tastes like the one from my childhood.", "So tasty that the first one was gone in a day."),
                   ("It tastes of cardboard.", "The taste is bitter and stale.", "A strange taste stays in the mouth.")),
    "cleaning": Theme(r"\b(clean|wash)", ("Easy to clean with warm water.", "It comes out of the wash like new.", "I clean it in a minute."),
                      ("Nearly impossible to clean.", "After one wash it was ruined.", "Cleaning it takes longer than using it.")),
    "material": Theme(r"\bmaterial\b", ("The material is soft and thick.", "Lovely material, one feels the quality.", "The material breathes well."),
                      ("The material is thin and see-through.", "The material itches.", "The material pills after a week.")),
    "weight": Theme(r"\b(heavy|light enough|lightweight|weighs)\b", ("Light enough to carry all day.", "Lightweight, my kids can lift it.", "It weighs less than I feared."),
                    ("Much too heavy.", "So heavy that I leave it at home.", "It weighs more than the page says.")),
    "sharpness": Theme(r"\b(sharp|blunt|edge)\b", ("Sharp enough to slice a ripe tomato.", "The edge holds for months."), ("It came blunt.", "The edge chipped on a carrot.")),
    "skin": Theme(r"\b(skin|scalp)\b", ("My skin feels soft and calm.", "Even my sensitive skin likes it."), ("It left red spots on my skin.", "My skin burned at once.")),
    "fun": Theme(r"\bfun\b", ("We had so much fun with it.", "Fun for young and old."), ("We waited for the fun to begin and it never did.", "The fun is over after ten minutes.")),
}

NEUTRAL: Final = (
    "Bought it for my sister's birthday.", "This is my second one.", "I have had it since spring.", "My neighbour has the same.", "I use it nearly every day.",
    "A friend told me about it.", "I needed a new one before the holidays.", "It replaces one that I lost.", "We took it along on our trip.", "My husband ordered it.",
    "I read the other reviews first.", "It stands in our hallway now.", "The whole family uses it.", "I got it in a sale.", "First time that I buy from this shop.",
)
TITLES: Final = {
    5: ("Love it", "Simply great", "Five stars", "Exceeded my hopes", "Could not be happier", "Best I ever had", "Buy it", "Excellent"),
    4: ("Very good", "Nearly perfect", "Good buy", "Happy with it", "Does its job well", "Solid"),
    3: ("It is okay", "Good and bad", "Average", "Mixed feelings", "Neither here nor there"),
    2: ("Disappointed", "Expected more", "Not for me", "Would not buy again", "Meh"),
    1: ("Terrible", "Stay away", "Waste", "Never again", "Sent it back", "Very unhappy"),
}
