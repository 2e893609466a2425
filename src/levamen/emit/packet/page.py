"""The packet as one self-contained page: no scripts, nothing fetched; what stays in the clinic prints apart."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from levamen.emit.packet.view import Identity, packet_view
from levamen.emit.view import Sources
from levamen.knowledge.registry import packaged
from levamen.pathway.authorization.packet import Packet


def page(packet: Packet, sources: Sources | None = None, *, identity: Identity | None = None) -> str:
    """The page. Everything from a chart or a source is escaped. `sources`: absent, the packaged ones."""
    view = packet_view(packet, packaged().sources if sources is None else sources, identity)
    return _template().render(view=view).lstrip()


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("levamen.emit", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("packet.html")
