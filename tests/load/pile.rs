//! A big database, made by the database itself.

use anyhow::Result;
use sea_orm::ConnectionTrait;

use crate::store_at::StoreAt;

/// How big.
#[derive(Clone, Copy)]
pub struct Size {
    pub tenants: usize,
    /// Conversations of each.
    pub each: usize,
}

pub const QUICK: Size = Size { tenants: 1_000, each: 100 };
pub const FULL: Size = Size { tenants: 1_000, each: 1_000 };
/// Messages of each conversation.
const MESSAGES: usize = 10;

impl Size {
    pub fn conversations(self) -> usize {
        self.tenants * self.each
    }

    pub fn messages(self) -> usize {
        self.conversations() * MESSAGES
    }
}

/// Fills up to `size`: more tenants, and for every tenant contacts, conversations (two of three open) and messages.
pub async fn heap_up(store: &StoreAt, size: Size) -> Result<()> {
    if let Some(postgres) = &store.postgres {
        statements(true, size).iter().try_for_each(|statement| postgres.psql(statement))?;
        return postgres.psql("vacuum analyze");
    }
    let conn = sea_orm::Database::connect(store.url()).await?;
    for statement in statements(false, size) {
        conn.execute_unprepared(&statement).await?;
    }
    conn.execute_unprepared("analyze").await?;
    conn.close().await?;
    Ok(())
}

fn statements(is_postgres: bool, size: Size) -> Vec<String> {
    let uuid = if is_postgres { "gen_random_uuid()" } else { "randomblob(16)" };
    let no = if is_postgres { "false" } else { "0" };
    let series = |most: usize| match is_postgres {
        true => format!("(select generate_series(1, {most}) as i) s"),
        false => format!(
            "(with recursive t (i) as (select 1 union all select i + 1 from t where i < {most}) select i from t) s"
        ),
    };
    let (now, day) = (1_763_600_000_000_i64, 86_400_000);
    let tenants = format!(
        "insert into tenant (id, name, status, created_at) select {uuid}, 'Tenant', 'active', {now} from {} where (select count(*) from tenant) + i <= {}",
        series(size.tenants),
        size.tenants
    );
    let contacts = format!(
        "insert into contact (tenant_id, id, name, email, verified, attributes, created_at, last_seen_at) \
         select t.id, {uuid}, 'Visitor ' || i, 'visitor' || i || '@example.com', {no}, '{{}}', {now} + i, {now} + i from tenant t, {}",
        series(size.each)
    );
    let conversations = format!(
        "insert into conversation (tenant_id, id, source, status, contact_id, preview, last_author, unread, visitor_unread, last_seq, last_message_at, \
         visitor_delivered_seq, visitor_read_seq, agent_delivered_seq, agent_read_seq, created_at, updated_at) \
         select c.tenant_id, {uuid}, 'website', case when c.created_at % 3 = 0 then 'resolved' else 'open' end, c.id, \
         'Hello, do you have these shoes in size 43, and could they be here before Friday?', 'visitor', 1, 0, {MESSAGES}, \
         c.created_at + (c.created_at * 7919) % {day}, 9, 9, 9, 9, c.created_at, c.created_at from contact c"
    );
    let messages = format!(
        "insert into message (tenant_id, conversation_id, seq, id, client_id, author_kind, author_id, author_name, body, visibility, created_at) \
         select c.tenant_id, c.id, i, {uuid}, 'seed-' || i, 'visitor', c.contact_id, 'Visitor', \
         'Hello, do you have these shoes in size 43, and could they be here before Friday?', 'public', c.created_at + i from conversation c, {}",
        series(MESSAGES)
    );
    vec![tenants, contacts, conversations, messages]
}
