-- The council's desk: who works there, what they said, what became of it, and the week's digest.

-- A place at the desk is there from the invitation on. contact_id is whoever took it; address_id, one of the contact's
-- own, is where they took it. mail_* is where their letters go, sealed as every address is.
create table staff (
    id {id},
    council_id bigint not null references council (id),
    role text not null,
    name text not null default '',
    code_hash text not null unique,
    invited_at bigint not null,
    expires_at bigint not null,
    contact_id bigint references contact (id),
    address_id bigint,
    mail_hash {bytes},
    mail_sealed {bytes},
    joined_at bigint,
    removed_at bigint
);
create index staff_council on staff (council_id);
create index staff_contact on staff (contact_id);
create unique index staff_one_place on staff (contact_id) where removed_at is null;

-- Issues that say the same, and are answered together.
create table issue_group (
    id {id},
    council_id bigint not null references council (id),
    made_at bigint not null
);
create index issue_group_council on issue_group (council_id);

-- answered_at: when the council said more than that it was read, and has nothing to answer since. replied_at: when its
-- person said something that the council has not answered. promised_at: on that day (noon, UTC) it is discussed.
alter table issue add column group_id bigint references issue_group (id);
alter table issue add column answered_at bigint;
alter table issue add column late_told_at bigint;
alter table issue add column promised_at bigint;
alter table issue add column replied_at bigint;
create index issue_of_group on issue (group_id);
create index issue_filed on issue (council_id, filed_at);
create index issue_unanswered on issue (council_id, hear_by) where answered_at is null and closed_at is null;
create index issue_late on issue (hear_by) where answered_at is null and closed_at is null and late_told_at is null;
create index issue_replied on issue (council_id, replied_at) where replied_at is not null;
create index issue_promised on issue (council_id, promised_at) where promised_at is not null;

-- What the council said. staff_id is null where it was said from the command line, or by the house itself.
create table answer (
    id {id},
    council_id bigint not null references council (id),
    kind text not null,
    detail text not null default '',
    words text not null default '',
    language text not null default '',
    staff_id bigint references staff (id),
    at bigint not null
);
create index answer_council on answer (council_id, at);
create index answer_staff on answer (staff_id);

create table answer_issue (
    answer_id bigint not null references answer (id),
    issue_id bigint not null references issue (id),
    primary key (answer_id, issue_id)
) {clustered};
create index answer_issue_issue on answer_issue (issue_id, answer_id);

-- What an answer says in the language of somebody who is to hear it. It waits for a machine, then perhaps for a look.
create table rendering (
    answer_id bigint not null references answer (id),
    language text not null,
    status text not null default 'waiting' check (status in ('waiting', 'look', 'ready')),
    words text not null default '',
    back text not null default '',
    reason text not null default '',
    made_by text not null default '' check (made_by in ('', 'machine', 'person')),
    engine text not null default '',
    attempts bigint not null default 0,
    due_at bigint not null,
    asked_at bigint,
    primary key (answer_id, language)
) {clustered};
create index rendering_waiting on rendering (due_at) where status = 'waiting';
create index rendering_look on rendering (answer_id, language) where status = 'look';
create index rendering_unasked on rendering (due_at) where status = 'look' and asked_at is null;

-- Who is to hear which answer, about which of their issues: waiting for its words, ready, said, or not to be told.
create table news (
    id {id},
    answer_id bigint not null references answer (id),
    issue_id bigint not null references issue (id),
    contact_id bigint not null references contact (id),
    language text not null,
    state text not null default 'waiting' check (state in ('waiting', 'ready', 'begun', 'said', 'untold')),
    due_at bigint not null,
    unique (answer_id, contact_id)
);
create index news_issue on news (issue_id);
create index news_contact on news (contact_id);
create index news_ready on news (due_at) where state = 'ready';

-- What a message of ours is about ("news:7", "digest:3:1:mail"), so that whoever wrote it hears when it did not arrive.
alter table outbox add column about text not null default '';
alter table outbox add column told smallint not null default 0;
create index outbox_about on outbox (address_id) where about <> '';
create index outbox_untold on outbox (id) where about <> '' and told = 0 and status in ('refused', 'dropped', 'unknown');

-- One digest for each council and week, with the numbers that issues have in it.
create table digest (
    id {id},
    council_id bigint not null references council (id),
    week text not null,
    since bigint not null,
    until bigint not null,
    due_at bigint not null,
    made_at bigint not null,
    unique (council_id, week)
);

create table digest_item (
    digest_id bigint not null references digest (id),
    number bigint not null,
    issue_id bigint not null references issue (id),
    section text not null,
    primary key (digest_id, number)
) {clustered};
create index digest_item_issue on digest_item (issue_id);

-- Issues that seem to say the same, until somebody says so, or that they do not.
create table proposal (
    id {id},
    council_id bigint not null references council (id),
    state text not null default 'open' check (state in ('open', 'taken', 'declined')),
    made_at bigint not null
);
create index proposal_open on proposal (council_id, id);

create table proposal_issue (
    proposal_id bigint not null references proposal (id),
    issue_id bigint not null references issue (id),
    primary key (proposal_id, issue_id)
) {clustered};
create index proposal_issue_issue on proposal_issue (issue_id);

create table digest_proposal (
    digest_id bigint not null references digest (id),
    number bigint not null,
    proposal_id bigint not null references proposal (id),
    primary key (digest_id, number)
) {clustered};
create index digest_proposal_proposal on digest_proposal (proposal_id);
