//! The tasks of a process. None of them ends by itself: the first that does takes the process with it.

use std::future::Future;

use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Tasks that run until the process stops.
pub struct Crew {
    tasks: Vec<JoinHandle<()>>,
    ended: watch::Sender<Option<&'static str>>,
}

impl Crew {
    /// Nobody yet.
    pub fn new() -> Self {
        Self { tasks: Vec::new(), ended: watch::Sender::new(None) }
    }

    /// One more; `name` is what is said when it ends or panics.
    pub fn add(&mut self, name: &'static str, work: impl Future<Output = ()> + Send + 'static) {
        let ended = self.ended.clone();
        let work = tokio::spawn(work);
        self.tasks.push(tokio::spawn(async move {
            let _cut_off = CutOff(work.abort_handle());
            if let Err(end) = work.await {
                tracing::error!(task = name, %end, "a part of the process failed");
            }
            ended.send_if_modified(|first| first.is_none().then(|| *first = Some(name)).is_some());
        }));
    }

    /// Whose end is to be waited for.
    pub fn first_to_end(&self) -> FirstToEnd {
        FirstToEnd(self.ended.subscribe())
    }

    /// Sends everybody home.
    pub fn end(&self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// The task behind the one that watches it.
struct CutOff(tokio::task::AbortHandle);

impl Drop for CutOff {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Says which task was the first to end.
pub struct FirstToEnd(watch::Receiver<Option<&'static str>>);

impl FirstToEnd {
    /// Waits for it; for ever when none ends.
    pub async fn name(&mut self) -> &'static str {
        match self.0.wait_for(Option::is_some).await.map(|name| name.unwrap_or_default()) {
            Ok(name) => name,
            Err(_) => std::future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_first_task_that_ends_or_panics_is_named() {
        let mut crew = Crew::new();
        crew.add("patient", std::future::pending());
        let mut first = crew.first_to_end();
        crew.add("clumsy", async { panic!("on purpose") });
        assert_eq!(first.name().await, "clumsy");
        crew.add("late", async {});
        assert_eq!(crew.first_to_end().name().await, "clumsy");
        crew.end();
    }
}
