-- What the figures in README.md and performance.md were measured on: run by psql on a migrated, empty database
-- (psql -d DATABASE -f pile.sql), without fsync; 8 GB. Measured without the unique index message_once, which no list or search
-- reads. The words' index takes nine minutes.
drop index search_entry_by_time, search_entry_by_words;
alter table search_entry drop constraint search_entry_pkey;
alter table message drop constraint message_pkey; drop index message_once;
drop index if exists conversation_by_status, conversation_by_assignee;
insert into tenant (id, name, status, created_at) select gen_random_uuid(), 'Tenant ' || i, 'active', 1763600000000 from generate_series(1, 1000) i;
create unlogged table pile_tenant as select row_number() over (order by id) - 1 as nth, id from tenant;
create unlogged table pile_words as
  select i as nth, string_agg(word, ' ') as body, string_agg(distinct '~' || word, ' ') as words from (
    select i, (array['ba','de','fi','go','hu','ka','le','mi','no','pu','ra','se','ti','vo','wu','za','be','di','fo','gu','ha','ke','li','mo','nu','pa','re','si'])[1 + r % 28]
      || (array['ba','de','fi','go','hu','ka','le','mi','no','pu','ra','se','ti','vo','wu','za','be','di','fo','gu','ha','ke','li','mo','nu','pa','re','si'])[1 + (r / 28) % 28]
      || (array['ba','de','fi','go','hu','ka','le','mi','no','pu','ra','se','ti','vo','wu','za','be','di','fo','gu','ha','ke','li','mo','nu','pa','re','si'])[1 + (r / 784) % 28] as word
    from (select i, floor(exp(random() * ln(20000)))::int as r from generate_series(0, 199999) i, generate_series(1, 8) w) d) s group by i;
create unique index on pile_words (nth);
insert into contact (tenant_id, id, name, email, verified, attributes, created_at, last_seen_at)
  select t.id, (lpad(to_hex(1763000000000 + i * 600), 12, '0') || '7' || substr(md5('c' || i), 1, 3) || '8' || substr(md5('c' || i), 5, 15))::uuid,
  'Visitor ' || i, 'visitor' || i || '@example.com', false, '{}', 1763000000000 + i * 600, 1763000000000 + i * 600
  from generate_series(0, 999999) i join pile_tenant t on t.nth = case when i % 10 = 0 then 0 else i % 1000 end;
insert into conversation (tenant_id, id, source, status, contact_id, assignee_id, preview, last_author, unread, visitor_unread, last_seq, last_message_at,
  visitor_delivered_seq, visitor_read_seq, agent_delivered_seq, agent_read_seq, created_at, updated_at)
  select c.tenant_id, c.id, case when h % 10 = 0 then 'whatsapp' else 'website' end,
  case when h % 100 < 60 and t.nth <> 0 then 'resolved' when h % 100 < 90 then 'open' when h % 100 < 95 then 'pending' when h % 100 < 98 then 'snoozed' else 'archived' end,
  c.id, case when h % 7 < 3 then null else md5(c.tenant_id::text || (h % 5)::text)::uuid end,
  left(w.body, 120), 'visitor', case when h % 3 = 0 then 1 else 0 end, 0, 10, c.created_at + 9 * 86400000 / 10, 9, 9, 9, 9, c.created_at, c.created_at
  from (select *, abs(hashint8(created_at)::bigint) as h from contact) c join pile_tenant t on t.id = c.tenant_id join pile_words w on w.nth = c.h % 200000;
do $$ begin for s in 1..10 loop
insert into message (tenant_id, conversation_id, seq, id, client_id, author_kind, author_id, author_name, body, visibility, created_at, files)
  select c.tenant_id, c.id, s, gen_random_uuid(), 'seed-' || s, case when s % 2 = 1 then 'visitor' else 'agent' end, c.contact_id, '', w.body, 'public', c.created_at + (s - 1) * 86400000 / 10, 0
  from conversation c join pile_words w on w.nth = (abs(hashint8(c.created_at)::bigint) + s * 7919) % 200000 order by c.created_at;
insert into search_entry (tenant_id, about_id, seq, n, words)
  select c.tenant_id, c.id, s, (c.created_at + (s - 1) * 86400000 / 10) * 1048576 + s, replace(w.words, '~', right(c.tenant_id::text, 5))::tsvector
  from conversation c join pile_words w on w.nth = (abs(hashint8(c.created_at)::bigint) + s * 7919) % 200000 order by c.created_at;
end loop; end $$;
alter table message add primary key (conversation_id, seq);
create unique index message_once on message (conversation_id, author_id, client_id);
alter table search_entry add primary key (about_id, seq);
create index search_entry_by_time on search_entry (tenant_id, n) where seq > 0;
create index search_entry_by_words on search_entry using gin (words) with (gin_pending_list_limit = 512);
drop index if exists conversation_listed, conversation_of_agent, conversation_of_nobody, conversation_unread;
create index conversation_listed on conversation (tenant_id, status, source, last_message_at, id);
create index conversation_unread on conversation (tenant_id, assignee_id) where status = 'open' and unread > 0;
create index conversation_of_agent on conversation (tenant_id, assignee_id, status, source, last_message_at, id) where assignee_id is not null;
create index conversation_of_nobody on conversation (tenant_id, status, source, last_message_at, id) where assignee_id is null;
vacuum analyze;
