//! One recorder of measures per process, however many servers tests start in it.

use std::sync::OnceLock;
use std::time::Duration;

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use crate::crew::Crew;

/// How often it is tidied.
const UPKEEP: Duration = Duration::from_secs(5);

/// The recorder.
pub fn recorder() -> PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER
        .get_or_init(|| {
            let recorder = PrometheusBuilder::new().build_recorder();
            let handle = recorder.handle();
            // only a second recorder could refuse, and there is none
            let _ = metrics::set_global_recorder(recorder);
            handle
        })
        .clone()
}

/// Installs it and keeps it tidy: without that, histograms nobody asks for would grow.
pub fn start(crew: &mut Crew) {
    let recorder = recorder();
    crew.add("measures", async move {
        let mut tick = tokio::time::interval(UPKEEP);
        loop {
            tick.tick().await;
            recorder.run_upkeep();
        }
    });
}
