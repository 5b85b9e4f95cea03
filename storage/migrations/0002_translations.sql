-- What a text says in another language. A row is there from the moment the text is, and waits until a machine or a
-- person has put words into it; where no model is, it waits for one. source is the text's language then.
create table translation (
    text_id bigint not null references text (id),
    language text not null,
    source text not null,
    words text,
    status text not null default 'waiting' check (status in ('waiting', 'good', 'doubtful', 'failed')),
    reason text not null default '',
    made_by text not null default '' check (made_by in ('', 'machine', 'person')),
    engine text not null default '',
    attempts bigint not null default 0,
    due_at bigint not null,
    made_at bigint,
    primary key (text_id, language)
) {clustered};
create index translation_waiting on translation (source, language, due_at) where status = 'waiting';
