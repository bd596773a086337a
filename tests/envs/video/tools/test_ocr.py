from __future__ import annotations

import multiprocessing
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from mtenvs.backends.video import Frames
from mtenvs.core.errors import MissingRequirement, UnknownOption
from mtenvs.envs.video.tools import ocr
from mtenvs.envs.video.tools.looker import OcrLooker
from mtenvs.envs.video.tools.ocr import TextBox, read_text

SIGNS = ("PIER 19", "ROOM 40", "BOOK FAIR", "GATE 7:45")


def street(pixels: int, seed: int = 0, signs: tuple[str, ...] = SIGNS) -> NDArray[np.uint8]:
    """Boards over a grainy picture of coloured blocks, 640x360."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(60, 200, (6, 10, 3), np.uint8)).resize((640, 360), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(coarse)
    for x, y, w, h, *colour in rng.integers(5, 200, (30, 7)).tolist():
        draw.rectangle((3 * x, 2 * y, 3 * x + w // 3, 2 * y + h // 3), outline=tuple(colour))
    font = ImageFont.load_default(pixels)
    for i, text in enumerate(signs):
        x, y = 40 + int(rng.integers(0, 300)), 30 + 80 * i
        draw.rectangle((x - 8, y - 4, x + draw.textlength(text, font) + 8, y + pixels * 1.3), fill=(238, 232, 214))
        draw.text((x, y), text, (24, 26, 34), font)
    return np.clip(np.asarray(coarse) + rng.normal(0, 8, (360, 640, 3)), 0, 255).astype(np.uint8)


needs_ocr = pytest.mark.skipif(sys.version_info >= (3, 13), reason="rapidocr-onnxruntime has no release for Python 3.13")


@needs_ocr
class TestReading:
    @pytest.fixture(autouse=True)
    def _installed(self) -> None:
        pytest.importorskip("rapidocr_onnxruntime")

    @pytest.mark.parametrize("pixels", [12, 16, 24])
    def test_small_signs_are_read(self, pixels: int) -> None:
        read = {box.text for box in read_text(street(pixels))}
        assert len(read & set(SIGNS)) >= 3, read

    def test_a_box_is_where_the_sign_is(self) -> None:
        image = np.full((360, 640, 3), 90, np.uint8)
        picture = Image.fromarray(image)
        ImageDraw.Draw(picture).text((400, 200), "HARBOUR", (255, 255, 255), ImageFont.load_default(30))
        (box,) = read_text(np.asarray(picture))
        x0, y0, x1, y1 = box.box
        assert box.text == "HARBOUR"
        assert 390 < x0 * 640 < 410
        assert 195 < y0 * 360 < y1 * 360 < 245
        assert x1 * 640 < 580

    def test_a_tiny_crop_is_enlarged_and_read(self) -> None:
        picture = Image.new("RGB", (90, 24), (238, 232, 214))
        ImageDraw.Draw(picture).text((8, 3), "PIER 19", (24, 26, 34), ImageFont.load_default(14))
        assert [box.text for box in read_text(np.asarray(picture))] == ["PIER 19"]

    def test_words_on_one_line_are_one_box(self) -> None:
        picture = Image.new("RGB", (448, 252), (238, 232, 214))
        draw, font = ImageDraw.Draw(picture), ImageFont.load_default(24)
        draw.text((20, 60), "NO  SWIMMING", (24, 26, 34), font)
        draw.text((20, 160), "FERRY", (24, 26, 34), font)
        assert [box.text for box in read_text(np.asarray(picture))] == ["NO SWIMMING", "FERRY"]

    def test_the_same_picture_is_read_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        first = read_text(street(16, 7))
        monkeypatch.setattr(ocr, "_read", None)
        assert read_text(street(16, 7).copy()) == first

    def test_threads_read_what_one_thread_reads(self) -> None:
        images = [street(16, seed, (f"BERTH {seed}",)) for seed in range(20, 24)]
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(read_text, images))
        assert [[b.text for b in boxes] for boxes in together] == [[f"BERTH {s}"] for s in range(20, 24)]

    @pytest.mark.skipif(not hasattr(multiprocessing, "get_context") or sys.platform != "linux", reason="forks")
    def test_a_forked_process_reads_too(self) -> None:
        read_text(street(16, 30))
        with multiprocessing.get_context("fork").Pool(1) as pool:
            boxes = pool.apply_async(read_text, (street(16, 31, ("LOT 8",)),)).get(60)
        assert [b.text.replace(" ", "") for b in boxes] == ["LOT8"]  # the models lose some spaces

    @pytest.mark.parametrize("shape", [(1, 50, 3), (50, 1, 3), (0, 0, 3), (2, 2, 3), (4, 600, 3)], ids=str)
    def test_pictures_too_small_to_hold_text_have_none(self, shape: tuple[int, ...]) -> None:
        assert read_text(np.zeros(shape, np.uint8)) == []

    def test_an_agent_reads_each_text_with_its_times(self) -> None:
        frames = np.stack([street(24, 5, ("PIER 19",)), street(24, 6, ("PIER 19",)), street(24, 6, ())])
        text = OcrLooker(None).describe(frames, [1.0, 2.5, 3.0], "pier")
        assert text.splitlines()[1:] == ["00:01.0, 00:02.5: 'PIER 19'"]
        assert "text recognition" in text
        assert "no text" in OcrLooker(None).describe(frames[2:], [3.0], "pier")

    def test_an_agent_finds_when_a_text_is_to_be_seen(self) -> None:
        class Film:
            info = SimpleNamespace(duration_s=100.0, width=640, height=360)

            def window(self, start: float, end: float, n: int, _size: tuple[int, int]) -> Frames:
                times = np.linspace(start, end, n)
                there, not_there = (street(24, 5, signs) for signs in (("PIER 19",), ("LOT 8",)))
                return Frames(np.arange(n), times, np.stack([there if 40 < t < 60 else not_there for t in times]))

        assert _around_50(OcrLooker(Film()).find("the sign that says PIER 19", 20, 100))


def _around_50(spans: list[tuple[float, float]]) -> bool:
    """One span, 40 to 60 s but for the spacing of the frames."""
    return len(spans) == 1 and 37 < spans[0][0] < 43 and 57 < spans[0][1] < 63


@pytest.mark.parametrize("image", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3), np.float32), [[1]]], ids=["grey", "float", "list"])
def test_another_kind_of_picture_is_told(image: NDArray[np.uint8]) -> None:
    with pytest.raises(UnknownOption, match="uint8"):
        read_text(image)


def test_zeros_between_letters_are_the_letter() -> None:
    box = (0.0, 0.0, 0.1, 0.1)
    assert ocr._joined([TextBox("a", 1.0, box)]) == (TextBox("a", 1.0, box),)
    assert ocr._ZERO_IN_WORD.sub(lambda m: "O" * len(m[0]), "R00M 40 PLATF0RM 7:00 X0") == "ROOM 40 PLATFORM 7:00 X0"


@needs_ocr
def test_without_the_package_the_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rapidocr_onnxruntime", None)
    with pytest.raises(MissingRequirement, match=r'pip install "mtenvs\[ocr\]"'):
        ocr._engine()


def test_without_the_graphics_library_the_command_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "rapidocr_onnxruntime"
    package.mkdir()
    message = "libGL.so.1: cannot open shared object file: No such file or directory"
    (package / "__init__.py").write_text(f"raise ImportError({message!r})\n")
    monkeypatch.delitem(sys.modules, "rapidocr_onnxruntime", raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(MissingRequirement, match=r"libGL\.so\.1.*apt-get install -y libgl1 libglib2\.0-0"):
        ocr._engine()
