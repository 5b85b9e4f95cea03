-- What a provider says later of a message that it took: how far that came (sent, delivered, read); the provider's names
-- of tries that came to nothing, so that hearing of them again says nothing new; and whether a report was here before we
-- had written down that it was sent, so that what it cost is still to be written.
alter table outbox add column reached text not null default '';
alter table outbox add column failed_as text not null default '';
alter table outbox add column overtaken smallint not null default 0;
