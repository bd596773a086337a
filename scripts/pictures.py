"""Draws the pictures of the README anew: `python scripts/pictures.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageOps

import mtenvs
from mtenvs.envs.drones.bots import RuleBot
from mtenvs.envs.drones.hierarchy import HighLevelGame
from mtenvs.envs.drones.spectator import Spectator
from mtenvs.envs.drones.view import CourtView
from mtenvs.envs.video.visual.sheet import contact_sheet as search_sheet
from mtenvs.rollout.pictures import save_gif

DOCS = Path(__file__).resolve().parents[1] / "docs"


def hero() -> None:
    """A hero in the middle of his task."""
    env: Any = mtenvs.make("HeroBench", task="own/3/0", render_mode="rgb_array").unwrapped
    env.reset(seed=0)
    for _ in range(10):
        env.step(env.next_oracle_action())
    Image.fromarray(env.render()).quantize(256, dither=Image.Dither.NONE).save(DOCS / "hero.png", optimize=True)


def robot() -> None:
    """The arm drives a nail in."""
    env: Any = mtenvs.make("MetaWorld", task="hammer-v3", render_mode="rgb_array", image_size=320, render_quality="official").unwrapped
    env.reset(seed=1)
    frames, ended, turn = [], False, 0
    while not ended:
        _, _, terminated, truncated, _ = env.step(env.next_oracle_action())
        ended, turn = terminated or truncated, turn + 1
        if turn % 4 == 0 or ended:
            frames.append(env.render())
    save_gif(frames, DOCS / "robot.gif", fps=15)


def sheets() -> None:
    """One contact sheet for each environment about videos: the question, the frames or crops that were asked for, the answer."""
    shown: dict[str, dict[str, Any]] = {
        "FrameThinker": {"task": "short-1/sign/0"},
        "SAGE": {"task": "clip-0/twohop/0", "context_frames": 12},
        "LongShOT": {"task": "clip-0/dialogue/0"},
        "VisualSearch": {"task": "medium/4"},
    }
    for name, kwargs in shown.items():
        env: Any = mtenvs.make(name, render_mode="rgb_array", **kwargs).unwrapped
        env.reset(seed=0)
        picture, ended = env.render(), False
        while not ended:
            action = env.next_oracle_action()
            obs, _, terminated, truncated, _ = env.step(action)
            ended = terminated or truncated
            if int(obs.get("num_frames", 1)):
                picture = picture if ended else env.render()
        sheet = Image.fromarray(picture) if name != "VisualSearch" else search_sheet(env.picture, env.views, env.task.goal, env.given)
        end = _last_ink(sheet)
        sheet = ImageOps.expand(sheet.crop((0, 0, sheet.width, end)), (0, 0, 0, 30 if name != "VisualSearch" else 0), _paper(sheet))
        if name != "VisualSearch":  # whose sheet says the answer itself
            answer = env.dialogue.turns[-1].reference if name == "LongShOT" else f"{env.question.answer}. {env.question.answer_text}"
            ImageDraw.Draw(sheet).text((10, end), f"Answer: {answer}", (178, 44, 24), ImageFont.load_default(16))
        sheet.quantize(128, dither=Image.Dither.NONE).save(DOCS / f"{name.lower()}.png", optimize=True)


def web() -> None:
    """Something is bought in the shop, with the actions in words below; and a page as a set of marks."""
    env: Any = mtenvs.make("WebArena", task="shop/buy/3", obs_mode="text+vision", render_mode="rgb_array").unwrapped
    obs, info = env.reset(seed=0)
    said, frames = "", [_captioned(obs["image"], obs["goal"], "")]
    while not info["stop_reason"]:
        action = env.next_oracle_action()
        number = action.split("id=")[1].split(",")[0].rstrip(")") if "id=" in action else ""
        line = next((ln.strip() for ln in obs["text"].splitlines() if ln.strip().startswith(f"[{number}]")), "") if number else ""
        said = action + (f"    {line[:90]}" if line else "")
        frames.append(_captioned(obs["image"], obs["goal"], said))
        obs, _, _, _, info = env.step(action)
        frames.append(_captioned(obs["image"], obs["goal"], said))
    frames.append(_captioned(obs["image"], obs["goal"], f"{said}    {info['stop_reason']}, score {info['verdict'].score:.0f}"))
    env.close()
    save_gif(frames, DOCS / "web.gif", fps=1.2, hold_s=4)
    env = mtenvs.make("VisualWebArena", task="visual/vote/1", render_mode="rgb_array").unwrapped
    obs, _ = env.reset(seed=0)
    page = Image.fromarray(obs["image"]).resize((800, 450), Image.Resampling.LANCZOS)
    goal = Image.fromarray(obs["frames"][0])
    goal = ImageOps.contain(goal.crop(goal.getbbox()), (300, 300))
    sheet = Image.new("RGB", (1130, 490), "white")
    sheet.paste(page, (10, 30))
    sheet.paste(goal, (820, 90))
    draw = ImageDraw.Draw(sheet)
    draw.text((10, 8), obs["goal"], fill="black", font=ImageFont.load_default(15))
    draw.text((820, 66), "the picture that comes with the goal", fill="black", font=ImageFont.load_default(14))
    sheet.quantize(128, dither=Image.Dither.NONE).save(DOCS / "visualweb.png", optimize=True)
    env.close()


def _captioned(image: Any, goal: str, action: str) -> Any:
    """A screenshot at half its size, the goal above and the action below."""
    page = Image.fromarray(image).resize((640, 360), Image.Resampling.LANCZOS)
    sheet = Image.new("RGB", (640, 420), "white")
    sheet.paste(page, (0, 28))
    draw = ImageDraw.Draw(sheet)
    draw.text((8, 7), goal[:120], fill="black", font=ImageFont.load_default(11))
    draw.text((8, 396), action[:100], fill="#0b5", font=ImageFont.load_default(13))
    return np.asarray(sheet)


def _paper(sheet: Image.Image) -> tuple[int, int, int]:
    """The colour of the lower right corner."""
    red, green, blue = np.asarray(sheet)[-1, -1]
    return int(red), int(green), int(blue)


def _last_ink(sheet: Image.Image) -> int:
    """The height below which there is nothing but paper."""
    paper = Image.new("RGB", sheet.size, _paper(sheet))
    box = ImageChops.difference(sheet, paper).getbbox()
    return min(sheet.height, box[3] + 12) if box else sheet.height


def volleyball() -> None:
    """A rally between two rule bots."""
    game = HighLevelGame(1, seed=0)
    game.reset(seed=0)
    spectator, view, frames, count = Spectator(game.engine), CourtView(teams="3v3", size=(400, 224)), [], 0

    def film() -> None:
        nonlocal count
        count += 1
        scene = spectator.watch()
        if count % 5 == 0:
            frames.append(view.draw(scene))

    game.on_step, bot = film, RuleBot()
    decision = game.step(np.full((1, 2, 3), 0))
    while not game.done.all() and len(frames) < 64:
        decision = game.step(bot.act(decision.obs.reshape(2, -1)).reshape(1, 2, 3))
    save_gif(frames[:64], DOCS / "volleyball.gif", fps=10)


if __name__ == "__main__":
    DOCS.mkdir(exist_ok=True)
    hero()
    robot()
    sheets()
    volleyball()
    web()
