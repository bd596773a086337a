"""Read Chromium's accessibility tree and layout snapshot into our nodes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mtenvs.backends.chromium.nodes import AXNode

Box = tuple[float, float, float, float]


def boxes(snapshot: dict[str, Any]) -> dict[int, Box]:
    """Where each laid out node is, in the viewport of the top document, by backend node id.

    Args:
        snapshot: the answer of ``DOMSnapshot.captureSnapshot``. Its boxes count from the top of each document, so a frame's
            boxes are moved by where the frame is, and all are moved by how far their documents are scrolled.
    """
    documents = snapshot["documents"]
    origins: dict[int, tuple[float, float]] = {0: (0.0, 0.0)}
    found: dict[int, Box] = {}
    for number, document in enumerate(documents):  # a frame's document stands behind the one that holds it
        x0, y0 = origins.get(number, (0.0, 0.0))
        x0 -= document.get("scrollOffsetX", 0)
        y0 -= document.get("scrollOffsetY", 0)
        layout, backend = document["layout"], document["nodes"]["backendNodeId"]
        inner = document["nodes"].get("contentDocumentIndex", {"index": [], "value": []})
        frames = dict(zip(inner["index"], inner["value"], strict=True))
        for node, (x, y, w, h) in zip(layout["nodeIndex"], layout["bounds"], strict=True):
            found.setdefault(backend[node], (x0 + x, y0 + y, w, h))
            if node in frames:
                origins[frames[node]] = (x0 + x, y0 + y)
    return found


def ax_nodes(raw: list[dict[str, Any]], frame: str, rects: dict[int, Box]) -> Iterator[AXNode]:
    """The nodes of one frame's tree."""
    for node in raw:
        backend = node.get("backendDOMNodeId", 0)
        yield AXNode(
            node["nodeId"],
            _text(node.get("role")),
            _text(node.get("name")),
            _text(node.get("value")),
            {p["name"]: p["value"].get("value") for p in node.get("properties", ())},
            node.get("childIds", []),
            node.get("parentId", ""),
            backend,
            rects.get(backend),
            node.get("ignored", False),
            frame,
        )


def _text(value: dict[str, Any] | None) -> str:
    found = None if value is None else value.get("value")
    return "" if found is None else str(found)
