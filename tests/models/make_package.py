"""Pack a trained model as a package that can be installed.

    python -m tests.models.make_package /tmp/es_en es Spanish en English --out tests/models

Equal inputs give an equal file, so that its sum can be told from it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import zipfile
from pathlib import Path

NOTE = b"# Tiny test model\n\nTrained on generated sentences only; for tests, never for people.\n"


def build(
    source: Path, src: str, src_name: str, tgt: str, tgt_name: str, *, out: Path, version: str = "1.0"
) -> Path:
    """The package of one direction, from the folder that `train` wrote."""
    out.mkdir(parents=True, exist_ok=True)
    folder = f"translate-{src}_{tgt}-{version.replace('.', '_')}"
    target = out / f"translate-{src}_{tgt}.argosmodel"
    metadata = {
        "package_version": version,
        "argos_version": "1.9",
        "type": "translate",
        "from_code": src,
        "from_name": src_name,
        "to_code": tgt,
        "to_name": tgt_name,
        "links": [],
    }
    members = {
        "metadata.json": json.dumps(metadata, indent=2).encode(),
        "README.md": NOTE,
        "sentencepiece.model": (source / "sentencepiece.model").read_bytes(),
    }
    for file in sorted((source / "model").iterdir()):
        members[f"model/{file.name}"] = file.read_bytes()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, payload in sorted(members.items()):
            info = zipfile.ZipInfo(f"{folder}/{name}", date_time=(2020, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, payload)
    return target


if __name__ == "__main__":
    ap = argparse.ArgumentParser()
    ap.add_argument("source", type=Path)
    for name in ("src", "src_name", "tgt", "tgt_name"):
        ap.add_argument(name)
    ap.add_argument("--out", type=Path, required=True)
    ap.add_argument("--version", default="1.0")
    a = ap.parse_args()
    made = build(a.source, a.src, a.src_name, a.tgt, a.tgt_name, out=a.out, version=a.version)
    print(made.name, made.stat().st_size, hashlib.sha256(made.read_bytes()).hexdigest())
