//! Step 13: the id, the answer, the bubble, the states to come.

use serde_json::{Value, json};

use super::{Draft, Fetch, Recipient, Sent, plan};
use crate::Deed;
use crate::world::{Bubble, DAY, Direction, World, canonical, wamid};

/// Accepts a draft.
pub(super) fn accept(world: &mut World, draft: Draft) -> Value {
    let sent = keep(world, &draft);
    let id = sent.id.clone();
    world.sent.insert(id.clone(), sent);
    if let Some(user) = draft.user().map(str::to_owned) {
        show(world, &draft, &user, &id);
    }
    match &draft.link {
        _ if draft.to == Recipient::Void => {}
        Some(link) => {
            let fetch =
                Fetch { id: id.clone(), link: link.clone(), kind: draft.kind.clone(), fails: draft.fails.clone() };
            let now = world.now();
            world.agenda.at(now, Deed::Fetch(Box::new(fetch)));
        }
        None => plan(world, &id, draft.fails.clone()),
    }
    answer(world, &draft, &id)
}

fn keep(world: &mut World, draft: &Draft) -> Sent {
    let phone = match &draft.to {
        Recipient::User(user) => world.users.get(user).map(|user| user.wa_id.clone()).unwrap_or_default(),
        Recipient::Nobody(digits) | Recipient::Group(digits) => digits.clone(),
        Recipient::Void => draft.input.clone(),
    };
    let text = |key: &str| draft.body[key].as_str().map(str::to_owned);
    Sent {
        id: wamid(&mut world.dice, &phone, Direction::Out),
        number: draft.number.clone(),
        to: draft.to.clone(),
        kind: draft.kind.clone(),
        content: draft.content().clone(),
        opaque: text("biz_opaque_callback_data"),
        by_id: draft.by_id,
        category: draft.category.as_ref().map_or_else(|| "service".to_owned(), |category| category.to_lowercase()),
        open: draft.open,
        reached: Default::default(),
        priced: 0,
        at: world.now(),
        conversation: world.dice.hex(32).to_lowercase(),
    }
}

/// On the phone it appears when it is accepted; a failed one is taken away again by its state.
fn show(world: &mut World, draft: &Draft, user: &str, id: &str) {
    let at = world.now();
    let replied = world.users.get(user).is_some_and(|person| person.entry.contains_key(&draft.number));
    if let Some(person) = world.users.get_mut(user) {
        person.contact.insert(draft.number.clone(), at);
        // an answer within 24 h of a click on an ad opens 72 h
        let early = person.wrote.get(&draft.number).is_some_and(|wrote| at - wrote < DAY);
        if replied && early {
            person.entry.entry(draft.number.clone()).and_modify(|until| *until = (*until).max(at + 3 * DAY));
        }
    }
    let thread = world.thread(&draft.number, user);
    thread.typing_until = 0;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if draft.kind == "reaction" {
        return thread.react(&text(&draft.content()["message_id"]), "business", &text(&draft.content()["emoji"]));
    }
    let quotes = draft.body["context"]["message_id"].as_str().map(str::to_owned);
    let (id, kind, body) = (id.to_owned(), draft.kind.clone(), draft.content().clone());
    let (state, reactions) = ("accepted".to_owned(), Vec::new());
    thread.add(Bubble { id, mine: false, at, kind, body, quotes, state, reactions, edited: false, revoked: false });
}

fn answer(world: &mut World, draft: &Draft, id: &str) -> Value {
    let mut contact = json!({"input": draft.input});
    match &draft.to {
        Recipient::User(user) => {
            let portfolio = world.portfolio_of(&draft.number);
            contact["user_id"] = json!(world.bsuid(user, &portfolio));
            let person =
                world.users.get(user).filter(|person| person.shows_phone(&draft.number, world.now()) || !draft.by_id);
            if let Some(person) = person {
                contact["wa_id"] = json!(person.wa_id);
            }
        }
        Recipient::Nobody(digits) if !draft.by_id => contact["wa_id"] = json!(canonical(digits)),
        Recipient::Group(group) => contact["wa_id"] = json!(group),
        _ => {}
    }
    let mut message = json!({"id": id});
    if draft.kind == "template" {
        message["message_status"] = json!("accepted");
    }
    json!({"messaging_product": "whatsapp", "contacts": [contact], "messages": [message]})
}
