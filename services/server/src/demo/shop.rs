//! A shop on another origin, with one page for each kind of widget.

use std::net::TcpListener;

use actix_web::dev::ServerHandle;
use actix_web::{App, HttpResponse, HttpServer, web};
use anyhow::Result;

use super::seed::Seeded;
use super::whatsapp::Phones;

const FRAME: &str = include_str!("shop/frame.html");
const LAMP: &str = include_str!("shop/lamp.html");
const CONTACT: &str = include_str!("shop/contact.html");
const HELP: &str = include_str!("shop/help.html");
const WHATSAPP: &str = include_str!("shop/whatsapp.html");
const STYLE: &str = include_str!("shop/shop.css");

#[derive(Clone)]
struct Shop {
    porchlight: String,
    seeded: Seeded,
    /// A link to the phones, where there are some.
    whatsapp: String,
}

/// Serves the shop.
pub fn serve(socket: TcpListener, porchlight: String, seeded: Seeded, phones: Option<&Phones>) -> Result<ServerHandle> {
    let whatsapp =
        phones.map(|phones| WHATSAPP.replace("{{page}}", &phones.page).replace("{{number}}", &phones.number));
    let shop = web::Data::new(Shop { porchlight, seeded, whatsapp: whatsapp.unwrap_or_default() });
    let server = HttpServer::new(move || {
        App::new()
            .app_data(shop.clone())
            .route("/", web::get().to(|shop: web::Data<Shop>| async move { page(&shop, LAMP, &shop.seeded.floating) }))
            .route(
                "/contact",
                web::get().to(|shop: web::Data<Shop>| async move { page(&shop, CONTACT, &shop.seeded.embedded) }),
            )
            .route("/help", web::get().to(|shop: web::Data<Shop>| async move { page(&shop, HELP, &shop.seeded.popup) }))
            .route("/shop.css", web::get().to(|| async { HttpResponse::Ok().content_type("text/css").body(STYLE) }))
    });
    let server = server.workers(1).disable_signals().listen(socket)?.run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok(handle)
}

fn page(shop: &Shop, body: &str, widget: &str) -> HttpResponse {
    let html = FRAME
        .replace("{{body}}", body)
        .replace("{{whatsapp}}", &shop.whatsapp)
        .replace("{{porchlight}}", &shop.porchlight)
        .replace("{{widget}}", widget);
    HttpResponse::Ok().content_type("text/html; charset=utf-8").body(html)
}
