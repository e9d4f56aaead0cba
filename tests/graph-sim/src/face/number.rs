//! A business number: the app on its phone, and what Meta does to it.

use serde_json::Value;

use super::Sim;
use crate::actor;

/// A number of a running simulator.
pub struct Number<'a> {
    sim: &'a Sim,
    id: String,
}

impl<'a> Number<'a> {
    pub(super) fn new(sim: &'a Sim, id: &str) -> Self {
        Self { sim, id: id.to_owned() }
    }

    /// Anything that can happen to a number: `echo`, `history`, `quality`, `pin_changed`, …
    pub fn act(&self, act: &str, args: &Value) -> Value {
        self.sim
            .world(|world| actor::business_act(world, &self.id, act, args))
            .expect("something that can happen to a number")
    }

    /// What happens to its account: `account_update`, …
    pub fn account(&self, act: &str, args: &Value) -> Value {
        self.sim.world(|world| {
            let waba = world.numbers.get(&self.id).map(|number| number.waba.clone()).unwrap_or_default();
            actor::account_act(world, &waba, act, args).expect("something that can happen to an account")
        })
    }
}
