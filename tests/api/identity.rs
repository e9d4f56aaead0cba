//! Logging in, staying logged in, people and invitations; here is what these tests share.

mod invitations;
mod log_in;
mod people;
mod sessions;
mod tokens;

use harness::{Agent, Answer, Http, PASSWORD, TestApp};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use store::sql;
use totp_rs::{Builder, Secret};

const CHROME: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";

async fn knocks(app: &TestApp, email: &str, password: &str) -> Answer {
    app.http().post("/v1/sessions", json!({ "email": email, "password": password })).await
}

async fn knocks_with(app: &TestApp, email: &str, code: &str) -> Answer {
    app.http().post("/v1/sessions", json!({ "email": email, "password": PASSWORD, "code": code })).await
}

/// A page of ours that carries this cookie.
fn page(app: &TestApp, cookie: &str) -> Http {
    app.http().with("cookie", cookie).with("origin", app.public_url()).with("x-porchlight-csrf", "1")
}

async fn refreshes(app: &TestApp, cookie: &str) -> Answer {
    page(app, cookie).post("/v1/sessions/refresh", json!({})).await
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text but {value}")).to_owned()
}

/// Every text in a column.
async fn column(app: &TestApp, table: &str, column: &str) -> Vec<String> {
    let conn = app.ctx().db.platform();
    let ask = sql(conn.get_database_backend(), &format!("select {column} from {table} where {column} is not null"), []);
    let rows = conn.query_all_raw(ask).await.expect("the table can be read");
    rows.iter().map(|row| row.try_get_by_index(0).expect("text")).collect()
}

/// The digits an authenticator app shows.
fn digits(app: &TestApp, secret: &str) -> String {
    let secret = Secret::try_from_base32(secret).expect("base32");
    let totp = Builder::new().with_secret(secret).with_account_name("x").build().expect("an app's secret");
    totp.generate(u64::try_from(app.clock().now().seconds()).expect("after 1970")).to_string()
}

/// Switches the second factor on; gives the secret.
async fn second_factor(app: &TestApp, who: &Agent) -> String {
    let offer = who.http.post("/v1/me/second-factor", json!({})).await.ok();
    assert!(text(&offer["otpauth_url"]).starts_with("otpauth://totp/"));
    let secret = text(&offer["secret"]);
    let confirm = json!({ "code": digits(app, &secret) });
    who.http.post("/v1/me/second-factor/confirm", confirm).await.is(204);
    secret
}

async fn previews(app: &TestApp, token: &str) -> Answer {
    app.http().post("/v1/invitations/preview", json!({ "token": token })).await
}

async fn accepts(app: &TestApp, token: &str, email: &str, password: &str) -> Answer {
    let body = json!({ "token": token, "email": email, "name": "Mia", "password": password });
    app.http().post("/v1/invitations/accept", body).await
}

/// Invites an agent; gives the invitation and the letter's token.
async fn invited(app: &TestApp, by: &Agent, email: &str, role: &str) -> (Value, String) {
    let made = by.http.post("/v1/invitations", json!({ "email": email, "role": role })).await.is(201);
    (made, app.letter_to(email).await.invitation_token())
}
