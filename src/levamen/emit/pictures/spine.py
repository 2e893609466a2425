"""The spine from behind, with the joints, interspaces, openings and nerves that a procedure aims at.

The picture mirrors a list of boxes (`spine_parts.parts`), which is the real control: every part carries its value in
`data-part`, and a script may set the class `chosen` on it. With `live`, each part is followed by its hidden sign, which
one rule of the page shows: `.part.chosen + .cue { display: inline }`.

Picture's left is the patient's left. It is a scheme: a nerve stands beside the vertebra or the joint that it is named
after, not where a needle goes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

from msgspec import Struct

from levamen.emit.pictures.canvas import ACCENT, INK, RED, Canvas, Table, Value, element, length, shown, wide
from levamen.emit.pictures.spine_parts import (
    KINDS,
    SACRAL,
    SIDES,
    VERTEBRAE,
    Kind,
    Part,
    Region,
    Side,
    called,
    in_order,
    levels,
    part,
    parts,
    words,
)
from levamen.record import codes
from levamen.text.tree import UnusableInput

State = Literal["chosen", "planned", "done", "differs"]
STATES: dict[State, str] = {
    "chosen": "chosen",
    "planned": "planned",
    "done": "done",
    "differs": "differs from the plan",
}
"""The states of a part as they are shown, each with a sign of its own."""
USUAL: tuple[Kind, ...] = ("joint", "interspace")

_TOP = 44
_PAIRED: tuple[tuple[Side, int], ...] = (("left", -1), ("right", 1))
_ABOVE = -0.55
"""Where the nerve stands that is named after the vertebra above the first."""
_NAMES = {"cervical": "Cervical spine", "thoracic": "Thoracic spine", "lumbar": "Lumbar spine"}


class _Form(Struct, frozen=True):
    """The measures of a region: from one vertebra to the next, the body, half its width, its wings."""

    pitch: float
    body: float
    half: float
    wing: float
    joint: tuple[float, float]


_FORMS: dict[Region, _Form] = {
    "cervical": _Form(pitch=54, body=27, half=30, wing=46, joint=(10, 11.5)),
    "thoracic": _Form(pitch=50, body=26, half=25, wing=54, joint=(9, 10.5)),
    "lumbar": _Form(pitch=70, body=40, half=34, wing=70, joint=(11, 14)),
}


def svg(
    region: Region,
    chosen: Mapping[str, State] | None = None,
    *,
    kinds: Collection[Kind] = USUAL,
    live: bool = False,
    name: str = "spine",
) -> str:
    """The picture of a region. `chosen`: the state of parts by their value. A kind that is chosen from is drawn too.

    Raises UnusableInput for a value that is no part of this region.
    """
    states = _states(region, chosen or {})
    drawn = [kind for kind in KINDS if kind in kinds or any(row.kind == kind for row in states)]
    return _Spine(region, states, drawn, live, name).drawn()


def table(region: Region, chosen: Mapping[str, State]) -> Table:
    """What the picture marks, a row to a part."""
    states = _states(region, chosen)
    rows = [(called(row.kind, row.level), row.side, STATES[state]) for row, state in states.items()]
    return Table(_NAMES[region], ("Part", "Side", "State"), tuple(rows))


def described(region: Region, states: Mapping[Part, State]) -> str:
    """The picture in words."""
    said = [
        f"{words([row for row in states if states[row] == state])}: {label}."
        for state, label in STATES.items()
        if state in states.values()
    ]
    span = f"{VERTEBRAE[region][0]} to {VERTEBRAE[region][-1]}"
    side = "The left of the picture is the patient's left."
    return f"Seen from behind, {span}. {side} {' '.join(said) or 'Nothing is marked.'}"


def _states(region: Region, chosen: Mapping[str, State]) -> dict[Part, State]:
    states = {part(value): state for value, state in chosen.items()}
    for row, state in states.items():
        if row not in parts(region):
            raise UnusableInput(f"'{row.value}' is not in the picture of the {region} spine; draw it in its region")
        if state not in STATES:
            raise UnusableInput(f"'{state}' is no state of a part; write {', '.join(STATES)}")
    return {row: states[row] for row in in_order(states)}


class _Spine:
    """One picture being drawn from above."""

    def __init__(self, region: Region, states: Mapping[Part, State], kinds: list[Kind], live: bool, name: str) -> None:
        self.region, self.states, self.kinds, self.live = region, states, kinds, live
        self.form = _FORMS[region]
        self.canvas = Canvas(name)
        self.bodies = VERTEBRAE[region]
        crowded = "nerve" in kinds or "root" in kinds
        self.width, self.names = (450.0, 170.0) if crowded else (400.0, 140.0)
        self.middle = self.width / 2
        above = "nerve" in kinds and region != "cervical"
        self.top = _TOP + (36 if above else 0)

    def drawn(self) -> str:
        canvas = self.canvas
        for x, side in ((44, "Left"), (self.width - 44, "Right")):
            canvas.write(x, 24, side, 17, anchor="middle", bold=True)
        for place, vertebra in enumerate(self.bodies):
            self.vertebra(vertebra, self.level(place))
        shapes = {row: self.place(row) for row in parts(self.region) if row.kind in self.kinds}
        self.labels()
        for row, (x, y) in shapes.items():
            self.part(row, x, y)
        y = self.level(len(self.bodies) - 1) + (136 if self.region == "lumbar" else self.form.body / 2 + 26)
        canvas.write(self.middle, y, "Seen from behind. Left is the patient's left.", 12, anchor="middle")
        y = self.legend(y + 22)
        title = f"{_NAMES[self.region]}: {words(self.states)}" if self.states else _NAMES[self.region]
        return canvas.drawn(self.width, y, title, described(self.region, self.states), role="group")

    # ---- where things are

    def level(self, place: float) -> float:
        """The middle of a body, or between two of them."""
        return self.top + self.form.body / 2 + place * self.form.pitch

    def place(self, row: Part) -> tuple[float, float]:
        """The middle of a part."""
        sign = {"left": -1, "midline": 0, "right": 1}[row.side]
        form = self.form
        away = {
            "joint": form.half + form.joint[0] * 0.9,
            "interspace": form.half * 2 / 3,
            "vertebra": form.half * 2 / 3,
            "foramen": form.half + form.joint[0] * 2 + 12,
            "root": form.half + form.joint[0] * 2 + 38,
            "nerve": form.wing + 18,
        }[row.kind]
        y = self.level(self.bodies.index(row.level) if row.kind == "vertebra" else self._between(row))
        if row.level in SACRAL and row.kind in ("foramen", "root"):
            step = SACRAL.index(row.level)
            return self.middle + sign * ((24 if row.kind == "foramen" else 66) - step * 4), y
        if row.level.endswith("-lateral-branch"):
            return self.middle + sign * ((142 if "root" in self.kinds else 112) - SACRAL.index(row.level[:2]) * 6), y
        return self.middle + sign * away, y

    def _between(self, row: Part) -> float:
        """The place of a level among the bodies; half a step below a body for what lies under it."""
        level = row.level
        if row.kind == "root":
            level = str(codes.entry("roots", level)["foramen"])
        if level[:2] in SACRAL and "S" in level[:1]:
            return len(self.bodies) - 1 + (2 + 26 * SACRAL.index(level[:2])) / self.form.pitch
        if row.kind == "nerve":
            if level == "third-occipital-nerve":
                return self.bodies.index("C2") + 0.5
            named = level.split("-")[0]
            if named == "C8" and "C7" in self.bodies:
                return self.bodies.index("C7") + 0.5
            return self.bodies.index(named) if named in self.bodies else _ABOVE
        return self.bodies.index(level.split("-")[0]) + 0.5

    # ---- bones

    def vertebra(self, name: str, y: float) -> None:
        canvas, form = self.canvas, self.form
        bone: dict[str, Value] = {
            "fill": INK,
            "fill_opacity": 0.06,
            "stroke": INK,
            "stroke_opacity": 0.55,
            "stroke_width": 1,
        }
        half, tall = form.half, form.body / 2
        with canvas.group(class_="bone", aria_hidden="true"):
            if name == "S1":
                canvas.path(
                    f"M{length(self.middle - 58)} {length(y - tall)}H{length(self.middle + 58)}"
                    f"C{length(self.middle + 56)} {length(y + 50)} {length(self.middle + 26)} {length(y + 82)}"
                    f" {length(self.middle)} {length(y + 106)}"
                    f"C{length(self.middle - 26)} {length(y + 82)} {length(self.middle - 56)} {length(y + 50)}"
                    f" {length(self.middle - 58)} {length(y - tall)}Z",
                    **bone,
                )
            else:
                for sign in (-1, 1):
                    inner, tip = self.middle + sign * half, self.middle + sign * form.wing
                    canvas.path(
                        f"M{length(inner)} {length(y - tall * 0.55)}"
                        f"Q{length((inner + tip) / 2)} {length(y - tall * 0.2)} {length(tip)} {length(y - tall * 0.5)}"
                        f"Q{length(tip + sign * 6)} {length(y)} {length(tip - sign * 4)} {length(y + tall * 0.25)}"
                        f"Q{length((inner + tip) / 2)} {length(y + tall * 0.35)} {length(inner)}"
                        f" {length(y + tall * 0.2)}Z",
                        **bone,
                    )
                canvas.box(self.middle - half, y - tall, half * 2, tall * 2, rx=6, **bone)
                canvas.path(
                    f"M{length(self.middle)} {length(y + 1)}L{length(self.middle - 5)} {length(y + tall - 2)}"
                    f"H{length(self.middle + 5)}Z",
                    **bone,
                )
            if "vertebra" not in self.kinds:
                canvas.write(self.middle, y - tall + 14, name, 12, anchor="middle", bold=True)

    # ---- parts

    def part(self, row: Part, x: float, y: float) -> None:
        state = self.states.get(row)
        tag, shape, hidden = *self.shape(row, x, y), state is None
        label = f"{row.words}: {STATES[state]}" if state else row.words
        dashed = "4 3" if state == "planned" else "2 2" if row.kind == "nerve" and hidden else None
        self.canvas.add(
            tag,
            element("title", shown(label)),
            id=row.id(self.canvas.name),
            class_=f"part {state}" if state else "part",
            role="img",
            tabindex="-1",
            data_part=row.value,
            **shape,
            fill=ACCENT if row.kind == "interspace" else "none",
            fill_opacity=0.08 if row.kind == "interspace" else None,
            pointer_events="all",
            stroke=RED if state == "differs" else INK if hidden else ACCENT,
            stroke_opacity=0.6 if hidden else None,
            stroke_width=1.2 if hidden else 2.4,
            stroke_dasharray=dashed,
        )
        if state is not None or self.live:
            self.sign(state or "chosen", (tag, shape), x, y, hidden=hidden)

    def shape(self, row: Part, x: float, y: float) -> tuple[str, dict[str, Value]]:
        """The outline of a part: ellipses are joints, bands interspaces, rings openings, diamonds roots."""
        form = self.form
        if row.kind == "joint":
            return "ellipse", {"cx": x, "cy": y, "rx": form.joint[0], "ry": form.joint[1]}
        if row.kind == "foramen":
            return "ellipse", {"cx": x, "cy": y, "rx": 10, "ry": 10}
        if row.kind in ("interspace", "vertebra"):
            broad = form.half * 2 / 3 - 1
            tall = (form.pitch - form.body) / 2 - 2.5 if row.kind == "interspace" else form.body / 2 - 2
            return "path", {"d": _box(x, y, broad / 2, tall)}
        if row.kind == "root":
            return "path", {"d": f"M{length(x)} {length(y - 10)}l10 10l-10 10l-10 -10Z"}
        return "path", {"d": _box(x, y, 12, 10)}

    def sign(self, state: State, outline: tuple[str, dict[str, Value]], x: float, y: float, *, hidden: bool) -> None:
        """What tells a state without its colour: hatch and tick, full and tick, or an exclamation mark."""
        canvas = self.canvas
        with canvas.group(class_="cue", aria_hidden="true", pointer_events="none", display="none" if hidden else None):
            tag, shape = outline
            if state == "planned":
                canvas.circle(x, y, 3.2, fill=ACCENT)
            elif state == "chosen":
                canvas.add(tag, **shape, fill=canvas.hatch(ACCENT), stroke=ACCENT, stroke_width=2.4)
                canvas.tick(x, y, 7.5)
            elif state == "done":
                canvas.add(tag, **shape, fill=ACCENT)
                canvas.tick(x, y, 7.5)
            else:
                canvas.circle(x, y, 7.5, fill=RED)
                canvas.path(
                    f"M{length(x)} {length(y - 4.6)}v5.4M{length(x)} {length(y + 2.6)}v2",
                    stroke="#FFFFFF", stroke_width=2,
                )  # fmt: skip

    # ---- words

    def labels(self) -> None:
        """The level on both sides of everything that is drawn, with a line to it where something is marked."""
        for kind in self.kinds:
            if kind in ("nerve", "root"):
                for level in levels(self.region, kind):
                    self.beside(kind, level)
        for kinds in (("joint", "interspace", "foramen"), ("vertebra",)):
            self.column([kind for kind in self.kinds if kind in kinds])

    def beside(self, kind: Kind, level: str) -> None:
        """The short name of a nerve or a root beside its mark."""
        for side, sign in _PAIRED:
            row = Part(kind, level, side)
            x, y = self.place(row)
            self.canvas.write(
                x + sign * (16 if kind == "nerve" else 14),
                y + 4,
                _short(level) if kind == "nerve" else f"{level} root",
                11,
                anchor="end" if sign < 0 else None,
                bold=row in self.states,
                muted=row not in self.states,
            )

    def column(self, kinds: list[Kind]) -> None:
        """The levels in a column on each side."""
        for level in dict.fromkeys(level for kind in kinds for level in levels(self.region, kind)):
            if level in SACRAL and kinds != ["vertebra"] and not {"root", "nerve"}.isdisjoint(self.kinds):
                continue
            for side, sign in _PAIRED:
                rows = [
                    Part(kind, level, one)
                    for kind in kinds
                    if level in levels(self.region, kind)
                    for one in SIDES[kind]
                    if one in (side, "midline")
                ]
                marked = [row for row in rows if row in self.states]
                x, y = self.middle + sign * self.names, self.place(rows[0])[1]
                anchor = "end" if sign < 0 else None
                self.canvas.write(x, y + 4, level, 13, anchor=anchor, bold=bool(marked), muted=not marked)
                if any(row.side == side for row in marked) and self.names < 150:
                    edge = max(abs(self.place(row)[0] - self.middle) for row in marked) + 14
                    self.canvas.line(self.middle + sign * edge, y, x - sign * 5, y, stroke=ACCENT)

    def legend(self, y: float) -> float:
        """The signs that the picture uses, each with its word; the bottom of the picture."""
        used = [state for state in STATES if state in self.states.values()]
        x = 24.0
        for state in used:
            if x + 16 + wide(STATES[state], 12) > self.width:
                x, y = 24.0, y + 28
            outline: tuple[str, dict[str, Value]] = "ellipse", {"cx": x, "cy": y, "rx": 10.0, "ry": 11.0}
            self.canvas.add(
                "ellipse", **outline[1], fill="none", stroke=RED if state == "differs" else ACCENT, stroke_width=2.4,
                stroke_dasharray="4 3" if state == "planned" else None,
            )  # fmt: skip
            self.sign(state, outline, x, y, hidden=False)
            self.canvas.write(x + 16, y + 4, STATES[state], 12)
            x += 44 + wide(STATES[state], 12)
        return y + 20 if used else y - 8


def _box(x: float, y: float, half: float, tall: float) -> str:
    """A rectangle around a middle."""
    return f"M{length(x - half)} {length(y - tall)}h{length(half * 2)}v{length(tall * 2)}h-{length(half * 2)}Z"


def _short(nerve: str) -> str:
    """A nerve beside its mark; its whole name is in the title of the mark."""
    level, _, rest = nerve.partition("-")
    return {"occipital-nerve": "third occipital", "medial-branch": f"{level} medial"}.get(rest) or (
        f"{level} ramus" if rest == "dorsal-ramus" else f"{level} lateral"
    )
