"""The picture of an episode: the map with the hero on it, and a panel with all that a person needs to play.

The map is painted once per task, each section of the panel once per content; a frame is a few copies into a kept canvas.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image, ImageDraw

from mtenvs.core.errors import UnknownOption
from mtenvs.envs.rpg import panel
from mtenvs.envs.rpg.icons import icon
from mtenvs.envs.rpg.map_ground import MapGeometry
from mtenvs.envs.rpg.map_picture import draw_map, font, overlap, place_name
from mtenvs.envs.rpg.records import SLOTS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable

    import numpy.typing as npt

    from mtenvs.envs.rpg.data import WorldData
    from mtenvs.envs.rpg.map_picture import Box
    from mtenvs.envs.rpg.records import Position
    from mtenvs.envs.rpg.spec import HeroTask
    from mtenvs.envs.rpg.state import HeroState

    Picture = npt.NDArray[np.uint8]

WIDTH: Final = 960
HEIGHT: Final = 640
_PANEL: Final = 448  # pixels of width
_GAP: Final = 6
_GOAL: Final = 34  # pixels of height
_AXIS: Final = (24, 14)  # pixels for the row numbers at the left, the column numbers below
# Section -> (top, height) in the panel, whose parts need 640 pixels in all.
_SECTIONS: Final = {
    "vitals": (40, 78),
    "here": (122, 72),
    "skills": (198, 72),
    "gear": (274, 128),
    "bag": (406, 98),
    "outcome": (508, 52),
    "legend": (570, 64),
}
_KEPT: Final = 256  # section pictures; each is some 100 kB
_LONGEST: Final = 2000  # characters of goal and outcome that are looked at; what an agent writes may be a megabyte
_FOG: Final = (62, 64, 72)


class MapRenderer:
    """Draws frames of episodes in one world.

    Args:
        data: the world.
        width: pixels, at least 800.
        height: pixels, at least 640.

    Raises:
        UnknownOption: the picture would be too small for the panel.
    """

    def __init__(self, data: WorldData, width: int = WIDTH, height: int = HEIGHT) -> None:
        if width < 800 or height < HEIGHT:
            raise UnknownOption(f"the picture must be at least 800 x {HEIGHT} pixels, not {width} x {height}")
        self.data, self.width, self.height = data, width, height
        room = (width - _PANEL - 2 * _GAP - _AXIS[0], height - _GOAL - _GAP // 3 * 2 - _AXIS[1])
        self.geometry = MapGeometry.fit(data, *room)
        across, down = self.geometry.columns * self.geometry.tile, self.geometry.rows * self.geometry.tile
        self._corner = (_AXIS[0] + max(0, room[0] - across) // 2, _GOAL + _GAP // 3 + max(0, room[1] - down) // 2)
        self._sections: OrderedDict[tuple[str, Hashable], Picture] = OrderedDict()
        self._shown: dict[str, Hashable] = {}
        self._canvas = np.empty((height, width, 3), dtype=np.uint8)
        self._base: Picture | None = None
        self._names: tuple[Box, ...] = ()
        self._scene: Hashable = None
        self._known: frozenset[Position] | None = None
        self._hero_at: Position | None = None
        self._here: dict[Position, tuple[str, str, tuple[str, ...], panel.Foe | None]] = {}

    def render(
        self,
        hero: HeroState,
        *,
        goal: str = "",
        task: HeroTask | None = None,
        outcome: str = "",
        good: bool | None = None,
        hp_left: float | None = None,
        seen: Collection[Position] | None = None,
    ) -> Picture:
        """One picture of the episode as it stands.

        Args:
            hero: the hero.
            goal: the instruction in the top bar; the task's own where it is empty.
            task: gives its target a golden ring, names only the places that it lists and tells the bag's limit.
            outcome: what the last action did, in words.
            good: whether it went well; None is neither.
            hp_left: health after the last fight; None is full.
            seen: fog: only these tiles are shown, without names; None shows all.

        Returns:
            (height, width, 3) uint8; the caller owns it.
        """
        self._draw_scene(task, fog=seen is not None)
        self._draw_fog(None if seen is None else frozenset(seen))
        self._draw_hero(hero.pos)
        limit = task.rules.inventory_limit if task is not None else None
        self._draw_panel(hero, (goal or (task.goal if task is not None else ""))[:_LONGEST], limit)
        self._section("outcome", (outcome[:_LONGEST], good), panel.draw_outcome)
        self._section(
            "vitals", (hero.level, (hero.xp, hero.max_xp), hero.stats, hero.hp if hp_left is None else hp_left), panel.draw_vitals
        )
        return self._canvas.copy()

    # -- map -----------------------------------------------------------------------------------------------------------

    def _draw_scene(self, task: HeroTask | None, *, fog: bool) -> None:
        """Paint the map anew when the task is another one; in fog without names, which reach over what is not known."""
        named = () if fog else task.locations if task is not None else None
        scene = (task.target if task is not None and task.kind == "kill" else "", named, fog)
        if self._base is not None and scene == self._scene:
            return
        self._scene, self._known, self._hero_at = scene, None, None
        self._base, self._names = draw_map(self.data, self.geometry, target=scene[0], named=named, lands=not fog)
        page = Image.new("RGB", (self.width, self.height), panel.BACK)
        x0, y0 = self._corner
        size = self.geometry.tile
        pen = ImageDraw.Draw(page)
        every = 1 if size >= 18 else 5
        for i in range(0, self.geometry.columns, every):
            at = (x0 + i * size + size // 2, y0 + self.geometry.rows * size + 1)
            pen.text(at, str(self.geometry.left + i), font=font(10), fill=panel.DIM, anchor="mt")
        for j in range(0, self.geometry.rows, every):
            pen.text((x0 - 4, y0 + j * size + size // 2), str(self.geometry.top + j), font=font(10), fill=panel.DIM, anchor="rm")
        self._canvas[:] = np.asarray(page)
        self._paste(self._base, x0, y0)
        self._shown.clear()

    def _draw_fog(self, known: frozenset[Position] | None) -> None:
        """Cover what is not known; uncover what has become so."""
        if known == self._known or self._base is None:
            return
        if self._known is None or known is None or not known >= self._known:
            self._paste(self._base if known is None else _weave(*self._base.shape[:2]), *self._corner)
            fresh = known or frozenset()
        else:
            if self._hero_at is not None:
                self._restore(self._hero_at)
            fresh = known - self._known
        self._known, self._hero_at = known, None
        for place in fresh:
            if place in self.data.tiles:
                self._uncover(place)

    def _uncover(self, place: Position) -> None:
        """Show the ground of one tile as it is on the map."""
        if self._base is None or (self._known is not None and place not in self._known):
            return
        x, y = self.geometry.corner(place)
        size = self.geometry.tile
        self._paste(self._base[y : y + size, x : x + size], self._corner[0] + x, self._corner[1] + y)

    def _draw_hero(self, place: Position) -> None:
        """Move the marker: a bright frame around the tile and the hero beside what is on it."""
        if place == self._hero_at:
            return
        if self._hero_at is not None:
            self._restore(self._hero_at)
        self._hero_at = place
        if place not in self.data.tiles:
            return
        size = self.geometry.tile
        x, y = (a + b for a, b in zip(self.geometry.corner(place), self._corner, strict=True))
        edge = max(2, size // 12)
        for colour, inset in (((255, 255, 255), 0), ((206, 44, 52), edge // 2)):
            block = self._canvas[y + inset : y + size - inset, x + inset : x + size - inset]
            thick = max(1, edge - inset)
            block[:thick], block[-thick:], block[:, :thick], block[:, -thick:] = colour, colour, colour, colour
        side = max(8, round(size * 0.92))
        middle = x + (size - side) // 2
        beside = round(size * 0.62) if self.data.tiles[place].content is not None else 0
        choices = [left for left in (middle - beside, middle + beside) if self._inside(left, side)] or [middle]
        left = next((left for left in choices if not self._on_name(left, y, side)), choices[0])
        self._stamp(icon("hero", side), left, y + (size - side) // 2)

    def _inside(self, left: int, side: int) -> bool:
        """Whether a marker with that left edge stays on the map, where it can be wiped off again."""
        return self._corner[0] <= left and left + side <= self._corner[0] + self.geometry.columns * self.geometry.tile

    def _on_name(self, left: int, top: int, side: int) -> bool:
        x, y = left - self._corner[0], top - self._corner[1]
        return any(overlap((x, y, x + side, y + side), name) for name in self._names)

    def _restore(self, place: Position) -> None:
        """Bring back the ground under the marker, which reaches over the neighbouring columns."""
        x, y = place
        for neighbour in ((x - 1, y), place, (x + 1, y)):
            if neighbour not in self.data.tiles:
                continue
            if self._known is not None and neighbour not in self._known:
                left, top = self.geometry.corner(neighbour)
                size = self.geometry.tile
                veil = _weave(top + size, left + size)[top:, left:]
                self._paste(veil, self._corner[0] + left, self._corner[1] + top)
            else:
                self._uncover(neighbour)

    def _stamp(self, drawing: Image.Image, x: int, y: int) -> None:
        pixels = np.asarray(drawing)
        block = self._canvas[y : y + pixels.shape[0], x : x + pixels.shape[1]]
        alpha = pixels[: block.shape[0], : block.shape[1], 3:].astype(np.uint16)
        colour = pixels[: block.shape[0], : block.shape[1], :3]
        block[:] = ((colour * alpha + block * (255 - alpha)) // 255).astype(np.uint8)

    def _paste(self, picture: Picture, x: int, y: int) -> None:
        self._canvas[y : y + picture.shape[0], x : x + picture.shape[1]] = picture

    # -- panel ---------------------------------------------------------------------------------------------------------

    def _draw_panel(self, hero: HeroState, goal: str, limit: int | None) -> None:
        self._show("goal", (goal,), lambda: panel.draw_goal(self.width, _GOAL, goal))
        self._section("here", (hero.pos, *self._place(hero.pos)), panel.draw_here)
        shares = tuple(xp / need for xp, need in zip(hero.skill_xp, hero.skill_max_xp, strict=True))
        self._section("skills", (tuple(hero.skills), shares), panel.draw_skills)
        items = self.data.items
        worn = tuple(items[code].name if code in items else code for code in hero.slots)
        self._section("gear", (worn, (1,) * (len(SLOTS) - 2) + tuple(hero.quantities)), panel.draw_gear)
        bag = tuple((items[code].name if code in items else code, units) for code, units in hero.bag.items())
        self._section("bag", (bag, hero.load, limit), panel.draw_bag)
        self._section("legend", (), panel.draw_legend)

    def _section(self, name: str, values: tuple[object, ...], draw: Callable[..., Image.Image]) -> None:
        self._show(name, values, lambda: draw(_PANEL, _SECTIONS[name][1], *values))

    def _show(self, name: str, values: tuple[object, ...], draw: Callable[[], Image.Image]) -> None:
        """Put a section on the canvas unless it is there; sections that were drawn lately are kept."""
        if self._shown.get(name) == values:
            return
        self._shown[name] = values
        key = (name, values)
        picture = self._sections.get(key)
        if picture is None:
            picture = self._sections[key] = np.asarray(draw())
            if len(self._sections) > _KEPT:
                self._sections.popitem(last=False)
        else:
            self._sections.move_to_end(key)
        if name == "goal":
            self._paste(picture, 0, 0)
        else:
            self._paste(picture, self.width - _PANEL - _GAP, _SECTIONS[name][0])

    def _place(self, place: Position) -> tuple[str, str, tuple[str, ...], panel.Foe | None]:
        """Land, title, two lines and perhaps a monster's figures of the tile where the hero stands."""
        known = self._here.get(place)
        if known is None:
            known = self._here[place] = self._describe(place)
        return known

    def _describe(self, place: Position) -> tuple[str, str, tuple[str, ...], panel.Foe | None]:
        tile = self.data.tiles.get(place)
        if tile is None:
            return "off the map", "", (), None
        content = tile.content
        if content is None:
            return tile.name, "Nothing of use here", (), None
        title = place_name(self.data, tile)
        if content.type == "monster":
            monster = self.data.monsters[content.code]
            drops = ", ".join(self.data.items[drop.code].name for drop in monster.drops)
            return tile.name, title, (f"Level {monster.level}", f"Drops {drops}"), panel.Foe(monster.hp, monster.attack, monster.res)
        if content.type == "resource":
            resource = self.data.resources[content.code]
            gives = ", ".join(self.data.items[drop.code].name for drop in resource.drops)
            return tile.name, title, (f"Needs {resource.skill} level {resource.level}", f"Gives {gives}"), None
        uses = {
            "bank": "Nothing to do here yet",
            "grand_exchange": "Sells what the task allows",
            "tasks_master": "Notices, long out of date",
        }
        return tile.name, title, (uses.get(content.type, f"Workshop for {content.code}"),), None


def _weave(height: int, width: int) -> Picture:
    """Fog: one colour with a weave of dots, so that it does not look like missing ground."""
    veil = np.full((height, width, 3), _FOG, dtype=np.uint8)
    veil[3::7, 3::7] += 14
    return veil
