"""What is written and said in the films: texts of signs, small talk, cues and codes."""

from __future__ import annotations

from typing import Final

WORD_SIGNS: Final = (
    "FRESH BREAD",
    "WET PAINT",
    "BOATS FOR HIRE",
    "MUSIC AT NOON",
    "NO SWIMMING",
    "OPEN ALL NIGHT",
    "HONEY FOR SALE",
    "MIND THE STEP",
    "LOST UMBRELLA",
    "BOOK FAIR",
    "CHESS CLUB",
    "LEMON CAKE",
    "HAT REPAIRS",
    "ROPE AND TAR",
    "PUPPET SHOW",
    "QUIET PLEASE",
    "WOOL AND YARN",
    "KEEP LEFT",
    "OLD MAPS",
    "SOUP OF THE DAY",
)
NUMBER_SIGNS: Final = (
    "PIER {}",
    "PLATFORM {}",
    "TRAM LINE {}",
    "TICKET {}",
    "LOT {}",
    "GATE {}",
    "BUS {}",
    "ROUTE {}",
    "CABIN {}",
    "BERTH {}",
)
PLACE_SIGNS: Final = ("PARADE: {}", "MEET AT: {}", "SHOW AT: {}", "TODAY: {}")

SPEAKERS: Final = ("Anna", "Ben", "Carla", "Dmitri", "Edith", "Announcer")
"""One for each voice, in the order of the voices."""

KEYS: Final = ("locker", "gate", "boat shed", "bicycle", "letter box", "cellar", "lighthouse", "suitcase")
CODE_LINES: Final = (
    "The code of the {key} is {digits}.",
    "Write this down: the {key} opens with {digits}.",
    "For the {key}, turn the dial to {digits}.",
)
CUES: Final = (
    "Did somebody order lemonade?",
    "My watch has stopped again.",
    "I should have brought a sandwich.",
    "The ferry is late today.",
    "Who left the window open?",
    "Tomorrow it will snow, they say.",
    "That reminds me of Lisbon.",
    "I never liked accordions.",
    "Somebody owes me a pancake.",
    "We need more string.",
    "My sister plays the tuba.",
    "There goes my pension.",
)
"""Sentences that are said once, while something is in sight."""

CHAT: Final = (
    "Good morning to all of you.",
    "The sea is calm this time of year.",
    "I have walked this way for thirty years.",
    "You get used to the gulls after a while.",
    "Mind the rope, it is slippery.",
    "They say the mayor will come by later.",
    "I could do with a cup of tea.",
    "It smells of tar and fresh bread here.",
    "Let us sit down for a minute.",
    "My grandfather built half of these houses.",
    "The wind has turned since yesterday.",
    "Nothing much happens here, and I like that.",
    "Look at the clouds over there.",
    "We should come back in the autumn.",
    "I can hear the bells from across the bay.",
    "Take your time, there is no hurry.",
    "Every summer it is the same story.",
    "She said that she would be here by now.",
    "The paint on that door is older than I am.",
    "I think that the tide is going out.",
    "He used to sell newspapers on this corner.",
    "Have you seen the price of herring?",
    "It was quieter before the tram came.",
    "I forgot what I wanted to say.",
    "Those benches were green when I was young.",
    "Wait for me, my shoe is open.",
    "You can see the islands on a clear day.",
    "I would paint that roof another colour.",
    "We ran all the way down the hill.",
    "Somewhere in there is a very good baker.",
    "Listen, the organ player is back.",
    "I had a letter from my cousin today.",
    "The light is beautiful at this hour.",
    "Nobody remembers who planted those trees.",
    "Next week they will mend the pavement.",
    "It always rains when I wash the windows.",
)
