//! A template that begins with a file: it is handed to Meta when the template's turn has come.

use chat::Ctx;
use kernel::FileId;
use kernel::wire::Message;
use serde_json::{Value, json};

use super::file::file;
use super::settle::Known;
use super::show::because;
use crate::graph::Graph;
use crate::outgoing::{Filled, What};
use crate::payload::Look;
use crate::tables::number;

/// What is asked for, with Meta's ids in place of ours; or what is known already, without a call.
pub async fn handed(
    ctx: &Ctx,
    graph: &Graph<'_>,
    number: &number::Model,
    message: &Message,
    filled: Filled,
) -> Result<What, Known> {
    let mut components = filled.components;
    for part in &mut components {
        // a heading has one parameter, and nothing else holds a file
        let Some(parameter) = part.pointer_mut("/parameters/0") else { continue };
        let Some((kind, id)) = ours(parameter) else { continue };
        match file(ctx, graph, number, message, (id, false)).await? {
            What::Media { kind: sent, id, filename, .. } if sent.word() == kind => {
                parameter[&kind] = json!({ "id": id });
                if kind == "document" {
                    parameter[&kind]["filename"] = filename.into();
                }
            }
            _ => return Err(unfit()),
        }
    }
    Ok(What::Template(Filled { components, ..filled }))
}

/// Whether a parameter names a file of ours, and as what it goes.
fn ours(parameter: &Value) -> Option<(String, FileId)> {
    let kind = parameter.text("type")?.to_owned();
    let id = parameter.at(&kind).text("file_id")?.parse().ok()?;
    Some((kind, id))
}

fn unfit() -> Known {
    Known::Never(because(
        None,
        "The file is not of the kind this template begins with, or too large for it.",
        "Choose another file.",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_ours_are_handed_over() {
        let id = "fil_01a1f218049d78cab24257d5eeac4341";
        let (kind, file) = ours(&json!({ "type": "image", "image": { "file_id": id } })).expect("a file");
        assert_eq!((kind.as_str(), file.to_string().as_str()), ("image", id));
        assert!(ours(&json!({ "type": "image", "image": { "id": "17" } })).is_none());
        assert!(ours(&json!({ "type": "text", "text": id })).is_none());
    }
}
