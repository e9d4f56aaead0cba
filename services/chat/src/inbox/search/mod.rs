//! Finding messages and people by their words.
//!
//! Promises: only what the asking tenant has now is found, whatever the search still knows: every hit is read again from
//! its own row, and shown only if the words are still there. Newest first. Notes are found by the tenant's people, as they
//! read them; visitors do not search.

mod entry;
mod excerpt;
mod fill;
mod follow;
mod words;

pub use fill::{FILL, fill};
pub use follow::{catch_up, follow, forget, take};

use kernel::wire::{FoundContact, FoundMessage};
use kernel::{Cursor, Error, Limit, Page, Result, Role, Scope, Timestamp};

use super::tables::found;
use super::tables::search::Wanted;
use crate::Ctx;

/// Most people of one answer.
const PEOPLE: i64 = 5;
/// Longest question, in characters, and most words of it that count.
const LONGEST: usize = 200;
const WORDS: usize = 8;

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// Words; each may be the beginning of one.
    pub q: String,
    /// Said at this time or later.
    pub from: Option<Timestamp>,
    /// Said before this time.
    pub to: Option<Timestamp>,
}

/// What was found.
pub struct Found {
    /// Messages, newest first.
    pub messages: Page<FoundMessage>,
    /// People, with the first page only.
    pub contacts: Vec<FoundContact>,
}

/// Looks for messages and people. Viewers and above.
pub async fn search(
    ctx: &Ctx,
    scope: &Scope,
    question: &Question,
    cursor: Option<&Cursor>,
    limit: Limit,
) -> Result<Found> {
    scope.require(Role::Viewer)?;
    let asked = parse(&question.q)?;
    let before: Option<i64> = cursor.map(Cursor::unpack).transpose()?;
    let marked: Vec<_> = asked.iter().map(|word| entry::marked(scope.tenant(), word)).collect();
    let between = between(question, before);
    let most = i64::try_from(limit.get() + 1).unwrap_or(101);
    let wanted = Wanted { tenant: scope.tenant(), words: &marked, people: false, between, most };
    let conn = ctx.db.read_lately(scope);
    let rows = Page::cut(found::messages(&conn, &wanted).await?, limit, |row| row.place)?;
    let messages = rows.items.into_iter().filter_map(|row| row.shown(&asked)).collect();
    let contacts = match before {
        None => {
            let wanted = Wanted { people: true, between: (i64::MIN, i64::MAX), most: PEOPLE, ..wanted };
            found::people(&conn, &wanted).await?
        }
        Some(_) => Vec::new(),
    };
    Ok(Found { messages: Page { items: messages, next_cursor: rows.next_cursor }, contacts })
}

fn between(question: &Question, before: Option<i64>) -> (i64, i64) {
    let since = question.from.map_or(i64::MIN, entry::first_at);
    let until = question.to.map_or(i64::MAX, entry::first_at);
    (since, before.map_or(until, |before| before.min(until)))
}

/// The words of a question.
fn parse(q: &str) -> Result<Vec<String>> {
    if q.chars().count() > LONGEST {
        return Err(Error::field("q", "too_long", "Search for 200 characters at most."));
    }
    let mut asked = words::asked(q);
    asked.truncate(WORDS);
    match asked.is_empty() {
        true => Err(Error::field("q", "empty", "Write a word to search for.")),
        false => Ok(asked),
    }
}

impl found::Row {
    /// As it is shown; `None` when the words are not there any more.
    fn shown(self, asked: &[String]) -> Option<FoundMessage> {
        let message = self.message;
        let names = message.files.iter().map(|file| file.name.as_str());
        let texts: Vec<_> = std::iter::once(message.body.as_str()).chain(names).collect();
        let excerpt = excerpt::excerpt(&texts, asked)?;
        Some(FoundMessage {
            conversation_id: message.conversation_id,
            seq: message.seq,
            message_id: message.id,
            author: message.author,
            visibility: message.visibility,
            created_at: message.created_at,
            excerpt,
            status: self.status,
            source: self.source,
            contact_id: self.contact,
            contact_name: self.contact_name,
        })
    }
}
