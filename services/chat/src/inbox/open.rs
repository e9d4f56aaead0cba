//! A visitor's first words.

use kernel::wire::{AuthorKind, Context, Conversation, Message, Receipts, Source, Status, WidgetName};
use kernel::{Audience, ConversationId, Event, Position, Result, Scope, WidgetId};

use super::message::NewMessage;
use super::tables::conversation;
use super::{post, show};
use crate::contacts::{self, Profile};
use crate::{Ctx, widgets};

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
    let known = conversation::active(ctx.db.read(scope), scope.tenant(), visitor, widget).await?;
    let id = match known {
        Some(id) => id,
        None => begin(ctx, scope, widget, context, &new.profile).await?,
    };
    let posted = post(ctx, scope, id, new.first).await?;
    let conversation = show::row(ctx, scope, id).await?.conversation;
    Ok(Opened {
        conversation,
        message: posted.message,
        repeated: posted.repeated,
        position: posted.position,
        handle: contacts::handle(ctx, visitor),
    })
}

/// Makes the contact (if need be) and an empty conversation. Two tabs that begin at once end in the same one.
async fn begin(
    ctx: &Ctx,
    scope: &Scope,
    widget: WidgetId,
    context: Option<Context>,
    profile: &Profile,
) -> Result<ConversationId> {
    let (visitor, _) = scope.visitor()?;
    let site = widgets::live(ctx, widget).await?;
    let mut unit = ctx.db.write().await?;
    let contact = contacts::ensure(ctx, &unit, scope, profile).await?;
    if let Some(id) = conversation::active(unit.conn(), scope.tenant(), contact.id, widget).await? {
        unit.commit().await?;
        return Ok(id);
    }
    let now = ctx.clock().now();
    let new = Conversation {
        id: ConversationId::new(ctx.clock()),
        source: Source::Website,
        status: Status::Open,
        widget: site.map(|site| WidgetName { id: site.widget.id, name: site.widget.name }),
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
    if conversation::insert(unit.conn(), scope.tenant(), widget, &new).await? {
        unit.emit(scope.tenant(), Audience::Agents, Event::ConversationOpened { conversation: new });
        unit.commit().await?;
        return Ok(id);
    }
    let other = conversation::active(unit.conn(), scope.tenant(), visitor, widget).await?;
    unit.commit().await?;
    other.ok_or_else(conversation::another_is_open)
}
