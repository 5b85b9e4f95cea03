"""ZBar's reader of codes, which shares nothing with the library that draws ours."""

import shutil
import subprocess
from pathlib import Path


def missing() -> str | None:
    """Why no code can be read here, or None."""
    if shutil.which("zbarimg") is None:
        return "ZBar is not installed (make test-deps, or apt-get install zbar-tools)"
    return None


def read(picture: Path) -> list[str]:
    """What the codes in a picture say, each in one line, in no order."""
    done = subprocess.run(["zbarimg", "--quiet", "--raw", str(picture)], capture_output=True, check=True)
    return done.stdout.decode().splitlines()
