//! Somebody with a phone, in a test's hands.

use serde_json::{Value, json};

use super::Sim;
use crate::actor;
use crate::world::Bubble;

/// A user of a running simulator.
pub struct User<'a> {
    sim: &'a Sim,
    name: String,
    number: Option<String>,
}

impl<'a> User<'a> {
    pub(super) fn new(sim: &'a Sim, name: &str) -> Self {
        Self { sim, name: name.to_owned(), number: None }
    }

    /// Towards this number from now on; otherwise towards the first there is.
    pub fn to(mut self, number: &str) -> Self {
        self.number = Some(number.to_owned());
        self
    }

    /// Anything a user can do; see `ACTS`.
    pub fn act(&self, act: &str, args: Value) -> Value {
        let mut args = if args.is_object() { args } else { json!({}) };
        if let Some(number) = &self.number {
            args["number"] = json!(number);
        }
        self.sim.world(|world| actor::act(world, &self.name, act, &args)).expect("something a user can do")
    }

    /// Sends a kind of message; gives its wamid.
    pub fn sends(&self, kind: &str, mut args: Value) -> String {
        args["kind"] = json!(kind);
        self.act("send", args)["id"].as_str().unwrap_or_default().to_owned()
    }

    /// Says something; gives its wamid.
    pub fn says(&self, words: &str) -> String {
        self.sends("text", json!({"text": words}))
    }

    /// What the phone shows.
    pub fn sees(&self) -> Vec<Bubble> {
        self.sim.world(|world| {
            let key = world.user(&self.name).map(|user| user.key.clone()).unwrap_or_default();
            let number = self.number.clone().or_else(|| world.first_number().map(|number| number.id.clone()));
            world.thread(&number.unwrap_or_default(), &key).bubbles.clone()
        })
    }
}
