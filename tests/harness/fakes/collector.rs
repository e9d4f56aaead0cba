//! A collector of traces: takes OTLP over HTTP and keeps every span.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::{App, HttpResponse, HttpServer, web};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue, any_value::Value};
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

/// One span as it came.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its name.
    pub name: String,
    /// Its trace, itself, what it is below, what it has to do with; in hex, empty for none.
    pub trace: String,
    /// Itself.
    pub id: String,
    /// What it is below.
    pub parent: String,
    /// Spans it links to.
    pub links: Vec<String>,
    /// What it says, as text.
    pub says: BTreeMap<String, String>,
    /// How many log lines came with it: there must be none.
    pub events: usize,
}

/// A running collector.
pub struct Collector {
    port: u16,
    kept: Arc<Mutex<Vec<Kept>>>,
    about: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Collector {
    /// Starts one.
    pub async fn start() -> Self {
        let (kept, about) = (Arc::<Mutex<Vec<Kept>>>::default(), Arc::<Mutex<BTreeMap<String, String>>>::default());
        let (keeps, learns) = (kept.clone(), about.clone());
        let server = HttpServer::new(move || {
            let (keeps, learns) = (keeps.clone(), learns.clone());
            App::new().app_data(web::PayloadConfig::new(16 * 1024 * 1024)).route(
                "/v1/traces",
                web::post().to(move |body: web::Bytes| {
                    take(&body, &keeps, &learns);
                    async { HttpResponse::Ok().content_type("application/x-protobuf").finish() }
                }),
            )
        });
        let server = server.workers(1).disable_signals().bind("127.0.0.1:0").expect("a port");
        let port = server.addrs()[0].port();
        tokio::spawn(server.run());
        Self { port, kept, about }
    }

    /// As `observe.otlp_url` wants it.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Every span so far.
    pub fn spans(&self) -> Vec<Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What the sender says of itself.
    pub fn about(&self) -> BTreeMap<String, String> {
        self.about.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn take(body: &[u8], keeps: &Mutex<Vec<Kept>>, learns: &Mutex<BTreeMap<String, String>>) {
    let request = ExportTraceServiceRequest::decode(body).expect("spans as OTLP spells them");
    for of in request.resource_spans {
        let resource = of.resource.map(|resource| resource.attributes).unwrap_or_default();
        learns.lock().unwrap_or_else(PoisonError::into_inner).extend(said(&resource));
        let spans = of.scope_spans.into_iter().flat_map(|scope| scope.spans);
        keeps.lock().unwrap_or_else(PoisonError::into_inner).extend(spans.map(kept));
    }
}

fn kept(span: Span) -> Kept {
    Kept {
        trace: hex(&span.trace_id),
        id: hex(&span.span_id),
        parent: hex(&span.parent_span_id),
        links: span.links.iter().map(|link| hex(&link.span_id)).collect(),
        says: said(&span.attributes),
        events: span.events.len(),
        name: span.name,
    }
}

fn said(attributes: &[KeyValue]) -> BTreeMap<String, String> {
    attributes.iter().map(|one| (one.key.clone(), text(one.value.as_ref()))).collect()
}

fn text(value: Option<&AnyValue>) -> String {
    match value.and_then(|value| value.value.as_ref()) {
        Some(Value::StringValue(text)) => text.clone(),
        Some(Value::IntValue(number)) => number.to_string(),
        Some(Value::BoolValue(flag)) => flag.to_string(),
        other => format!("{other:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}
