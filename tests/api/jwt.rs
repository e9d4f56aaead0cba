//! Visitors whom the tenant's own server vouches for, and everybody who pretends (security.md T05, E14).

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use harness::{Answer, Tenant, TestApp, Visitor, Widget};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519, PublicKeyData};
use serde_json::{Value, json};

const ORIGIN: &str = "http://localhost:3000";

/// A site with a widget and a key to sign with.
struct Site {
    app: TestApp,
    tenant: Tenant,
    widget: Widget,
    kid: String,
    secret: String,
}

impl Site {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let tenant = app.tenant("Acme").await;
        let widget = tenant.has_widget(ORIGIN).await;
        let key = json!({ "name": "Site", "algorithm": "HS256" });
        let key = tenant.owner.http.post("/v1/identity-keys", key).await.is(201);
        let (kid, secret) = (text(&key["id"]), text(&key["secret"]));
        Self { app, tenant, widget, kid, secret }
    }

    fn now(&self) -> i64 {
        self.app.clock().now().seconds()
    }

    fn header(&self) -> Value {
        json!({ "alg": "HS256", "typ": "JWT", "kid": self.kid })
    }

    fn claims(&self) -> Value {
        json!({
            "iss": "shop.example", "aud": self.widget.id, "sub": "customer-7", "iat": self.now(), "exp": self.now() + 600,
            "name": "Ada", "email": "ada@example.com",
        })
    }

    /// Claims with one member changed; `null` takes it out.
    fn claims_with(&self, member: &str, value: Value) -> Value {
        let mut claims = self.claims();
        match value {
            Value::Null => drop(claims.as_object_mut().expect("an object").remove(member)),
            value => claims[member] = value,
        }
        claims
    }

    fn signed(&self, header: &Value, claims: &Value) -> String {
        token(
            &header.to_string(),
            &claims.to_string(),
            &EncodingKey::from_secret(self.secret.as_bytes()),
            Algorithm::HS256,
        )
    }

    /// Shows the token where a frame shows it.
    async fn shows(&self, token: &str) -> Answer {
        let ticket = Visitor::bootstrap(self.app.doors(), &self.widget.id, ORIGIN).await.ok();
        let body = json!({ "ticket": ticket["ticket"], "parent_origin": ORIGIN, "identity": token });
        self.app.http().with("origin", self.app.public_url()).post("/widget/v1/sessions", body).await
    }

    /// That a good token passes and this one does not: the refusal is for the right reason.
    async fn refuses(&self, token: &str, why: &str) {
        let good = self.shows(&self.signed(&self.header(), &self.claims())).await.is(201);
        assert_eq!(good["visitor"]["verified"], true);
        let answer = self.shows(token).await;
        assert_eq!(
            (answer.status, answer.body["code"].as_str()),
            (401, Some("identity_invalid")),
            "{why}: {}",
            answer.text
        );
        answer.assert_is_problem();
    }

    /// Makes a key of the tenant's own from a public key; gives its `kid`.
    async fn key(&self, algorithm: &str, pem: &str) -> String {
        let body = json!({ "name": algorithm, "algorithm": algorithm, "public_key": pem });
        text(&self.tenant.owner.http.post("/v1/identity-keys", body).await.is(201)["id"])
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text but {value}")).to_owned()
}

fn token(header: &str, claims: &str, key: &EncodingKey, algorithm: Algorithm) -> String {
    let message =
        format!("{}.{}", BASE64URL_NOPAD.encode(header.as_bytes()), BASE64URL_NOPAD.encode(claims.as_bytes()));
    let signature = crypto::sign(message.as_bytes(), key, algorithm).expect("the key signs");
    format!("{message}.{signature}")
}

#[tokio::test]
async fn jwt_01_an_unsigned_token_is_nobodys_word() {
    let site = Site::new().await;
    for alg in ["none", "None", "NONE", "nOnE"] {
        let header = json!({ "alg": alg, "kid": site.kid });
        let signed = site.signed(&header, &site.claims());
        let bare = format!("{}.", signed.rsplit_once('.').expect("three parts").0);
        site.refuses(&bare, alg).await;
        site.refuses(&signed, alg).await;
    }
}

#[tokio::test]
async fn jwt_02_another_key_signs_for_nobody() {
    let site = Site::new().await;
    let wrong = EncodingKey::from_secret(b"some other secret of forty characters!!!");
    let forged = token(&site.header().to_string(), &site.claims().to_string(), &wrong, Algorithm::HS256);
    site.refuses(&forged, "wrong secret").await;
    let rival = site.app.tenant("Rival").await;
    let key = rival.owner.http.post("/v1/identity-keys", json!({ "name": "Site", "algorithm": "HS256" })).await.is(201);
    let theirs = EncodingKey::from_secret(text(&key["secret"]).as_bytes());
    let header = json!({ "alg": "HS256", "kid": key["id"] });
    let foreign = token(&header.to_string(), &site.claims().to_string(), &theirs, Algorithm::HS256);
    site.refuses(&foreign, "another tenant's key").await;
}

#[tokio::test]
async fn jwt_03_a_public_key_is_no_secret() {
    let site = Site::new().await;
    let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).expect("a key");
    let pem = pair.public_key_pem();
    let kid = site.key("ES256", &pem).await;
    let good = EncodingKey::from_ec_pem(pair.serialize_pem().as_bytes()).expect("a private key");
    let header = json!({ "alg": "ES256", "typ": "JWT", "kid": kid });
    let real = token(&header.to_string(), &site.claims().to_string(), &good, Algorithm::ES256);
    site.shows(&real).await.is(201);
    for secret in [pem.as_bytes(), pem.trim().as_bytes(), pair.der_bytes()] {
        let header = json!({ "alg": "HS256", "kid": kid });
        let confused =
            token(&header.to_string(), &site.claims().to_string(), &EncodingKey::from_secret(secret), Algorithm::HS256);
        site.refuses(&confused, "public key as secret").await;
    }
}

#[tokio::test]
async fn jwt_03_keys_of_both_public_kinds_work_and_others_are_not_taken() {
    let site = Site::new().await;
    let pair = KeyPair::generate_for(&PKCS_ED25519).expect("a key");
    let kid = site.key("EdDSA", &pair.public_key_pem()).await;
    let key = EncodingKey::from_ed_pem(pair.serialize_pem().as_bytes()).expect("a private key");
    let header = json!({ "alg": "EdDSA", "kid": kid });
    let signed = token(&header.to_string(), &site.claims().to_string(), &key, Algorithm::EdDSA);
    let session = site.shows(&signed).await.is(201);
    assert_eq!((&session["visitor"]["verified"], &session["visitor"]["name"]), (&json!(true), &json!("Ada")));
    let wide = KeyPair::generate_for(&PKCS_ECDSA_P384_SHA384).expect("a key").public_key_pem();
    for (algorithm, pem) in [
        ("ES256", wide.as_str()),
        ("ES256", &pair.public_key_pem()),
        ("EdDSA", &wide),
        ("ES256", &pair.serialize_pem()),
    ] {
        let body = json!({ "name": "Odd", "algorithm": algorithm, "public_key": pem });
        site.tenant.owner.http.post("/v1/identity-keys", body).await.refused(422, "validation");
    }
}

#[tokio::test]
async fn jwt_04_a_token_for_another_widget_is_not_for_this_one() {
    let site = Site::new().await;
    let other = site.tenant.has_widget(ORIGIN).await;
    let claims = site.claims_with("aud", json!(other.id));
    site.refuses(&site.signed(&site.header(), &claims), "another widget").await;
    let only = json!({ "name": "Only", "algorithm": "HS256", "widget_id": other.id });
    let key = site.tenant.owner.http.post("/v1/identity-keys", only).await.is(201);
    let bound = EncodingKey::from_secret(text(&key["secret"]).as_bytes());
    let header = json!({ "alg": "HS256", "kid": key["id"] });
    let signed = token(&header.to_string(), &site.claims().to_string(), &bound, Algorithm::HS256);
    site.refuses(&signed, "a key of another widget").await;
}

#[tokio::test]
async fn jwt_05_what_every_token_says_must_be_there() {
    let site = Site::new().await;
    for member in ["aud", "iss", "sub", "iat", "exp"] {
        let claims = site.claims_with(member, Value::Null);
        site.refuses(&site.signed(&site.header(), &claims), member).await;
    }
    for (member, value) in
        [("sub", json!("")), ("iss", json!("")), ("aud", json!([site.widget.id])), ("aud", json!(""))]
    {
        let claims = site.claims_with(member, value);
        site.refuses(&site.signed(&site.header(), &claims), member).await;
    }
}

#[tokio::test]
async fn jwt_06_times_are_numbers() {
    let site = Site::new().await;
    for member in ["exp", "iat", "nbf"] {
        for value in [json!((site.now() + 60).to_string()), json!(true), json!({}), json!(1e300)] {
            let claims = site.claims_with(member, value);
            site.refuses(&site.signed(&site.header(), &claims), member).await;
        }
    }
    let mut claims = site.claims();
    claims["nbf"] = Value::Null;
    site.refuses(&site.signed(&site.header(), &claims), "nbf null").await;
}

#[tokio::test]
async fn jwt_07_nobody_is_vouched_for_longer_than_an_hour() {
    let site = Site::new().await;
    let claims = site.claims_with("exp", json!(site.now() + 3600));
    site.shows(&site.signed(&site.header(), &claims)).await.is(201);
    for seconds in [3601, 10 * 365 * 24 * 3600, i64::MAX - site.now()] {
        let claims = site.claims_with("exp", json!(site.now() + seconds));
        site.refuses(&site.signed(&site.header(), &claims), "too long").await;
    }
    let claims = site.claims_with("exp", json!(site.now() - 700));
    site.refuses(&site.signed(&site.header(), &claims), "over before it began").await;
}

#[tokio::test]
async fn jwt_08_a_token_is_not_good_before_its_time() {
    let site = Site::new().await;
    site.shows(&site.signed(&site.header(), &site.claims_with("nbf", json!(site.now())))).await.is(201);
    let claims = site.claims_with("nbf", json!(site.now() + 60));
    site.refuses(&site.signed(&site.header(), &claims), "not yet").await;
}

#[tokio::test]
async fn jwt_09_a_key_is_named_exactly() {
    let site = Site::new().await;
    let upper = site.kid.to_uppercase();
    let kids = [
        json!("../../../../dev/null"),
        json!("' or '1'='1"),
        json!(format!("{}' --", site.kid)),
        json!(upper),
        json!(site.kid.replace("key_", "")),
        json!(format!("{}\u{0}", site.kid)),
        json!("key_00000000000000000000000000000000"),
        json!(""),
        json!(7),
        Value::Null,
    ];
    for kid in kids {
        let header = json!({ "alg": "HS256", "kid": kid });
        site.refuses(&site.signed(&header, &site.claims()), &kid.to_string()).await;
    }
    site.refuses(&site.signed(&json!({ "alg": "HS256" }), &site.claims()), "no kid").await;
}

#[tokio::test]
async fn jwt_10_headers_that_bring_their_own_key_are_refused() {
    let site = Site::new().await;
    for (member, value) in [
        ("jku", json!("https://evil.example/keys.json")),
        ("x5u", json!("https://evil.example/cert.pem")),
        ("x5c", json!(["MIIB"])),
        ("jwk", json!({ "kty": "oct", "k": "c2VjcmV0" })),
        ("crit", json!(["b64"])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
    ] {
        let mut header = site.header();
        header[member] = value;
        site.refuses(&site.signed(&header, &site.claims()), member).await;
    }
}

#[tokio::test]
async fn jwt_11_a_claim_stated_twice_is_refused() {
    let site = Site::new().await;
    let plain = site.claims().to_string();
    let key = EncodingKey::from_secret(site.secret.as_bytes());
    for more in [r#""sub":"boss""#, r#""aud":"wgt_other""#, r#""exp":9999999999"#, r#""email":"boss@example.com""#] {
        let twice = format!("{{{more},{}", &plain[1..]);
        site.refuses(&token(&site.header().to_string(), &twice, &key, Algorithm::HS256), more).await;
    }
    let header = format!(r#"{{"alg":"none",{}"#, &site.header().to_string()[1..]);
    site.refuses(&token(&header, &plain, &key, Algorithm::HS256), "two algorithms").await;
}

#[tokio::test]
async fn jwt_12_long_tokens_are_not_looked_at() {
    let site = Site::new().await;
    let claims = site.claims_with("note", json!("x".repeat(4096)));
    site.shows(&site.signed(&site.header(), &claims)).await.refused(422, "validation");
    let huge = site.claims_with("note", json!("x".repeat(1024 * 1024)));
    site.shows(&site.signed(&site.header(), &huge)).await.refused(400, "body_too_large");
    for rubbish in ["", ".", "..", "a.b.c", "....", "eyJhbGciOiJub25lIn0.."] {
        site.refuses(rubbish, rubbish).await;
    }
}

#[tokio::test]
async fn jwt_13_clocks_may_differ_by_seconds_not_by_minutes() {
    let site = Site::new().await;
    let at = |iat: i64, exp: i64| {
        let mut claims = site.claims();
        claims["iat"] = json!(site.now() + iat);
        claims["exp"] = json!(site.now() + exp);
        site.signed(&site.header(), &claims)
    };
    site.shows(&at(4, 600)).await.is(201);
    site.refuses(&at(120, 600), "two minutes ahead").await;
    site.shows(&at(-600, -4)).await.is(201);
    site.shows(&at(-600, -120)).await.refused(401, "identity_expired");
    let fresh = at(0, 60);
    site.shows(&fresh).await.is(201);
    site.app.later(Duration::from_secs(66));
    site.shows(&fresh).await.refused(401, "identity_expired");
}

#[tokio::test]
async fn jwt_14_a_revoked_key_signs_for_nobody() {
    let site = Site::new().await;
    let signed = site.signed(&site.header(), &site.claims());
    site.shows(&signed).await.is(201);
    site.tenant.owner.http.delete(&format!("/v1/identity-keys/{}", site.kid)).await.is(204);
    site.shows(&signed).await.refused(401, "identity_invalid");
    let empty =
        token(&site.header().to_string(), &site.claims().to_string(), &EncodingKey::from_secret(b""), Algorithm::HS256);
    site.shows(&empty).await.refused(401, "identity_invalid");
}
