"""No query scans a table that grows, and every foreign key has an index."""

import json
import re

import asyncpg
import pytest
from aiosql.types import SQLOperationType

from storage import postgres, queries, sqlite

#: councils and accounts are as many as the configuration names, facts are two
SMALL = {"council", "account", "fact"}
#: indexes of what is open: as long as the backlog, however much was ever done
OPEN = {
    *("inbox_unread", "inbox_unread_contact", "inbox_aside", "outbox_due", "outbox_open", "outbox_quiet"),
    *("outbox_unknown", "media_wanted"),
}
#: These walk a table from its beginning or by its key, a limited page at a time.
PAGED = {"media_files", "sweep_inbox", "sweep_outbox", "sweep_due", "old_page_messages"}


def named(dialect) -> list[queries.Query]:
    return sorted(queries.load(dialect).values(), key=lambda query: query.name)


@pytest.mark.parametrize("query", named(sqlite.DIALECT), ids=lambda query: query.name)
async def test_sqlite_searches(sqlite_town, query):
    sql = re.sub(r"\?\d+", "null", query.sql)
    plan = [row["detail"] for row in await sqlite_town.rows(f"explain query plan {sql}")]
    for step in plan:
        if not step.startswith("SCAN") or step == "SCAN CONSTANT ROW":
            continue
        found = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
        assert found, plan
        allowed = await small(sqlite_town, query, found[1]) or found[2] in OPEN or query.name in PAGED
        assert allowed, plan
    if query.name in HOT:
        assert not any("TEMP B-TREE" in step for step in plan), plan


#: run for every batch: what they return comes in order from an index
HOT = {
    "unread_by_contact",
    "lane_heads",
    "open_due",
    "wanted_media",
    "page_messages_after",
    "issues_of_council",
}


async def small(town, query, name: str) -> bool:
    """Whether a name in a plan, which may be an alias, is that of a small table."""
    tables = set(await town.tables())
    if name not in tables:
        found = re.search(rf"\b(?:from|join|into|update)\s+(\w+)\s+(?:as\s+)?{name}\b", query.sql)
        name = found[1] if found else name
    return name in SMALL


@pytest.mark.parametrize("query", named(postgres.DIALECT), ids=lambda query: query.name)
async def test_postgres_searches(postgres_plans, query):
    plan = await postgres_plans(query)
    for node in walk(plan):
        table, kind = node.get("Relation Name"), node["Node Type"]
        if table is None or table in SMALL:
            continue
        assert kind != "Seq Scan", plan
        if kind in ("Index Scan", "Index Only Scan") and "Index Cond" not in node:
            assert node["Index Name"] in OPEN or query.name in PAGED, plan


def walk(node):
    yield node
    for child in node.get("Plans", ()):
        yield from walk(child)


@pytest.fixture
async def postgres_plans(postgres_town):
    """How PostgreSQL would run a query when it can help scanning, whatever the parameters."""
    connection = await asyncpg.connect(postgres_town.url)
    # An empty table is scanned faster than searched: what counts is whether there is another way.
    await connection.execute("set enable_seqscan = off; set plan_cache_mode = force_generic_plan")

    async def plan(query):
        if query.kind is SQLOperationType.SCRIPT:
            return {"Node Type": "none"}
        await connection.execute("deallocate all")
        await connection.execute(f"prepare asked as {query.sql}")
        values = f"({', '.join(['null'] * len(query.names))})" if query.names else ""
        (row,) = await connection.fetch(f"explain (format json) execute asked{values}")
        return json.loads(row[0])[0]["Plan"]

    yield plan
    await connection.close()


async def test_every_foreign_key_has_an_index_in_sqlite(sqlite_town):
    found = 0
    for table in await sqlite_town.tables():
        keys = [row["from"] for row in await sqlite_town.rows(f"pragma foreign_key_list({table})")]
        indexed = {
            await leading_column(sqlite_town, table, row)
            for row in await sqlite_town.rows(f"pragma index_list({table})")
        }
        columns = await sqlite_town.rows(f"pragma table_info({table})")
        indexed |= {row["name"] for row in columns if row["pk"] == 1}
        assert set(keys) <= indexed, table
        found += len(keys)
    assert found > 15


async def leading_column(town, table, index) -> str | None:
    """The first column of an index that covers every row."""
    if index["partial"]:
        return None
    return str((await town.rows(f"pragma index_info({index['name']})"))[0]["name"])


async def test_every_foreign_key_has_an_index_in_postgres(postgres_town):
    keys = await postgres_town.rows(
        """
        select
            c.conrelid::regclass::text as "table",
            c.conname as name,
            exists (
                select 1
                from pg_index i
                where i.indrelid = c.conrelid and i.indpred is null and i.indkey[0] = c.conkey[1]
            ) as indexed
        from pg_constraint c
        where c.contype = 'f'
        """
    )
    assert len(keys) > 15
    assert [key for key in keys if not key["indexed"]] == []
