-- While we are unsure of somebody's language: the two that we last answered in, "en es".
alter table contact add column two_languages text not null default '';
