"""No query scans a table that grows, and every foreign key has an index."""

import json
import re
from collections.abc import Iterator
from typing import Any

import asyncpg

from storage import postgres, queries, sqlite
from tests.storage.town import Town

#: councils and accounts are as many as the configuration names, facts are two, staff a handful
SMALL = {"council", "account", "fact", "staff"}
#: indexes of what is open: as long as the backlog, however much was ever done
OPEN = {
    *("inbox_unread", "inbox_unread_contact", "inbox_aside", "outbox_due", "outbox_open", "outbox_quiet"),
    *("outbox_unknown", "media_wanted", "due_open", "translation_waiting"),
    *("rendering_waiting", "rendering_look", "rendering_unasked", "outbox_untold", "outbox_kept"),
}
#: walks a table by its key, a limited page at a time
PAGED = {"media_files"}
#: run for every batch, in an order that an index has
HOT = {
    *("unread_by_contact", "lane_heads", "open_due", "wanted_media", "page_messages_after"),
    *("issues_of_council", "waiting_translations", "waiting_renderings", "ready_news", "late_issues"),
}


async def test_sqlite_searches(sqlite_town: Town) -> None:
    faults = []
    for query in queries.load(sqlite.DIALECT).values():
        sql = re.sub(r"\?\d+", "null", query.sql)
        plan = [row["detail"] for row in await sqlite_town.rows(f"explain query plan {sql}")]
        if any(scans(step, query) for step in plan):
            faults.append((query.name, plan))
        if query.name in HOT and any("TEMP B-TREE" in step for step in plan):
            faults.append((query.name, plan))
    assert faults == []


def scans(step: str, query: queries.Query) -> bool:
    """Whether a step of SQLite's plan walks through a table that grows."""
    found = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
    if found is None or step == "SCAN CONSTANT ROW":
        return False
    return table_of(query, found[1]) not in SMALL and found[2] not in OPEN and query.name not in PAGED


def table_of(query: queries.Query, alias: str) -> str:
    """A plan calls a table as the query does."""
    found = re.search(rf"\b(?:from|join)\s+(\w+)\s+{alias}\b", query.sql)
    return found[1] if found else alias


async def test_postgres_searches(postgres_town: Town) -> None:
    connection = await asyncpg.connect(postgres_town.url)
    # An empty table is scanned faster than searched: what counts is whether there is another way.
    for setting in ("enable_seqscan", "enable_hashjoin", "enable_mergejoin"):
        await connection.execute(f"set {setting} = off")
    await connection.execute("set plan_cache_mode = force_generic_plan")
    faults = []
    for query in queries.load(postgres.DIALECT).values():
        await connection.execute(f"prepare {query.name} as {query.sql}")
        values = f"({', '.join(['null'] * len(query.names))})" if query.names else ""
        (row,) = await connection.fetch(f"explain (format json) execute {query.name}{values}")
        plan = json.loads(row[0])[0]["Plan"]
        if any(walks(node, query) for node in nodes(plan)):
            faults.append((query.name, plan))
    await connection.close()
    assert faults == []


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", ()):
        yield from nodes(child)


def walks(node: dict[str, Any], query: queries.Query) -> bool:
    """Whether a node of PostgreSQL's plan walks through a table that grows."""
    if node.get("Relation Name", "fact") in SMALL:
        return False
    if node["Node Type"] in ("Index Scan", "Index Only Scan") and "Index Cond" not in node:
        return node["Index Name"] not in OPEN and query.name not in PAGED
    return bool(node["Node Type"] == "Seq Scan")


async def test_every_foreign_key_has_an_index_in_sqlite(sqlite_town: Town) -> None:
    without, found = [], 0
    for table in await sqlite_town.tables():
        columns = await sqlite_town.rows(f"pragma table_info({table})")
        indexed = {row["name"] for row in columns if row["pk"] == 1}
        for index in await sqlite_town.rows(f"pragma index_list({table})"):
            if not index["partial"]:
                leading, *_ = await sqlite_town.rows(f"pragma index_info({index['name']})")
                indexed.add(leading["name"])
        keys = {row["from"] for row in await sqlite_town.rows(f"pragma foreign_key_list({table})")}
        without += [(table, key) for key in keys - indexed]
        found += len(keys)
    assert found > 15
    assert without == []


async def test_every_foreign_key_has_an_index_in_postgres(postgres_town: Town) -> None:
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
