"""Bring a database up to date.

A migration is `migrations/NNNN_what.sql`, forward only, the same file for both databases. All that are
missing run statement by statement in one transaction, so a database is at one version or at another, never
between. A statement ends in a semicolon at the end of its line.
"""

from __future__ import annotations

from pathlib import Path

from core.errors import StorageFault
from storage.queries import Dialect, NamedTx

FOLDER = Path(__file__).with_name("migrations")


async def migrate(tx: NamedTx, dialect: Dialect) -> None:
    """Run the migrations that this database has not seen."""
    if guard := dialect.words["one_migrates"]:
        await tx.execute(guard)
    await tx.execute("create table if not exists fact (name text primary key, value text not null)")
    version = int(await tx.value("fact", name="schema") or 0)
    files = {int(path.name[:4]): path for path in FOLDER.glob("*.sql")}
    if version > max(files):
        raise StorageFault(
            f"This database is of a newer Townbell: update this one (schema {version}, not {max(files)})."
        )
    for number in sorted(n for n in files if n > version):
        for statement in statements(files[number], dialect):
            await tx.execute(statement)
        await tx.do("set_fact", name="schema", value=str(number))


def statements(path: Path, dialect: Dialect) -> list[str]:
    """The statements of a migration, in the words of one database."""
    lines = [
        line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("--")
    ]
    # Split before the words are put in: a trigger's body has semicolons of its own.
    parts = "\n".join(lines).split(";\n")
    worded = (part.strip().rstrip(";").format_map(dialect.words) for part in parts)
    return [statement for statement in worded if statement]
