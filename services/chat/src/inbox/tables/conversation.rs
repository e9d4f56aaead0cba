//! Conversations with the names a list shows beside them, in one statement.

use kernel::wire::{AgentName, AuthorKind, ChannelName, Conversation, Receipts, Source, Status, WidgetName, Window};
use kernel::{AgentId, ContactId, ConversationId, Error, Result, TenantId, Timestamp, WaNumberId, WidgetId};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Value};
use store::{Spot, fault, one_of, sql};
use uuid::Uuid;

use crate::contacts;
use crate::inbox::{Filter, Order, View};

const OWN: &str = "c.id, c.status, c.widget_id, w.name, c.assignee_id, a.name, c.preview, c.last_author, c.unread, c.last_seq, \
    c.last_message_at, c.context, c.visitor_delivered_seq, c.visitor_read_seq, c.agent_delivered_seq, c.agent_read_seq, c.created_at, \
    c.updated_at, c.visitor_unread, c.source, c.channel_id, h.name, h.address, c.reply_window, c.group_key";
const JOINS: &str = "join contact p on p.id = c.contact_id left join agent a on a.id = c.assignee_id left join widget w on w.id = c.widget_id \
    left join channel h on h.id = c.channel_id";

/// A row and the number only its visitor is told.
pub struct Row {
    /// As the tenant's people see it.
    pub conversation: Conversation,
    /// Messages of the tenant that the visitor has not read.
    pub visitor_unread: i64,
}

fn select(rest: &str) -> String {
    format!("select {OWN}, {} from conversation c {JOINS} {rest}", contacts::COLUMNS)
}

/// One conversation of the tenant.
pub async fn find(conn: &impl ConnectionTrait, tenant: TenantId, id: ConversationId) -> Result<Row> {
    let ask =
        sql(conn.get_database_backend(), &select("where c.tenant_id = ? and c.id = ?"), [tenant.into(), id.into()]);
    let row = conn.query_one_raw(ask).await.map_err(fault)?.ok_or_else(Error::not_found)?;
    read(&row)
}

/// Conversations of one person, latest first, 50 at most.
pub async fn of_contact(conn: &impl ConnectionTrait, tenant: TenantId, contact: ContactId) -> Result<Vec<Row>> {
    let text = select("where c.tenant_id = ? and c.contact_id = ? order by c.created_at desc, c.id desc limit 50");
    rows(conn, &text, vec![tenant.into(), contact.into()]).await
}

/// A visitor's own conversations, latest first, 50 at most: what comes through a channel is not theirs to see.
pub async fn of_visitor(conn: &impl ConnectionTrait, tenant: TenantId, visitor: ContactId) -> Result<Vec<Row>> {
    let text = select(
        "where c.tenant_id = ? and c.contact_id = ? and c.channel_id is null order by c.created_at desc, c.id desc limit 50",
    );
    rows(conn, &text, vec![tenant.into(), visitor.into()]).await
}

/// Whose conversation it is, and whether it comes through a channel.
pub async fn listener(conn: &impl ConnectionTrait, tenant: TenantId, id: ConversationId) -> Result<(ContactId, bool)> {
    let text = "select contact_id, channel_id from conversation where tenant_id = ? and id = ?";
    let ask = sql(conn.get_database_backend(), text, [tenant.into(), id.into()]);
    let row = conn.query_one_raw(ask).await.map_err(fault)?.ok_or_else(Error::not_found)?;
    let channel: Option<Uuid> = row.try_get_by_index(1).map_err(fault)?;
    Ok((row.try_get_by_index(0).map_err(fault)?, channel.is_some()))
}

/// A page of the tenant's conversations and the stream's head at that very moment; `after` is the key of the last one
/// before it. An empty page knows of no head.
pub async fn page(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    spot: &Spot,
    me: Option<AgentId>,
    filter: &Filter,
    after: Option<(i64, ConversationId)>,
    most: u64,
) -> Result<(Vec<Row>, Option<i64>)> {
    let most = i64::try_from(most).unwrap_or(101);
    let (listed, mut values) = listed(tenant, me, filter, after, most);
    let way = way(filter.order).1;
    let text = format!(
        "select {OWN}, {}, {} as head from ({listed}) l join conversation c on c.id = l.id {JOINS} \
         where c.tenant_id = ? order by l.last_message_at {way}, l.id {way}",
        contacts::COLUMNS,
        Spot::HEAD
    );
    values.insert(0, spot.value());
    values.push(tenant.into());
    let found = conn.query_all_raw(sql(conn.get_database_backend(), &text, values)).await.map_err(fault)?;
    let head = found.first().map(|row| row.try_get("", "head").map_err(fault)).transpose()?;
    Ok((found.iter().map(read).collect::<Result<_>>()?, head))
}

/// Ids and times of a page. Each index holds the rows of one status and one source in the order of time; "any" is the
/// first of several such lists, so that no filter makes the database walk past what is not asked for, or sort it.
fn listed(
    tenant: TenantId,
    me: Option<AgentId>,
    filter: &Filter,
    after: Option<(i64, ConversationId)>,
    most: i64,
) -> (String, Vec<Value>) {
    let (sign, way) = way(filter.order);
    let mut values: Vec<Value> = Vec::new();
    let mut lists = Vec::new();
    for status in filter.status.map_or(Status::ALL.to_vec(), |one| vec![one]) {
        for source in filter.source.map_or(Source::ALL.to_vec(), |one| vec![one]) {
            let (mut text, mut own) = of_one(tenant, status, source);
            let (whose, theirs) = cared_for(me, filter);
            text.push_str(&whose);
            own.extend(theirs);
            if let Some((at, id)) = after {
                text.push_str(&format!(" and (last_message_at, id) {sign} (?, ?)"));
                own.extend([Timestamp::from_millis(at).into(), id.into()]);
            }
            own.push(most.into());
            values.extend(own);
            lists.push(format!("select * from ({text} order by last_message_at {way}, id {way} limit ?) o"));
        }
    }
    let all = lists.join(" union all ");
    values.push(most.into());
    (format!("select id, last_message_at from ({all}) u order by last_message_at {way}, id {way} limit ?"), values)
}

fn of_one(tenant: TenantId, status: Status, source: Source) -> (String, Vec<Value>) {
    let text = "select id, last_message_at from conversation where tenant_id = ? and status = ? and source = ?";
    (text.to_owned(), vec![tenant.into(), status.word().into(), source.word().into()])
}

/// In whose care, and with whom.
fn cared_for(me: Option<AgentId>, filter: &Filter) -> (String, Vec<Value>) {
    let mut text = String::from(if filter.view == View::Unassigned { " and assignee_id is null" } else { "" });
    let mut values = Vec::new();
    for agent in [me, filter.assignee].into_iter().flatten() {
        text.push_str(" and assignee_id = ?");
        values.push(agent.into());
    }
    if let Some(contact) = filter.contact {
        text.push_str(" and contact_id = ?");
        values.push(contact.into());
    }
    (text, values)
}

const fn way(order: Order) -> (&'static str, &'static str) {
    match order {
        Order::Newest => ("<", "desc"),
        Order::Oldest => (">", "asc"),
    }
}

/// As far as anybody counts.
pub const COUNTED: i64 = 1_000;

/// Conversations with unread messages among the open ones: all, one agent's, nobody's; each counted to [`COUNTED`].
pub async fn unread(conn: &impl ConnectionTrait, tenant: TenantId, me: Option<AgentId>) -> Result<(i64, i64, i64)> {
    let some = |whose: &str| {
        format!(
            "(select count(*) from (select 1 from conversation where tenant_id = ? and status = 'open' and unread > 0 {whose} limit {COUNTED}) c)"
        )
    };
    let text = format!("select {}, {}, {}", some(""), some("and assignee_id = ?"), some("and assignee_id is null"));
    let values = [tenant.into(), tenant.into(), me.into(), tenant.into()];
    let ask = sql(conn.get_database_backend(), &text, values);
    let row = conn.query_one_raw(ask).await.map_err(fault)?.ok_or_else(Error::not_found)?;
    let number = |n: usize| row.try_get_by_index(n).map_err(fault);
    Ok((number(0)?, number(1)?, number(2)?))
}

/// Open conversations per agent, each counted to [`COUNTED`].
pub async fn open_per_agent(conn: &impl ConnectionTrait, tenant: TenantId) -> Result<Vec<(AgentId, i64)>> {
    let lists: Vec<_> = Source::ALL
        .iter()
        .map(|source| {
            format!(
                "(select count(*) from (select 1 from conversation c where c.tenant_id = a.tenant_id and c.assignee_id = a.id \
                 and c.status = 'open' and c.source = '{}' limit {COUNTED}) s)",
                source.word()
            )
        })
        .collect();
    let text = format!("select a.id, {} from agent a where a.tenant_id = ?", lists.join(" + "));
    let found = conn.query_all_raw(sql(conn.get_database_backend(), &text, [tenant.into()])).await.map_err(fault)?;
    let counts = found.iter().map(|row| {
        let count: i64 = row.try_get_by_index(1).map_err(fault)?;
        Ok((row.try_get_by_index(0).map_err(fault)?, count.min(COUNTED)))
    });
    counts.filter(|count| !matches!(count, Ok((_, 0)))).collect()
}

/// Whose conversation it is, for those who only need that.
pub async fn contact_of(conn: &impl ConnectionTrait, tenant: TenantId, id: ConversationId) -> Result<ContactId> {
    let ask = sql(
        conn.get_database_backend(),
        "select contact_id from conversation where tenant_id = ? and id = ?",
        [tenant.into(), id.into()],
    );
    let row = conn.query_one_raw(ask).await.map_err(fault)?.ok_or_else(Error::not_found)?;
    row.try_get_by_index(0).map_err(fault)
}

/// Locks a conversation for the rest of the unit. SQLite has one writer, which is lock enough.
pub async fn lock(conn: &impl ConnectionTrait, tenant: TenantId, id: ConversationId) -> Result<Row> {
    if conn.get_database_backend() == DbBackend::Postgres {
        let ask = sql(
            DbBackend::Postgres,
            "select 1 from conversation where tenant_id = ? and id = ? for update",
            [tenant.into(), id.into()],
        );
        conn.query_one_raw(ask).await.map_err(fault)?.ok_or_else(Error::not_found)?;
    }
    find(conn, tenant, id).await
}

/// The contact's conversation with this widget that is still worked on.
pub async fn active(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    contact: ContactId,
    widget: WidgetId,
) -> Result<Option<ConversationId>> {
    let text = "select id from conversation where tenant_id = ? and contact_id = ? and widget_id = ? and status in ('open', 'pending', 'snoozed')";
    let ask = sql(conn.get_database_backend(), text, [tenant.into(), contact.into(), widget.into()]);
    let row = conn.query_one_raw(ask).await.map_err(fault)?;
    row.map(|row| row.try_get_by_index(0).map_err(fault)).transpose()
}

/// The contact's conversation on this channel: the one being worked on, or else the latest that is not archived.
pub async fn on_channel(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    contact: ContactId,
    channel: Uuid,
) -> Result<Option<ConversationId>> {
    let text = "select id from conversation where tenant_id = ? and contact_id = ? and channel_id = ? and status <> 'archived' \
                order by case when status = 'resolved' then 1 else 0 end, last_message_at desc limit 1";
    let ask = sql(conn.get_database_backend(), text, [tenant.into(), contact.into(), channel.into()]);
    let row = conn.query_one_raw(ask).await.map_err(fault)?;
    row.map(|row| row.try_get_by_index(0).map_err(fault)).transpose()
}

/// Locks what these contacts have on a channel, in the order of ids. SQLite has one writer, which is lock enough.
pub async fn lock_of(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    channel: Uuid,
    contacts: &[ContactId],
) -> Result<()> {
    let backend = conn.get_database_backend();
    if backend != DbBackend::Postgres || contacts.is_empty() {
        return Ok(());
    }
    let (asked, theirs) = one_of(backend, "contact_id", contacts.iter().map(ContactId::uuid));
    let text =
        format!("select 1 from conversation where tenant_id = ? and channel_id = ? and {asked} order by id for update");
    let values: Vec<Value> = [tenant.into(), channel.into()].into_iter().chain(theirs).collect();
    conn.query_all_raw(sql(backend, &text, values)).await.map(|_| ()).map_err(fault)
}

/// Through what a conversation comes.
#[derive(Clone, Copy, Debug)]
pub enum Through {
    /// A widget.
    Widget(WidgetId),
    /// A channel.
    Channel(Uuid),
}

/// Adds an empty conversation; `false` when the visitor has an active one, perhaps since a moment ago.
pub async fn insert(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    through: Through,
    new: &Conversation,
) -> Result<bool> {
    let text = "insert into conversation (tenant_id, id, source, status, widget_id, channel_id, group_key, reply_window, contact_id, preview, last_author, unread, visitor_unread, last_seq, \
                last_message_at, visitor_delivered_seq, visitor_read_seq, agent_delivered_seq, agent_read_seq, context, created_at, updated_at) \
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, '', 'visitor', 0, 0, 0, ?, 0, 0, 0, 0, ?, ?, ?) on conflict do nothing";
    let (widget, channel) = match through {
        Through::Widget(id) => (Some(id), None),
        Through::Channel(id) => (None, Some(id)),
    };
    let context = new.context.as_ref().map(serde_json::to_string).transpose().map_err(Error::internal)?;
    let values = [
        tenant.into(),
        new.id.into(),
        new.source.word().into(),
        new.status.word().into(),
        widget.into(),
        channel.into(),
        new.group.clone().into(),
        stored(new.window.as_ref())?.into(),
        new.contact.id.into(),
        new.last_message_at.into(),
        context.into(),
        new.created_at.into(),
        new.updated_at.into(),
    ];
    conn.execute_raw(sql(conn.get_database_backend(), text, values))
        .await
        .map(|done| done.rows_affected() == 1)
        .map_err(fault)
}

/// Writes one of the columns that people change by hand. A second active conversation of the same visitor is refused.
pub async fn set(
    conn: &impl ConnectionTrait,
    id: ConversationId,
    column: &'static str,
    value: Value,
    at: Timestamp,
) -> Result<()> {
    let text = format!("update conversation set {column} = ?, updated_at = ? where id = ?");
    match conn.execute_raw(sql(conn.get_database_backend(), &text, [value, at.into(), id.into()])).await {
        Ok(_) => Ok(()),
        Err(error) if store::is_conflict(&error) => Err(another_is_open()),
        Err(error) => Err(fault(error)),
    }
}

/// Takes all conversations from an agent who left; returns which, and the visitors who hear of it.
pub async fn release(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    agent: AgentId,
    at: Timestamp,
) -> Result<Vec<(ConversationId, Option<ContactId>)>> {
    let text = "update conversation set assignee_id = null, updated_at = ? where tenant_id = ? and assignee_id = ? \
                returning id, case when channel_id is null then contact_id end";
    let found = conn
        .query_all_raw(sql(conn.get_database_backend(), text, [at.into(), tenant.into(), agent.into()]))
        .await
        .map_err(fault)?;
    found
        .iter()
        .map(|row| Ok((row.try_get_by_index(0).map_err(fault)?, row.try_get_by_index(1).map_err(fault)?)))
        .collect()
}

/// The refusal when a visitor has another conversation that is still worked on.
pub fn another_is_open() -> Error {
    Error::conflict("another_conversation_open", "This visitor has another conversation that is still open.")
}

async fn rows(conn: &impl ConnectionTrait, text: &str, values: Vec<Value>) -> Result<Vec<Row>> {
    let found = conn.query_all_raw(sql(conn.get_database_backend(), text, values)).await.map_err(fault)?;
    found.iter().map(read).collect()
}

fn read(row: &QueryResult) -> Result<Row> {
    let text = |n: usize| row.try_get_by_index::<String>(n).map_err(fault);
    let number = |n: usize| row.try_get_by_index::<i64>(n).map_err(fault);
    let time = |n: usize| row.try_get_by_index::<Timestamp>(n).map_err(fault);
    let maybe = |n: usize| row.try_get_by_index::<Option<String>>(n).map_err(fault);
    let widget: Option<WidgetId> = row.try_get_by_index(2).map_err(fault)?;
    let assignee: Option<AgentId> = row.try_get_by_index(4).map_err(fault)?;
    let source = Source::from_word(&text(19)?).ok_or_else(|| Error::internal("a conversation of an unknown source"))?;
    let channel: Option<Uuid> = row.try_get_by_index(20).map_err(fault)?;
    let conversation = Conversation {
        id: row.try_get_by_index(0).map_err(fault)?,
        source,
        status: Status::from_word(&text(1)?).ok_or_else(|| Error::internal("a conversation with an unknown status"))?,
        widget: widget.zip(maybe(3)?).map(|(id, name)| WidgetName { id, name }),
        channel: channel.map(|id| channel_name(source, id, maybe(21), maybe(22))).transpose()?,
        window: window(maybe(23)?)?,
        group: maybe(24)?,
        contact: contacts::of_row(row, 25)?,
        assignee: assignee.zip(maybe(5)?).map(|(id, name)| AgentName { id, name }),
        preview: text(6)?,
        last_author: AuthorKind::from_word(&text(7)?),
        unread: number(8)?,
        last_seq: number(9)?,
        last_message_at: time(10)?,
        context: maybe(11)?.as_deref().map(serde_json::from_str).transpose().map_err(Error::internal)?,
        receipts: Receipts {
            visitor_delivered_seq: number(12)?,
            visitor_read_seq: number(13)?,
            agent_delivered_seq: number(14)?,
            agent_read_seq: number(15)?,
        },
        created_at: time(16)?,
        updated_at: time(17)?,
    };
    Ok(Row { conversation, visitor_unread: number(18)? })
}

/// A channel as the wire names it.
fn channel_name(
    source: Source,
    id: Uuid,
    name: Result<Option<String>>,
    address: Result<Option<String>>,
) -> Result<ChannelName> {
    let id = match source {
        Source::Whatsapp => WaNumberId::from_uuid(id).to_string(),
        Source::Website => id.to_string(),
    };
    Ok(ChannelName { id, name: name?.unwrap_or_default(), address: address?.unwrap_or_default() })
}

/// Reads a window as it is stored.
pub fn window(stored: Option<String>) -> Result<Option<Window>> {
    stored.as_deref().map(serde_json::from_str).transpose().map_err(Error::internal)
}

/// A window as it is stored.
pub fn stored(window: Option<&Window>) -> Result<Option<String>> {
    window.map(serde_json::to_string).transpose().map_err(Error::internal)
}
