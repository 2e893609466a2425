"""Knowledge files spoilt at random: each is read or refused in one sentence, quickly, and nothing in it is executed.

`python benchmarks/hostile_knowledge.py [--count N] [--seed N]` spoils packaged policies, therapies and adoptions (bytes
cut, doubled, swapped, nested deep, grown long, words of other files put in, tags and anchors, template and expression
strings) and reads each as a clinic's local file would be. Budget: no file takes more than 100 ms of processor
time (the clock on the wall of a shared machine measures its neighbours).
"""

from __future__ import annotations

import argparse
import builtins
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from levamen.knowledge.adoption import adoptions_in
from levamen.knowledge.edition import PACKAGED
from levamen.knowledge.loader import load_policy, read_fields, read_top
from levamen.knowledge.model import KnowledgeError
from levamen.knowledge.registry import packaged
from levamen.knowledge.therapies.reading import read_therapy

BUDGET_MS = 100.0
TOUCHED = "levamen-was-executed"
POISONS = (
    b"!!python/object/apply:os.system ['touch " + TOUCHED.encode() + b"']",
    b"{{ 7 * 7 }}", b"${jndi:ldap://x}", b"__import__('os').system('true')", b"*anchor", b"&a [*a, *a]", b"<<: *x",
    b"!!binary aGk=", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", "‮".encode(), b"1e999999999", b".inf", b"0x1F", b"1:30:00",
    b"[" * 300, b"{a: " * 300, b"a: " * 40, b"'" * 51, b"- " * 200, b"9" * 5000, b"x" * 5000, b"? ", b"|\n  ",
    b"%YAML 9.9\n---\n", b"../../../etc/passwd", b"shape: os", b"source: NO-SUCH", b"mark: certain", b"amount: -1",
    b"amount: 1/0",
)  # fmt: skip


def spoilt(data: bytes, chance: random.Random) -> bytes:
    """One to four injuries."""
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(data) + 1), chance.choice((1, 2, 7, 40, 300))
        match chance.randrange(7):
            case 0:
                data = data[:at] + data[at + length :]
            case 1:
                data = data[:at] + data[at : at + length] * chance.choice((2, 3, 50)) + data[at + length :]
            case 2:
                data = data[:at] + chance.choice(POISONS) + data[at:]
            case 3:
                lines = data.split(b"\n")
                chance.shuffle(lines)
                data = b"\n".join(lines) if chance.random() < 0.2 else data
            case 4:
                data = data[:at] + bytes(chance.randrange(256) for _ in range(length)) + data[at:]
            case 5:
                words = data.split(b" ")
                words[chance.randrange(len(words))] = chance.choice(POISONS)
                data = b" ".join(words)
            case _:
                data = data[:at] + data[chance.randrange(len(data) + 1) :]
        data = data or b"\n"
    return data


def readers() -> list[tuple[bytes, str, Callable[[Path], object]]]:
    """What is spoilt, its file name, and how such a file is read."""
    sources = packaged().sources
    found: list[tuple[bytes, str, Callable[[Path], object]]] = []
    for path in sorted((PACKAGED.root / "policies").glob("*/values.yaml")):
        if path.stat().st_size < 20_000:
            found.append((path.read_bytes(), "values.yaml", lambda file: load_policy(file.parent, sources, local=True)))
    for path in sorted((PACKAGED.root / "therapies").glob("*/therapy.yaml")):
        name = path.parent.name.replace("_", "-")
        found.append(
            (path.read_bytes(), "therapy.yaml", lambda file, of=name: read_therapy(of, read_top(file), sources))
        )
    adopted = b"adoptions:\n- {value: a/b, fingerprint: '0', by: Dr. R, reason: ours, 'on': '2026-01-02'}\n"
    found.append((adopted, "adoptions.yaml", lambda file: adoptions_in({str(file): read_fields(file)})))
    return found


def main() -> int:
    """Exit 1 where a file was not refused in one sentence, took too long, or did something."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311 - a spoilt file is no secret
    kinds, fates, times, wrong = readers(), Counter[str](), [], []

    def forbidden(*_: object, **__: object) -> object:
        raise AssertionError("knowledge was executed")

    kept = {name: getattr(builtins, name) for name in ("eval", "exec")}
    with tempfile.TemporaryDirectory() as held:
        file_of = {name: Path(held) / "local" / name for _, name, _ in kinds}
        next(iter(file_of.values())).parent.mkdir()
        for index in range(options.count):
            data, name, read = chance.choice(kinds)
            file = file_of[name]
            file.write_bytes(spoilt(data, chance))
            for word in kept:
                setattr(builtins, word, forbidden)
            start = time.process_time()
            try:
                read(file)
                fates["read"] += 1
            except KnowledgeError as error:
                fates["refused"] += 1
                if "\n" in str(error) or len(str(error)) > 2000:
                    wrong.append(f"{index}: not one sentence: {str(error)[:200]!r}")
            except Exception as error:  # whatever else comes out is the fault looked for
                fates["broke"] += 1
                wrong.append(f"{index}: {type(error).__name__}: {str(error)[:200]!r}")
            finally:
                for word, built_in in kept.items():
                    setattr(builtins, word, built_in)
            times.append((time.process_time() - start) * 1000)
            file.unlink()
            if sys.stderr.isatty() and index % 500 == 0:
                print(f"\r{index} of {options.count}", end="", file=sys.stderr, flush=True)
        if Path(TOUCHED).exists():
            wrong.append("a command in a file was run")
    slow = sum(one > BUDGET_MS for one in times)
    print(f"{options.count:,} spoilt files, seed {options.seed}: {dict(fates)}")
    print(
        f"p50 {statistics.median(times):.2f} ms, longest {max(times):.1f} ms (budget {BUDGET_MS:.0f}); over it: {slow}"
    )
    for line in wrong[:20]:
        print(line)
    return 1 if wrong or slow else 0


if __name__ == "__main__":
    sys.exit(main())
