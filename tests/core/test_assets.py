"""Where files are looked for, and in which order."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtenvs.core import assets
from mtenvs.core.assets import ASSETS_VARIABLE, OFFICIAL_VARIABLE, asset, official_dir, official_root
from mtenvs.core.errors import DataError


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Path]:
    """The user's folder, the wheel's and the checkout's, each with a file `only_<place>` and a file `shared`."""
    found = {"user": tmp_path / "user", "wheel": tmp_path / "site" / "mtenvs" / "_assets", "checkout": tmp_path / "site" / "assets"}
    for name, folder in found.items():
        folder.mkdir(parents=True)
        (folder / f"only_{name}").touch()
        (folder / "shared").write_text(name, encoding="utf-8")
    monkeypatch.setattr(assets, "_PACKAGE", tmp_path / "site" / "mtenvs")
    monkeypatch.setenv(ASSETS_VARIABLE, str(found["user"]))
    return found


def test_the_users_folder_comes_before_the_wheel_and_the_wheel_before_the_checkout(
    places: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asset("shared") == places["user"] / "shared"
    assert asset("only_wheel") == places["wheel"] / "only_wheel"
    assert asset("only_checkout") == places["checkout"] / "only_checkout"
    monkeypatch.setenv(ASSETS_VARIABLE, "")
    assert asset("shared") == places["wheel"] / "shared"
    (places["wheel"] / "shared").unlink()
    assert asset("shared") == places["checkout"] / "shared"


def test_a_missing_asset_names_the_places_and_the_remedy(places: dict[str, Path]) -> None:
    with pytest.raises(DataError) as missing:
        asset("no/such/file")
    assert all(str(folder) in str(missing.value) for folder in places.values())
    assert ASSETS_VARIABLE in str(missing.value)


def test_official_data_lies_where_the_user_says_or_beside_the_checkout(
    places: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert places
    monkeypatch.delenv(OFFICIAL_VARIABLE, raising=False)
    assert official_root() == tmp_path / "shared" / "data"
    monkeypatch.setenv(OFFICIAL_VARIABLE, str(tmp_path / "mine"))
    (tmp_path / "mine" / "herobench").mkdir(parents=True)
    assert official_dir("mtenvs/HeroBench-v0") == tmp_path / "mine" / "herobench"
    assert official_dir("HeroBench") == tmp_path / "mine" / "herobench"


def test_missing_official_data_names_folder_and_remedy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(OFFICIAL_VARIABLE, str(tmp_path))
    (tmp_path / "metaworld").touch()
    with pytest.raises(DataError, match=OFFICIAL_VARIABLE) as missing:
        official_dir("mtenvs/MetaWorld-v0")
    assert str(tmp_path / "metaworld") in str(missing.value)
    assert "data_dir=" in str(missing.value)
