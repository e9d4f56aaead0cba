//! Which endpoint a path means. An id may be an app, an account, a number, a template, a file or an upload.

use super::{
    Answered, GraphError, account, blocks, coexistence, media, messages, numbers, oauth, profile, registration,
    subscriptions, templates, uploads,
};
use crate::http::{Answer, Call};
use crate::world::World;

/// Answers a call that needs nobody else.
pub(super) fn answer(world: &mut World, call: &Call) -> Answer {
    find(world, call).unwrap_or_else(|error| error.answer(world))
}

fn find(world: &mut World, call: &Call) -> Answered {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    match path.as_slice() {
        [] => Err(unknown("")),
        ["oauth", "access_token"] => oauth::exchange(world, call),
        ["debug_token"] => oauth::debug(world, call),
        [id] if id.starts_with("upload:") => uploads::upload(world, call, id),
        [id, rest @ ..] if world.apps.contains_key(*id) => of_app(world, call, id, rest),
        [id, rest @ ..] if world.wabas.contains_key(*id) => of_account(world, call, id, rest),
        [id, rest @ ..] if world.numbers.contains_key(*id) => of_number(world, call, id, rest),
        [id] if world.templates.contains_key(*id) => templates::one(world, call, id),
        [id] if world.media.contains_key(*id) => media::one(world, call, id),
        [id, ..] if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) => {
            super::bearer::caller(world, call)?;
            Err(GraphError::gone(id))
        }
        [first, ..] => Err(unknown(first)),
    }
}

fn of_app(world: &mut World, call: &Call, id: &str, rest: &[&str]) -> Answered {
    match (call.method.as_str(), rest) {
        (_, ["subscriptions"]) => subscriptions::of_app(world, call, id),
        ("POST", ["uploads"]) => uploads::begin(world, call, id),
        ("GET", []) => subscriptions::app(world, call, id),
        _ => Err(unknown(rest.first().unwrap_or(&id))),
    }
}

fn of_account(world: &mut World, call: &Call, id: &str, rest: &[&str]) -> Answered {
    match (call.method.as_str(), rest) {
        ("GET", []) => account::get(world, call, id),
        (_, ["subscribed_apps"]) => subscriptions::of_account(world, call, id),
        ("GET", ["phone_numbers"]) => numbers::list(world, call, id),
        ("POST", ["phone_numbers"]) => numbers::add(world, call, id),
        (_, ["message_templates"]) => templates::of_account(world, call, id),
        _ => Err(unknown(rest.first().unwrap_or(&id))),
    }
}

fn of_number(world: &mut World, call: &Call, id: &str, rest: &[&str]) -> Answered {
    match (call.method.as_str(), rest) {
        ("GET", []) => numbers::get(world, call, id),
        ("POST", []) => numbers::set(world, call, id),
        ("POST", ["messages"]) => messages::send(world, call, id),
        ("POST", ["media"]) => media::upload(world, call, id),
        ("POST", ["request_code"]) => registration::request_code(world, call, id),
        ("POST", ["verify_code"]) => registration::verify_code(world, call, id),
        ("POST", ["register"]) => registration::register(world, call, id),
        ("POST", ["deregister"]) => registration::deregister(world, call, id),
        ("GET" | "POST", ["whatsapp_business_profile"]) => profile::profile(world, call, id),
        ("GET" | "POST" | "DELETE", ["block_users"]) => blocks::blocks(world, call, id),
        ("POST", ["smb_app_data"]) => coexistence::sync(world, call, id),
        _ => Err(unknown(rest.first().unwrap_or(&id))),
    }
}

fn unknown(part: &str) -> GraphError {
    GraphError::new(2500, format!("Unknown path components: /{part}"))
}
