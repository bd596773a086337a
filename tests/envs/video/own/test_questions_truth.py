"""The right option, and no other, is true: an evaluator that reads a question's words and the raw data of a script says so.

It has nothing of the generator of questions, so that the two can only agree by being right.
"""
# ruff: noqa: ARG005 - the truths of all forms of questions are called in one way

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from mtenvs.envs.video.own.compose import compose
from mtenvs.envs.video.own.questions import questions_of
from mtenvs.envs.video.own.vocabulary import PLACES

Raw = Mapping[str, Any]
Groups = Mapping[str, str]
Truth = Callable[["Film", Groups, str], bool]

_PLACE_OF = {p.where: p.name for p in PLACES.values()}
WHERE = "(?P<where>" + "|".join(map(re.escape, _PLACE_OF)) + ")"
NOUN = r"[Aa]n? (?P<colour>\w+) (?P<subject>\w+)"
TIME = r"(?P<m>\d+):(?P<s>\d\d)"
SIGN = rf"[Tt]he (?P<kind>board|banner that a plane pulls|caption over the picture) {WHERE}(?: at {TIME})?"
QUOTE = r'"(?P<quote>[^"]+)"'
NUMBER_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


class Film:
    """Raw entries of a script with their scenes looked up."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw
        self.scenes = {s["id"]: s for s in raw["scenes"]}
        self.people = {p["id"]: p for p in raw["people"]}
        self.events: list[Raw] = [self._placed(e) for e in raw["events"]]
        self.passes = [e for e in self.events if e["kind"] == "pass"]
        self.drops = [e for e in self.events if e["kind"] == "drop"]
        self.signs: list[Raw] = [self._placed(s) for s in raw["signs"]]
        self.appearances: list[Raw] = [self._placed(a) for a in raw["appearances"]]
        self.lines: Sequence[Raw] = raw["lines"]
        self.beeps = [{**b, "end": b["start"] + (b["count"] - 1) * b["every"] + b["length"]} for b in raw["beeps"]]

    def _placed(self, entry: Raw) -> Raw:
        return {**entry, "place": self.scenes[entry["scene"]]["place"]}

    def sign(self, g: Groups) -> Raw:
        """The only sign that is meant."""
        kind = {"board": "board", "banner that a plane pulls": "banner", "caption over the picture": "caption"}[g["kind"]]
        found = [s for s in self.signs if s["kind"] == kind and s["place"] == _PLACE_OF[g["where"]]]
        if g["m"]:
            found = [s for s in found if s["start"] <= seconds(g) < s["end"]]
        return only(found)

    def line(self, g: Groups) -> Raw:
        """The only line with a text."""
        return only([x for x in self.lines if x["text"] == g["quote"]])

    def code(self, key: str) -> Raw:
        """The only line that gives the code of a thing."""
        return only([x for x in self.lines if x["about"] == "code" and x["key"] == key])

    def event(self, g: Groups) -> Raw:
        """The only event with a noun."""
        return only([e for e in self.events if (e["colour"], e["subject"]) == (g["colour"], g["subject"])])

    def of(self, noun: str) -> list[Raw]:
        """The events of a noun."""
        match = re.fullmatch(NOUN, noun)
        assert match, noun
        return [e for e in self.events if (e["colour"], e["subject"]) == (match["colour"], match["subject"])]

    def shots_of(self, words: str) -> list[Raw]:
        """The appearances of a person who is told by their clothes."""
        match = re.fullmatch(r"the person in the (\w+) coat(?: and the (\w+) hat| and no hat)?", words)
        assert match, words
        ids = [i for i, p in self.people.items() if (p["coat"], p["hat"]) == (match[1], match[2] or "")]
        if not match[2]:
            assert [p["coat"] for p in self.people.values()].count(match[1]) == 1 or "no hat" in words
        return [a for a in self.appearances if a["person"] in ids]

    def during(self, pool: Sequence[Raw], entry: Raw) -> list[Raw]:
        """Which of a pool are there at the same time as an entry."""
        return [e for e in pool if e["start"] < entry["end"] and entry["start"] < e["end"]]

    def place_at(self, t: float) -> str:
        """The place in the picture."""
        return str(only([s for s in self.scenes.values() if s["start"] <= t < s["end"]])["place"])


def only(found: Sequence[Raw]) -> Raw:
    """What a question means has to be one thing."""
    assert len(found) == 1, found
    return found[0]


def seconds(g: Groups) -> int:
    """The time in a question."""
    return int(g["m"]) * 60 + int(g["s"])


def _at(film: Film, g: Groups, option: str) -> bool:
    t = seconds(g)
    return any(e["start"] < t + 1 and t < e["end"] for e in film.of(option))


def _falls(film: Film, g: Groups, option: str) -> bool:
    return any(e["colour"] == option and abs(e["start"] - seconds(g)) < 2 for e in film.drops)


def _row(film: Film, g: Groups) -> Raw:
    if g.get("m"):
        return only([b for b in film.beeps if b["start"] <= seconds(g) < b["end"]])
    return only([b for b in film.beeps if b["count"] == int(g["n"])])


def _there(film: Film, g: Groups) -> list[Raw]:
    sign = film.sign(g)
    assert sign["about"] == "place"
    assert PLACES[sign["value"]].capitals in sign["text"]
    return [e for e in film.passes if e["place"] == sign["value"]]


def _number_beside(film: Film, g: Groups, option: str) -> bool:
    event = film.event(g)
    sign = only([s for s in film.signs if s["place"] == event["place"] and re.search(r"\d", s["text"])])
    assert sign["kind"] == g["sort"]
    return option == re.sub(r"\D", "", sign["text"])


def _is_after(film: Film, g: Groups, option: str, options: Sequence[str]) -> bool:
    end = film.event(g)["end"]
    later = {o: only(film.of(o))["start"] for o in options if only(film.of(o))["start"] >= end}
    return option in later and later[option] == min(later.values())


def _in_order(film: Film, option: str) -> bool:
    starts = [only(film.of(noun))["start"] for noun in option.split(", then ")]
    return starts == sorted(starts)


def _elsewhere(film: Film, g: Groups, option: str) -> bool:
    loss = film.event(g)
    return any(a["person"] == loss["person"] and a["place"] == _PLACE_OF[option] for a in film.appearances if a["place"] != loss["place"])


def _coat(film: Film, g: Groups, option: str) -> bool:
    return str(film.people[film.event(g)["person"]]["coat"]) == option


def _speaks(film: Film, g: Groups, option: str) -> bool:
    return option in {x["speaker"] for x in film.during(film.lines, film.event(g))}


def _place_sign(film: Film, g: Groups, option: str) -> bool:
    place = film.event(g)["place"]
    sign = only([s for s in film.signs if s["place"] == place and s["about"] == "place" and s["kind"] == g["sort"]])
    return option == f"the {sign['value']}"


TRUTHS: dict[str, list[tuple[str, Truth]]] = {
    "event": [
        (rf"At {TIME}, something passes .*", _at),
        (rf"Look at {TIME}: what goes by\?", _at),
        (rf"What crosses the picture at {TIME}\?", _at),
        (rf"Somebody loses a parcel at {TIME}.*", _falls),
        (rf"At {TIME}, a parcel falls .*", _falls),
        (
            rf"(Somebody loses a|What is the colour of the) parcel (that somebody loses )?{WHERE}[.?].*",
            lambda f, g, o: any(e["colour"] == o and e["place"] == _PLACE_OF[g["where"]] for e in f.drops),
        ),
        (
            rf"(What colour is the|Somewhere in the film a) (?P<subject>\w+) .* {WHERE}[.?].*",
            lambda f, g, o: any((e["colour"], e["subject"], e["place"]) == (o, g["subject"], _PLACE_OF[g["where"]]) for e in f.events),
        ),
        (rf"What colour is the coat of the person who loses {NOUN}\?", _coat),
        (rf"Somebody loses {NOUN} on the way\..*", _coat),
        (rf"(Where is it that )?([Ss]omebody loses )?{NOUN}.*", lambda f, g, o: f.event(g)["place"] == _PLACE_OF[o]),
    ],
    "order": [
        (r"(In which order|Three things) .*", lambda f, g, o: _in_order(f, o)),
    ],
    "count": [
        (
            rf"(How many short beeps sound|Count the short beeps) while {NOUN} .*",
            lambda f, g, o: only(f.during(f.beeps, f.event(g)))["count"] == int(o),
        ),
        (
            rf"(A row of short beeps is heard|How many short beeps make up the row) at {TIME}.*",
            lambda f, g, o: _row(f, g)["count"] == int(o),
        ),
        (
            r"(How many times does|In how many separate shots is) (?P<who>the person.*) (come into the film|seen)\?",
            lambda f, g, o: len({a["scene"] for a in f.shots_of(g["who"])}) == int(o),
        ),
        (r"How many parcels .*", lambda f, g, o: len(f.drops) == int(o)),
        (r"How many (?P<colour>\w+) things .*", lambda f, g, o: len([e for e in f.passes if e["colour"] == g["colour"]]) == int(o)),
        (
            r"(How many|Count every) (?P<subject>\w+?)s? (go|that goes) by.*",
            lambda f, g, o: len([e for e in f.passes if e["subject"] == g["subject"]]) == int(o),
        ),
    ],
    "sign": [
        (rf"What (is written on|does) {SIGN}.*", lambda f, g, o: f.sign(g)["text"] == o),
        (rf"(Which number is on|There is a number on) {SIGN}[.?].*", lambda f, g, o: re.sub(r"\D", "", f.sign(g)["text"]) == o),
        (rf"(Which place does )?{SIGN} name.*", lambda f, g, o: f.sign(g)["text"].endswith(PLACES[o.removeprefix("the ")].capitals)),
        (
            rf"(Where can one read|The words) {QUOTE}.*",
            lambda f, g, o: _PLACE_OF[o] in {s["place"] for s in f.signs if s["text"] == g["quote"]},
        ),
    ],
    "speech": [
        (
            r"(For which of these|Somebody gives the code of four) .*",
            lambda f, g, o: o.removeprefix("the ") not in {x["key"] for x in f.lines},
        ),
        (
            r"(Which code opens the|Somebody gives the code of the|Listen for the) (?P<key>[a-z ]+)[?.:].*",
            lambda f, g, o: f.code(g["key"])["value"] == o,
        ),
        (
            r"(What does|Somebody says) the code (?P<code>\d+).*",
            lambda f, g, o: any(x["value"] == g["code"] and f"the {x['key']}" == o for x in f.lines),
        ),
        (r"(Who gives|Whose voice gives) the code of the (?P<key>[a-z ]+)\?", lambda f, g, o: f.code(g["key"])["speaker"] == o),
        (rf"(Who|Somebody) says {QUOTE}.*", lambda f, g, o: f.line(g)["speaker"] == o),
    ],
    "crossmodal": [
        (rf"(What goes by while|Something goes by just when) .* says {QUOTE}.*", lambda f, g, o: bool(f.during(f.of(o), f.line(g)))),
        (rf"(What can one read|Which words are) .* says {QUOTE}.*", lambda f, g, o: o in {s["text"] for s in f.during(f.signs, f.line(g))}),
        (
            rf"(What|Something) goes by while (a row of (?P<n>\d+) short beeps|the row of short beeps at {TIME}) sounds.*",
            lambda f, g, o: bool(f.during(f.of(o), _row(f, g))),
        ),
        (rf"(Who speaks|Whose voice does one hear) while {NOUN}.*", _speaks),
        (
            r"(Where does the film play|Which place is in the picture) .* the code of the (?P<key>[a-z ]+?)( is given)?\?",
            lambda f, g, o: {f.place_at(f.code(g["key"])[k] - (k == "end") * 0.04) for k in ("start", "end")} == {_PLACE_OF[o]},
        ),
    ],
    "absence": [
        (r".*(Which one does not|never goes by|does one of these go by\. Which one is it)\?", lambda f, g, o: not f.of(o)),
        (r".*(Who is not|Who of these is never seen)\?", lambda f, g, o: not f.shots_of(o)),
        (r"(Which|Four) of these texts .*", lambda f, g, o: o.strip('"') not in {s["text"] for s in f.signs}),
    ],
    "twohop": [
        (
            rf"(Find the place that )?{SIGN} names.* (?:What colour is the|A) (?P<subject>\w+) .*",
            lambda f, g, o: any((e["subject"], e["colour"]) == (g["subject"], o) for e in _there(f, g)),
        ),
        (rf"(In the place that )?{SIGN} names.*", lambda f, g, o: only(_there(f, g)) in f.of(o)),
        (rf".*loses {NOUN}.*Where.*", _elsewhere),
        (rf"Somebody loses {NOUN}\. Which other place does the (?P<sort>board|banner|caption) .*", _place_sign),
        (rf".* the (?P<sort>board|banner|caption) in the place where {NOUN} .*", _number_beside),
        (rf"Find the place where {NOUN} .* the (?P<sort>board|banner|caption) there\?", _number_beside),
    ],
}


def true_options(film: Film, skill: str, text: str, options: Sequence[str]) -> list[str]:
    """The options that are true; the question must be of a form that is known here."""
    if skill == "order" and (match := re.match(rf"(.* )?[Aa]fter {NOUN}( has gone by)?[?,].*", text)):
        return [o for o in options if _is_after(film, match.groupdict(), o, options)]
    if skill == "order" and text.endswith(("by first?", "the first?", "by last?", "the last?")):
        starts = {o: only(film.of(o))["start"] for o in options}
        best = (max if "last" in text else min)(starts.values())
        return [o for o in options if starts[o] == best]
    for form, truth in TRUTHS[skill]:
        if match := re.fullmatch(form, text):
            return [o for o in options if truth(film, match.groupdict(), o)]
    raise AssertionError(f"no form for {skill}: {text}")


@pytest.mark.parametrize(("tier", "films"), [("clip", 150), ("short", 50), ("long", 20), ("epic", 10)])
def test_the_right_option_and_no_other_follows_from_the_raw_script(tier: str, films: int) -> None:
    for seed in range(films):
        script = compose(tier, seed)
        film = Film(script.to_dict())
        for q in questions_of(script):
            assert len(q.options) == len(set(q.options)) == 5
            assert true_options(film, q.skill, q.text, q.options) == [q.answer_text], (script.name, q)


def test_the_evaluator_can_tell_a_wrong_answer() -> None:
    script = compose("short", 1)
    raw = script.to_dict()
    raw["events"] = [{**e, "colour": "pink" if e["colour"] != "pink" else "red"} for e in raw["events"]]
    asked = [q for q in questions_of(script) if q.skill == "event"]
    changed = Film(raw)
    assert all(
        true_options(changed, q.skill, q.text, q.options) != [q.answer_text] for q in asked if q.text.startswith(("At", "Look", "What"))
    )
