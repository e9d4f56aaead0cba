//! The overview, and codes of Embedded Signup.

use serde_json::{Value, json};

use crate::world::{SECOND, Token, World};

/// How everything stands.
pub(super) fn overview(world: &World) -> Value {
    json!({"now": world.now(), "rate": world.clock.rate(), "seed": world.setup.seed, "base": world.base,
        "apps": world.apps.keys().collect::<Vec<_>>(), "wabas": world.wabas.keys().collect::<Vec<_>>(),
        "numbers": world.numbers.keys().collect::<Vec<_>>(), "users": world.users.keys().collect::<Vec<_>>(),
        "journal": world.journal.all().len(), "agenda": world.agenda.len(), "flying": world.outbox.flying,
        "deliveries": world.outbox.deliveries.len()})
}

/// A code that can be exchanged once within 30 s: `{token?, waba?, app?}`.
pub(super) fn code(world: &mut World, body: &Value) -> Result<Value, String> {
    let (code, fresh) = (world.dice.letters(60), format!("EAAG{}", world.dice.letters(40)));
    let token = body["token"].as_str().map_or(fresh, str::to_owned);
    let app = body["app"]
        .as_str()
        .map(str::to_owned)
        .or_else(|| world.apps.keys().next().cloned())
        .ok_or("there is no app")?;
    let targets = body["waba"].as_str().map(str::to_owned).into_iter().collect();
    let known = Token { token: token.clone(), app, targets, ..Token::default() };
    world.tokens.entry(token.clone()).or_insert(known);
    let until = world.now() + 30 * SECOND;
    world.codes.insert(code.clone(), (token.clone(), until));
    Ok(json!({"code": code, "token": token, "until": until}))
}
