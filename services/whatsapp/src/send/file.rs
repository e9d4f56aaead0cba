//! Files of a message: handed to Meta first, then sent by the id they have there.

use chat::Ctx;
use kernel::wire::{Failure, Message};
use kernel::{FileId, Result};

use super::compose::is_there;
use super::show::because;
use crate::graph::Graph;
use crate::outgoing::What;
use crate::tables::number;

/// What is asked for; or why it will never be.
pub async fn file(
    _ctx: &Ctx,
    _graph: &Graph<'_>,
    _number: &number::Model,
    message: &Message,
    (id, _caption): (FileId, bool),
) -> Result<std::result::Result<What, Failure>> {
    let Some(file) = message.files.iter().find(|file| file.id == id) else {
        return Ok(Err(because(None, "The file is not there any more.", "Send it up again.")));
    };
    if let Some(failure) = is_there(file.state) {
        return Ok(Err(failure));
    }
    Ok(Err(because(None, "Files cannot be sent to WhatsApp yet.", "Send a link to it instead.")))
}
