//! The OpenAPI document, generated from the handlers, and the rule that each declares its policy.

use actix_web::{App, HttpResponse, web};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{Components, InfoBuilder, OpenApi};
use utoipa_actix_web::AppExt;

/// The whole document, both listeners.
pub fn document() -> OpenApi {
    let (_, mut public) = App::new().into_utoipa_app().configure(crate::public).split_for_parts();
    let (_, operator) = App::new().into_utoipa_app().configure(crate::operator).split_for_parts();
    public.merge(operator);
    public.info = InfoBuilder::new().title("Porchlight").version(env!("CARGO_PKG_VERSION")).build();
    name_operations(&mut public);
    let components = public.components.get_or_insert_with(Components::new);
    for name in ["agent", "visitor", "operator"] {
        components.add_security_scheme(name, SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    }
    for name in ["agent_cookie", "operator_cookie"] {
        components.add_security_scheme(name, SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(name))));
    }
    public
}

/// Gives each operation an id of its own, made from method and path: `get_v1_widgets_id_snippet`.
fn name_operations(document: &mut OpenApi) {
    for (path, item) in &mut document.paths.paths {
        let path = path.replace(['/', '{', '}', '-'], " ").split_whitespace().collect::<Vec<_>>().join("_");
        let operations = [
            ("get", &mut item.get),
            ("head", &mut item.head),
            ("post", &mut item.post),
            ("patch", &mut item.patch),
            ("put", &mut item.put),
            ("delete", &mut item.delete),
            ("options", &mut item.options),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}_{path}"));
            }
        }
    }
}

/// Operations whose entry has no `security`: a route nobody decided about.
pub fn without_policy() -> Vec<String> {
    let document = serde_json::to_value(document()).unwrap_or_default();
    let paths = document["paths"].as_object().cloned().unwrap_or_default();
    let undecided = |(path, item): (String, serde_json::Value)| {
        let operations = item.as_object().cloned().unwrap_or_default();
        let without = operations.into_iter().filter(|(_, operation)| operation["security"].is_null());
        without.map(|(method, _)| format!("{} {path}", method.to_uppercase())).collect::<Vec<_>>()
    };
    paths.into_iter().flat_map(undecided).collect()
}

/// Refuses to start when a route has no policy.
pub fn assert_policies() -> kernel::Result<()> {
    let undecided = without_policy();
    match undecided.is_empty() {
        true => Ok(()),
        false => Err(kernel::Error::invalid(
            "route_without_policy",
            format!("Routes without a policy: {}", undecided.join(", ")),
        )),
    }
}

/// The events as a JSON schema: what sockets carry, without `position` and `at`, which every event has.
pub fn events() -> kernel::Result<String> {
    let mut schemas = Vec::new();
    <kernel::Event as utoipa::ToSchema>::schemas(&mut schemas);
    let mut components = Components::new();
    components.schemas.insert("Event".to_owned(), <kernel::Event as utoipa::PartialSchema>::schema());
    components.schemas.extend(schemas);
    let document = utoipa::openapi::OpenApiBuilder::new()
        .info(InfoBuilder::new().title("Porchlight events").version(env!("CARGO_PKG_VERSION")).build())
        .components(Some(components))
        .build();
    document.to_pretty_json().map_err(kernel::Error::internal)
}

/// `GET /openapi.json`.
pub fn routes(config: &mut web::ServiceConfig) {
    let text = web::Data::new(document().to_json().unwrap_or_default());
    config.app_data(text).route("/openapi.json", web::get().to(serve));
}

async fn serve(text: web::Data<String>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(text.as_ref().clone())
}
