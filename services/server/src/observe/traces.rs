//! Spans on their way to a collector: OTLP, protobuf over HTTP, in batches by a thread of its own.

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use bytes::Bytes;
use futures::future::BoxFuture;
use net::Collector;
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{
    BatchConfigBuilder, BatchSpanProcessor, Sampler, SdkTracer, SdkTracerProvider, SpanLimits,
};
use tokio::runtime::Handle;
use tracing::{Metadata, Subscriber};
use tracing_opentelemetry::OpenTelemetryLayer;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::registry::LookupSpan;

use super::ObserveConfig;
use crate::{Config, observe};

/// Spans that may wait for the collector; what comes on top is dropped, never waited for.
const WAITING: usize = 8192;
/// Spans in one hand-over, and the longest wait for one.
const AT_ONCE: usize = 512;
const EVERY: Duration = Duration::from_secs(2);
/// Attributes of one span: ours have a dozen.
const ATTRIBUTES: u32 = 24;

/// The sender of spans; none when no collector is named.
pub fn provider(config: &Config, roles: &str) -> Result<Option<SdkTracerProvider>> {
    let observe = &config.observe;
    if observe.otlp_url.is_empty() {
        return Ok(None);
    }
    if !(0.0..=1.0).contains(&observe.sample) {
        bail!("observe.sample: {} is not between 0 and 1", observe.sample);
    }
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Way { collector: Collector::new(&config.net)?, runtime: Handle::current() })
        .with_endpoint(address(&observe.otlp_url)?)
        .with_headers(headers(observe))
        .build()
        .context("observe.otlp_url")?;
    let pace = BatchConfigBuilder::default().with_max_queue_size(WAITING).with_max_export_batch_size(AT_ONCE);
    let batches =
        BatchSpanProcessor::builder(exporter).with_batch_config(pace.with_scheduled_delay(EVERY).build()).build();
    let provider = SdkTracerProvider::builder()
        .with_span_processor(batches)
        .with_sampler(Sampler::ParentBased(Box::new(Sampler::TraceIdRatioBased(observe.sample))))
        .with_span_limits(SpanLimits { max_attributes_per_span: ATTRIBUTES, ..SpanLimits::default() })
        .with_resource(resource(observe, roles))
        .build();
    Ok(Some(provider))
}

/// Who speaks.
fn resource(config: &ObserveConfig, roles: &str) -> Resource {
    Resource::builder_empty()
        .with_attributes([
            KeyValue::new("service.name", config.service.clone()),
            KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            KeyValue::new("service.instance.id", observe::node::id().to_string()),
            KeyValue::new("porchlight.roles", roles.to_owned()),
        ])
        .build()
}

/// A collector's address without a path means the usual one.
fn address(url: &str) -> Result<String> {
    let whole = url.trim_end_matches('/');
    let rest = whole.strip_prefix("https://").or_else(|| whole.strip_prefix("http://"));
    let Some(rest) = rest.filter(|rest| !rest.is_empty()) else {
        bail!("observe.otlp_url: {url:?} is not an address such as http://collector:4318")
    };
    Ok(if rest.contains('/') { whole.to_owned() } else { format!("{whole}/v1/traces") })
}

fn headers(config: &ObserveConfig) -> HashMap<String, String> {
    let authorization = config.otlp_authorization.reveal();
    let header = (!authorization.is_empty()).then(|| ("authorization".to_owned(), authorization.clone()));
    header.into_iter().collect()
}

/// What turns the product's spans into those of the collector.
pub fn layer<S>(provider: &SdkTracerProvider) -> impl Layer<S> + use<S>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    let layer: OpenTelemetryLayer<S, SdkTracer> =
        tracing_opentelemetry::layer().with_tracer(provider.tracer("porchlight"));
    // nothing but what our own code says of itself: where it stands in the source, and on which thread, helps nobody
    let layer = layer.with_location(false).with_threads(false).with_target(false).with_level(false);
    let layer = layer.with_tracked_inactivity(false).with_context_activation(false);
    layer.with_filter(filter_fn(is_traced))
}

/// Spans of our own crates. Log lines stay out: they go where logs go.
fn is_traced(metadata: &Metadata<'_>) -> bool {
    metadata.is_span() && metadata.target().starts_with("porchlight") && *metadata.level() <= tracing::Level::DEBUG
}

/// Posts through the product's own client. The exporter's thread has no runtime, so the call is made on ours.
struct Way {
    collector: Collector,
    runtime: Handle,
}

impl fmt::Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Way")
    }
}

impl HttpClient for Way {
    fn send_bytes<'life0, 'async_trait>(
        &'life0 self,
        request: http::Request<Bytes>,
    ) -> BoxFuture<'async_trait, Result<http::Response<Bytes>, HttpError>>
    where
        'life0: 'async_trait,
        Self: 'async_trait,
    {
        let (parts, body) = request.into_parts();
        let url = parts.uri.to_string();
        let headers = parts.headers.iter().map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect();
        let collector = self.collector.clone();
        let sent = self.runtime.spawn(async move { collector.post(&url, headers, body).await });
        Box::pin(async move {
            let (status, said) = sent
                .await?
                .inspect_err(|_| metrics::counter!("porchlight_trace_export_failures_total").increment(1))?;
            if !(200..300).contains(&status) {
                metrics::counter!("porchlight_trace_export_failures_total").increment(1);
            }
            Ok(http::Response::builder().status(status).body(said)?)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_path_means_the_usual_one() {
        let read = |url| address(url).ok();
        assert_eq!(read("http://collector:4318").as_deref(), Some("http://collector:4318/v1/traces"));
        assert_eq!(read("http://collector:4318/").as_deref(), Some("http://collector:4318/v1/traces"));
        assert_eq!(read("https://x.example/otlp/v1/traces").as_deref(), Some("https://x.example/otlp/v1/traces"));
        assert_eq!((read("collector:4318"), read("https://"), read("")), (None, None, None));
    }
}
