-- Ids and times (UTC microseconds) are bigint, yes and no smallint, JSON is text that we write ourselves.
-- Every foreign key has an index. An index by contact or address dirties a page of its own for each message, which
-- with many contacts costs more than all the rest; so the two tables that every message goes through, inbox and
-- outbox, have such indexes only on what is open, and no foreign key to either.

create table council (
    id {id},
    key text not null unique
);

create table account (
    id {id},
    key text not null unique,
    channel text not null,
    council_id bigint not null references council (id)
);
create index account_council on account (council_id);

create table contact (
    id {id},
    council_id bigint not null references council (id),
    pseudonym text not null unique,
    language text,
    language_chosen smallint not null default 0,
    phone_language text not null default '',
    state text not null default 'active' check (state in ('active', 'stopped', 'erased')),
    muted smallint not null default 0,
    created_at bigint not null,
    erased_at bigint
);
create index contact_council on contact (council_id);

create table address (
    id {id},
    account_id bigint not null references account (id),
    contact_id bigint not null references contact (id),
    hash {bytes} not null,
    sealed {bytes} not null,
    state text not null default 'ok' check (state in ('ok', 'blocked')),
    page_counter bigint not null default 0,
    created_at bigint not null,
    unique (account_id, hash)
);
create index address_contact on address (contact_id);

create table inbox (
    id {id},
    account_id bigint not null references account (id),
    kind text not null,
    external_id text not null,
    contact_id bigint,
    address_id bigint,
    ref text not null default '',
    body text,
    received_at bigint not null,
    status text not null, -- unread, done, aside
    attempts smallint not null default 0,
    due_at bigint not null,
    reason text not null default '',
    unique (account_id, kind, external_id)
);
create index inbox_unread on inbox (id) where status = 'unread';
create index inbox_unread_contact on inbox (contact_id, id) where status = 'unread';
create index inbox_aside on inbox (id) where status = 'aside';
create index inbox_read on inbox (received_at) where status <> 'unread';

-- Where each conversation is, while it is fresh: every turn writes this row, so what changes with every turn is
-- here and not in contact, and only who talks now has one: few pages, however many people there are.
-- address_id (last heard on) is one of the contact's own, and goes with it.
create table run (
    contact_id bigint primary key references contact (id),
    address_id bigint,
    heard_at bigint not null,
    body text,
    echo_hash text not null default '',
    echo_count bigint not null default 0,
    echo_since bigint not null default 0,
    seen_inbox_id bigint not null default 0
);
create index run_over on run (heard_at) where body is null;

-- account_id and contact_id are the address's, from which each row is made.
create table outbox (
    id {id},
    account_id bigint not null,
    address_id bigint,
    contact_id bigint not null,
    lane text not null, -- talk, bulk
    cause text not null,
    n bigint not null,
    purpose text not null, -- reply, farewell, reminder, news
    body text,
    if_unsure text not null, -- again, leave
    quiet smallint not null default 0,
    due_at bigint not null,
    not_after bigint,
    attempts bigint not null default 0,
    status text not null default 'queued', -- queued, sending, sent, refused, dropped, unknown
    reason text not null default '',
    provider_id text not null default '',
    created_at bigint not null,
    settled_at bigint,
    unique (cause, n)
);
create index outbox_due on outbox (account_id, lane, due_at, id) where status = 'queued';
create index outbox_open on outbox (address_id, lane, id) where status in ('queued', 'sending');
create index outbox_quiet on outbox (contact_id) where status = 'queued' and quiet = 1;
create index outbox_unknown on outbox (id) where status = 'unknown';
create index outbox_settled on outbox (settled_at) where settled_at is not null;

create table issue (
    id {id},
    council_id bigint not null references council (id),
    contact_id bigint references contact (id),
    reference text not null unique,
    kind text not null,
    status text not null default 'filed',
    channel text not null,
    language text,
    topic text not null default '',
    place text not null default '',
    latitude double precision,
    longitude double precision,
    affected text not null default '',
    danger smallint not null default 0,
    notice_version text not null,
    filed_at bigint not null,
    hear_by bigint not null,
    closed_at bigint,
    erased_at bigint
);
create index issue_council on issue (council_id, id);
create index issue_contact on issue (contact_id, id);
create index issue_closed on issue (council_id, closed_at) where closed_at is not null and erased_at is null;

-- What happened to an issue, without a word of anybody's.
create table issue_history (
    id {id},
    issue_id bigint not null references issue (id),
    at bigint not null,
    what text not null,
    detail text not null default ''
);
create index issue_history_issue on issue_history (issue_id, id);

create table supporter (
    issue_id bigint not null references issue (id),
    contact_id bigint not null references contact (id),
    at bigint not null,
    primary key (issue_id, contact_id)
) {clustered};
create index supporter_contact on supporter (contact_id);

create table text (
    id {id},
    issue_id bigint not null references issue (id),
    role text not null check (role in ('original', 'addition', 'correction', 'edit')),
    language text,
    words text not null,
    ref text not null default '',
    created_at bigint not null,
    superseded_at bigint
);
create index text_issue on text (issue_id, id);

-- account_id is that of the message it came with.
create table media (
    id text primary key,
    contact_id bigint not null references contact (id),
    issue_id bigint references issue (id),
    account_id bigint not null,
    kind text not null,
    remote text not null default '',
    state text not null default 'wanted' check (state in ('wanted', 'kept', 'refused', 'gone')),
    file text not null default '',
    mime text not null default '',
    size bigint not null default 0,
    reason text not null default '',
    attempts bigint not null default 0,
    due_at bigint not null,
    created_at bigint not null
);
create index media_contact on media (contact_id);
create index media_issue on media (issue_id);
create index media_wanted on media (account_id, due_at) where state = 'wanted';

-- Of each purpose the latest counts.
create table consent (
    contact_id bigint not null references contact (id),
    purpose text not null,
    at bigint not null,
    given smallint not null,
    channel text not null,
    language text,
    notice_version text not null,
    primary key (contact_id, purpose, at)
) {clustered};

create table due (
    id {id},
    kind text not null,
    key text not null unique,
    at bigint not null,
    contact_id bigint references contact (id),
    detail text,
    attempts bigint not null default 0,
    done_at bigint
);
create index due_contact on due (contact_id);
create index due_open on due (kind, at) where done_at is null;
create index due_done on due (done_at) where done_at is not null;

create table audit (
    id {id},
    at bigint not null,
    actor text not null,
    action text not null,
    subject text not null,
    detail text not null default ''
);
{refuse_change};
create trigger audit_is_not_changed before update on audit for each row {refused};
create trigger audit_is_not_deleted before delete on audit for each row {refused};

create table page_message (
    address_id bigint not null references address (id),
    id bigint not null,
    sender text not null check (sender in ('person', 'townbell')),
    key text,
    body text not null,
    created_at bigint not null,
    primary key (address_id, id),
    unique (address_id, key)
) {clustered};
create index page_message_age on page_message (created_at);
