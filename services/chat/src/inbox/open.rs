//! A visitor's first words.

use kernel::wire::{AuthorKind, Context, Conversation, Message, Receipts, Source, Status, WidgetName};
use kernel::{Audience, ConversationId, Event, Position, Result, Scope};

use super::hot::{What, Write};
use super::message::NewMessage;
use super::post::{Posted, post, posted};
use super::tables::conversation::{self, Through};
use super::{hot, show};
use crate::contacts::{self, Profile};
use crate::{Ctx, files, widgets};

/// A conversation to open.
pub struct NewConversation {
    /// What is said first.
    pub first: NewMessage,
    /// What it is about.
    pub context: Option<Context>,
    /// What the page knows of the visitor.
    pub profile: Profile,
}

/// A conversation with its first message, committed.
pub struct Opened {
    /// The conversation, after the message.
    pub conversation: Conversation,
    /// The message.
    pub message: Message,
    /// Whether the message was there already.
    pub repeated: bool,
    /// The message's place in the stream.
    pub position: Position,
    /// By which the visitor is recognised from now on.
    pub handle: String,
}

/// Opens a conversation, or speaks in the one the visitor has with this widget. This is the act that makes a visitor a contact.
pub async fn open(ctx: &Ctx, scope: &Scope, new: NewConversation) -> Result<Opened> {
    let (visitor, widget) = scope.visitor()?;
    let context = new.context.as_ref().map(contacts::clean_context).transpose()?;
    let known = conversation::active(&ctx.db.read(scope), scope.tenant(), visitor, widget).await?;
    let posted = match known {
        Some(id) => post(ctx, scope, id, new.first).await?,
        None => begin(ctx, scope, context, &new.profile, new.first).await?,
    };
    let conversation = show::row(ctx, scope, posted.message.conversation_id).await?.conversation;
    Ok(Opened {
        conversation,
        message: posted.message,
        repeated: posted.repeated,
        position: posted.position,
        handle: contacts::handle(ctx, visitor),
    })
}

/// Makes the contact (if need be) and the conversation with its first message, in one commit: nobody ever sees it empty.
/// Two tabs that begin at once end in the same one.
async fn begin(
    ctx: &Ctx,
    scope: &Scope,
    context: Option<Context>,
    profile: &Profile,
    first: NewMessage,
) -> Result<Posted> {
    let (visitor, widget) = scope.visitor()?;
    files::admit(ctx, scope, first.files.len()).await?;
    let site = widgets::live(ctx, widget).await?;
    let mut unit = ctx.db.write(scope).await?;
    let contact = contacts::ensure(ctx, &unit, scope, profile).await?;
    let now = ctx.clock().now();
    let new = Conversation {
        id: ConversationId::new(ctx.clock()),
        source: Source::Website,
        status: Status::Open,
        widget: site.map(|site| WidgetName { id: site.widget.id, name: site.widget.name }),
        channel: None,
        window: None,
        group: None,
        contact,
        assignee: None,
        preview: String::new(),
        last_author: AuthorKind::Visitor,
        unread: 0,
        last_seq: 0,
        last_message_at: now,
        context,
        receipts: Receipts::default(),
        created_at: now,
        updated_at: now,
    };
    let id = new.id;
    if !conversation::insert(unit.conn(), scope.tenant(), Through::Widget(widget), &new).await? {
        let other = conversation::active(unit.conn(), scope.tenant(), visitor, widget).await?;
        unit.commit().await?;
        return post(ctx, scope, other.ok_or_else(conversation::another_is_open)?, first).await;
    }
    unit.emit(scope.tenant(), Audience::Agents, Event::ConversationOpened { conversation: Box::new(new) });
    let write = Write { scope: scope.clone(), conversation: id, what: What::Post(first) };
    let (done, place) = hot::within(&ctx.db, &mut unit, write).await?;
    let committed = unit.commit().await?;
    posted(
        done,
        place.and_then(|place| committed.positions.get(place).copied()).unwrap_or_else(|| ctx.db.head(scope.tenant())),
    )
}
