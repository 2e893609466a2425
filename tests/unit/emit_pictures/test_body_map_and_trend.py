"""The body map and the trend, drawn before the other pictures, stand on the same strict pages."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from picture_checks import parsed

from levamen.emit.body_map import svg as body_map_svg
from levamen.emit.trend.svg import svg as trend_svg

sys.path.append(str(Path(__file__).parents[1] / "emit"))
import trend_samples


def ids(picture: str) -> list[str]:
    return [element.get("id", "") for element in parsed(picture).iter() if element.get("id")]


@pytest.mark.parametrize(
    "picture",
    [
        body_map_svg(["back-left-low-back"], styled=False, prefix="now-"),
        trend_svg(trend_samples.everything(opioids=True), name="trend"),
    ],
    ids=["body map", "trend"],
)
def test_nothing_in_it_needs_an_inline_style(picture: str) -> None:
    assert "<style" not in picture
    assert "style=" not in picture
    assert "href" not in picture
    assert "data:" not in picture
    assert "<script" not in picture


def test_two_body_maps_on_one_page() -> None:
    one, other = (
        ids(body_map_svg(["back-left-low-back"], styled=False, prefix=prefix)) for prefix in ("now-", "then-")
    )
    assert len(set(one)) == len(one)
    assert not set(one) & set(other)
    assert "now-back-left-low-back" in one
    assert "url(#hatch-now-front-back)" in body_map_svg(["back-left-low-back"], styled=False, prefix="now-")


def test_as_before_where_nobody_asks() -> None:
    picture = body_map_svg(["back-left-low-back"])
    assert "<style>" in picture
    assert 'id="back-left-low-back"' in picture
