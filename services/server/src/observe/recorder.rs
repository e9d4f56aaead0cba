//! The one recorder of measures of a process.

use std::sync::OnceLock;
use std::time::Duration;

use metrics::{describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::names::{Kind, MEASURES};
use crate::crew::Crew;

/// How often it is tidied.
const UPKEEP: Duration = Duration::from_secs(5);

/// Half a millisecond to half a minute: a commit is at the one end, a call to the outside at the other.
const SECONDS: &[f64] = &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
/// Up to the most writes one commit may hold.
const SIZES: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];

/// The recorder, however many servers tests start in one process.
pub fn recorder() -> PrometheusHandle {
    static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();
    RECORDER.get_or_init(install).clone()
}

fn install() -> PrometheusHandle {
    let builder = PrometheusBuilder::new();
    // bounds that are none would be a slip in the two lines above; without buckets there are still sums
    let bounded = builder
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)
        .and_then(|builder| builder.set_buckets_for_metric(Matcher::Suffix("_size".to_owned()), SIZES));
    let recorder = bounded.unwrap_or_default().build_recorder();
    let handle = recorder.handle();
    // only a second recorder could refuse, and there is none
    let _ = metrics::set_global_recorder(recorder);
    describe();
    handle
}

fn describe() {
    for measure in MEASURES {
        match measure.kind {
            Kind::Counter => describe_counter!(measure.name, measure.says),
            Kind::Gauge => describe_gauge!(measure.name, measure.says),
            Kind::Histogram => describe_histogram!(measure.name, measure.says),
        }
    }
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
