//! Between processes: what this one's commits brought, for others to be told, and what others say, as a reason to look.
//! Nothing said is believed; without a word everything is found a little later.

use crate::outbox::Heads;
use crate::{Db, Jobs};

impl Db {
    /// Where this process's commits bring each shard of events from now on.
    pub fn heads(&self) -> Heads {
        self.inner.sequencer.heads()
    }

    /// When this process's commits leave jobs that are due.
    pub fn jobs_left(&self) -> Jobs {
        self.inner.jobs_left.listen()
    }

    /// Another process says a shard has come to `n`: it is looked at now. Costs nothing when that is known, and one
    /// look, shared with all other hints, when it is a lie.
    pub fn hint(&self, shard: u16, n: i64) {
        self.inner.sequencer.hint(shard, n);
    }

    /// Another process says it left jobs: this process's runner looks now.
    pub fn hint_jobs(&self) {
        self.inner.jobs_left.ring_from_afar();
    }

    /// Hints were missed: everything is looked at now.
    pub fn hint_all(&self) {
        self.inner.sequencer.hint_all();
        self.hint_jobs();
    }
}
