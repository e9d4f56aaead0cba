//! Signed tokens, wrapped once: nothing else in the product names the library that checks signatures.
//!
//! Promises, for a token that [`Unverified::verify`] lets through: at most 4 KiB; a header of `alg`, `typ` and `kid`
//! and nothing that points elsewhere (`jku`, `x5u`, `jwk`, `crit`); the one algorithm its key was made for; `iss`,
//! `aud`, `sub`, `iat` and `exp` present, of the right type and stated once; issued in the past, not yet over, not
//! before its `nbf`, and valid for no longer than the caller allows. Time is the caller's clock, never the machine's:
//! the library's own checks let tokens without `aud` and with far-off times pass, so they are not used.

use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::crypto;
use jsonwebtoken::{DecodingKey, EncodingKey};
use kernel::{Error, Result, Secret, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};

/// Longest token that is looked at.
const MOST_BYTES: usize = 4096;
/// How far two clocks may be apart, in seconds.
const LEEWAY: i64 = 5;

/// How a key signs; each key has exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// HMAC with SHA-256; whoever checks can also sign.
    Hs256,
    /// ECDSA on P-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// The word in headers and tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Hs256 => "HS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }

    /// Reads the word back; `none` and everything else is nothing.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Hs256, Self::Es256, Self::EdDsa].into_iter().find(|algorithm| algorithm.word() == word)
    }

    const fn library(self) -> jsonwebtoken::Algorithm {
        match self {
            Self::Hs256 => jsonwebtoken::Algorithm::HS256,
            Self::Es256 => jsonwebtoken::Algorithm::ES256,
            Self::EdDsa => jsonwebtoken::Algorithm::EdDSA,
        }
    }
}

/// What tokens are checked with.
pub struct CheckKey {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl CheckKey {
    /// A shared secret.
    pub fn shared(secret: &[u8]) -> Self {
        Self { algorithm: Algorithm::Hs256, key: DecodingKey::from_secret(secret) }
    }

    /// Somebody's public key in PEM; `None` when it is not one for `algorithm`.
    pub fn public(algorithm: Algorithm, pem: &str) -> Option<Self> {
        let (key, length) = match algorithm {
            Algorithm::Hs256 => return None,
            Algorithm::Es256 => (DecodingKey::from_ec_pem(pem.as_bytes()).ok()?, 65),
            Algorithm::EdDsa => (DecodingKey::from_ed_pem(pem.as_bytes()).ok()?, 32),
        };
        // an EC key of another curve parses just as well and would then never verify anything
        let fits = key.try_get_as_bytes().is_ok_and(|bytes| bytes.len() == length);
        fits.then_some(Self { algorithm, key })
    }
}

/// A secret that both signs and checks our own tokens.
pub struct OwnKey {
    signs: EncodingKey,
    /// The first belongs to what signs; the others signed once.
    checks: Vec<CheckKey>,
}

impl OwnKey {
    /// A key from 32 secret bytes: the first of them signs, what the others signed is still good.
    pub fn new(secrets: &[Secret<[u8; 32]>]) -> Self {
        let first = secrets.first().map_or(&[0; 32], Secret::reveal);
        let checks = secrets.iter().map(|secret| CheckKey::shared(secret.reveal())).collect();
        Self { signs: EncodingKey::from_secret(first), checks }
    }

    /// Signs `claims`.
    pub fn sign(&self, claims: &impl Serialize) -> Result<String> {
        let body = serde_json::to_vec(claims).map_err(Error::internal)?;
        let header = BASE64URL_NOPAD.encode(br#"{"alg":"HS256","typ":"JWT"}"#);
        let message = format!("{header}.{}", BASE64URL_NOPAD.encode(&body));
        let signature = crypto::sign(message.as_bytes(), &self.signs, jsonwebtoken::Algorithm::HS256);
        Ok(format!("{message}.{}", signature.map_err(Error::internal)?))
    }

    /// Checks one of our own tokens.
    pub fn verify<C: Claims>(&self, token: &str, expected: &Expected<'_>) -> Result<C, Refusal> {
        let token = Unverified::parse(token)?;
        let mut verdict = Err(Refusal::Signature);
        for key in &self.checks {
            verdict = token.verify(key, expected);
            if !matches!(verdict, Err(Refusal::Signature)) {
                break;
            }
        }
        verdict
    }
}

/// What every token says of itself. Parsed by `serde`, which refuses a member that is stated twice or has another type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered<'a> {
    /// Who made it.
    pub iss: &'a str,
    /// Whom it is for.
    pub aud: &'a str,
    /// Whom it speaks of.
    pub sub: &'a str,
    /// When it was made, in seconds.
    pub iat: i64,
    /// When it is over, in seconds.
    pub exp: i64,
    /// When it begins, in seconds.
    pub nbf: Option<i64>,
}

/// Claims of one kind of token.
pub trait Claims: DeserializeOwned {
    /// The members every token has.
    fn registered(&self) -> Registered<'_>;
}

/// What the checker knows beforehand.
pub struct Expected<'a> {
    /// The only issuer, where there is one.
    pub issuer: Option<&'a str>,
    /// The only audience.
    pub audience: &'a str,
    /// Longest time between `iat` and `exp`.
    pub life: Duration,
    /// The present.
    pub now: Timestamp,
}

/// Why a token is no good. Callers tell the world only whether it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not a token of the shape we take.
    Malformed,
    /// Signed by somebody else, or not at all.
    Signature,
    /// For somebody else, by somebody else, or about impossible times.
    Claims,
    /// Was good once.
    Expired,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: String,
    #[serde(default)]
    typ: Option<String>,
    #[serde(default)]
    kid: Option<String>,
}

/// A token whose signature nobody has looked at; only its `kid` may be asked, to find the key.
pub struct Unverified<'a> {
    header: Header,
    message: &'a str,
    body: &'a str,
    signature: &'a str,
}

impl<'a> Unverified<'a> {
    /// Takes the token apart.
    pub fn parse(token: &'a str) -> Result<Self, Refusal> {
        if token.len() > MOST_BYTES {
            return Err(Refusal::Malformed);
        }
        let (message, signature) = token.rsplit_once('.').ok_or(Refusal::Malformed)?;
        let (header, body) = message.split_once('.').ok_or(Refusal::Malformed)?;
        let header: Header = decoded(header)?;
        match header.typ.as_deref() {
            None | Some("JWT") => Ok(Self { header, message, body, signature }),
            Some(_) => Err(Refusal::Malformed),
        }
    }

    /// The key the token names, as written by whoever made it.
    pub fn kid(&self) -> Option<&str> {
        self.header.kid.as_deref()
    }

    /// Checks signature and claims.
    pub fn verify<C: Claims>(&self, key: &CheckKey, expected: &Expected<'_>) -> Result<C, Refusal> {
        // the key decides the algorithm; the header may only agree
        if self.header.alg != key.algorithm.word() {
            return Err(Refusal::Signature);
        }
        let signed = crypto::verify(self.signature, self.message.as_bytes(), &key.key, key.algorithm.library());
        if !signed.unwrap_or(false) {
            return Err(Refusal::Signature);
        }
        let claims: C = decoded(self.body)?;
        check(&claims.registered(), expected)?;
        Ok(claims)
    }
}

fn decoded<T: DeserializeOwned>(part: &str) -> Result<T, Refusal> {
    let json = BASE64URL_NOPAD.decode(part.as_bytes()).map_err(|_| Refusal::Malformed)?;
    serde_json::from_slice(&json).map_err(|_| Refusal::Malformed)
}

fn check(claims: &Registered<'_>, expected: &Expected<'_>) -> Result<(), Refusal> {
    let now = expected.now.seconds();
    let longest = i64::try_from(expected.life.as_secs()).unwrap_or(0);
    let life = claims.exp.checked_sub(claims.iat).ok_or(Refusal::Claims)?;
    let issuer_fits = expected.issuer.is_none_or(|issuer| issuer == claims.iss);
    let begun = claims.iat <= now + LEEWAY && claims.nbf.is_none_or(|nbf| nbf <= now + LEEWAY);
    if !issuer_fits || claims.iss.is_empty() || claims.sub.is_empty() || claims.aud != expected.audience {
        return Err(Refusal::Claims);
    }
    if !begun || life <= 0 || life > longest {
        return Err(Refusal::Claims);
    }
    match claims.exp.saturating_add(LEEWAY) > now {
        true => Ok(()),
        false => Err(Refusal::Expired),
    }
}

/// For optional members: there or not there, but never `null` or of another type.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, Serialize, Deserialize, PartialEq)]
    struct Plain {
        iss: String,
        aud: String,
        sub: String,
        iat: i64,
        exp: i64,
        #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
        nbf: Option<i64>,
    }

    impl Claims for Plain {
        fn registered(&self) -> Registered<'_> {
            let Self { iss, aud, sub, iat, exp, nbf } = self;
            Registered { iss, aud, sub, iat: *iat, exp: *exp, nbf: *nbf }
        }
    }

    const NOW: i64 = 1_800_000_000;

    fn expected() -> Expected<'static> {
        Expected {
            issuer: Some("us"),
            audience: "them",
            life: Duration::from_secs(3600),
            now: Timestamp::from_millis(NOW * 1000),
        }
    }
    fn plain() -> Plain {
        Plain { iss: "us".into(), aud: "them".into(), sub: "you".into(), iat: NOW, exp: NOW + 600, nbf: None }
    }
    fn key() -> OwnKey {
        OwnKey::new(&[Secret::new([7; 32])])
    }
    fn outcome(claims: &Plain) -> Result<Plain, Refusal> {
        key().verify(&key().sign(claims).expect("claims are JSON"), &expected())
    }
    /// A token with this header and body, truly signed.
    fn made(header: &str, body: &str) -> String {
        let message =
            format!("{}.{}", BASE64URL_NOPAD.encode(header.as_bytes()), BASE64URL_NOPAD.encode(body.as_bytes()));
        let key = EncodingKey::from_secret(&[7; 32]);
        let signature = crypto::sign(message.as_bytes(), &key, jsonwebtoken::Algorithm::HS256).expect("signs");
        format!("{message}.{signature}")
    }
    fn judged(header: &str, body: &str) -> Result<Plain, Refusal> {
        key().verify(&made(header, body), &expected())
    }
    const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

    #[test]
    fn a_good_token_passes_and_a_changed_one_does_not() {
        assert_eq!(outcome(&plain()), Ok(plain()));
        let token = key().sign(&plain()).expect("claims are JSON");
        let other = OwnKey::new(&[Secret::new([8; 32])]);
        assert_eq!(other.verify::<Plain>(&token, &expected()), Err(Refusal::Signature));
        let replaced = OwnKey::new(&[Secret::new([8; 32]), Secret::new([7; 32])]);
        assert_eq!(replaced.verify(&token, &expected()), Ok(plain()));
        let over = Expected { now: Timestamp::from_millis((NOW + 3_600) * 1000), ..expected() };
        assert_eq!(
            replaced.verify::<Plain>(&token, &over),
            Err(Refusal::Expired),
            "an old key makes nothing last longer"
        );
        assert!(
            key().verify::<Plain>(&replaced.sign(&plain()).expect("JSON"), &expected()).is_err(),
            "the new one signs"
        );
    }

    #[test]
    fn jwt_01_none_is_no_algorithm() {
        let body = serde_json::to_string(&plain()).expect("JSON");
        for alg in ["none", "None", "HS512", "ES256", "hs256", ""] {
            let header = format!(r#"{{"alg":"{alg}"}}"#);
            assert_eq!(judged(&header, &body), Err(Refusal::Signature), "{alg}");
        }
        assert!(judged(r#"{"alg":"HS256"}"#, &body).is_ok(), "the premise: only the algorithm differs");
        let unsigned =
            format!("{}.{}.", BASE64URL_NOPAD.encode(br#"{"alg":"none"}"#), BASE64URL_NOPAD.encode(body.as_bytes()));
        assert_eq!(key().verify::<Plain>(&unsigned, &expected()), Err(Refusal::Signature));
    }

    #[test]
    fn jwt_04_and_05_audience_and_issuer_must_be_there_and_fit() {
        assert_eq!(outcome(&Plain { aud: "others".into(), ..plain() }), Err(Refusal::Claims));
        assert_eq!(outcome(&Plain { iss: "others".into(), ..plain() }), Err(Refusal::Claims));
        let without = format!(r#"{{"iss":"us","sub":"you","iat":{NOW},"exp":{}}}"#, NOW + 60);
        assert_eq!(judged(HEADER, &without), Err(Refusal::Malformed));
    }

    #[test]
    fn jwt_06_to_08_times_are_numbers_within_bounds() {
        let text = format!(r#"{{"iss":"us","aud":"them","sub":"you","iat":{NOW},"exp":"{}"}}"#, NOW + 60);
        assert_eq!(judged(HEADER, &text), Err(Refusal::Malformed), "a string is not a time");
        assert_eq!(outcome(&Plain { exp: NOW + 3601, ..plain() }), Err(Refusal::Claims), "an hour is the most");
        assert_eq!(outcome(&Plain { nbf: Some(NOW + 60), ..plain() }), Err(Refusal::Claims), "not begun");
        let null = format!(r#"{{"iss":"us","aud":"them","sub":"you","iat":{NOW},"exp":{},"nbf":null}}"#, NOW + 60);
        assert_eq!(judged(HEADER, &null), Err(Refusal::Malformed), "null is not absent");
        assert_eq!(outcome(&Plain { iat: NOW - 60, exp: i64::MIN, ..plain() }), Err(Refusal::Claims));
    }

    #[test]
    fn jwt_10_headers_that_point_elsewhere_are_refused() {
        let body = serde_json::to_string(&plain()).expect("JSON");
        for more in [r#""jku":"https://evil.test""#, r#""x5u":"x""#, r#""jwk":{}"#, r#""x5c":[]"#, r#""crit":["b64"]"#]
        {
            let header = format!(r#"{{"alg":"HS256",{more}}}"#);
            assert_eq!(judged(&header, &body), Err(Refusal::Malformed), "{more}");
        }
    }

    #[test]
    fn jwt_11_a_claim_stated_twice_is_refused() {
        let body = format!(r#"{{"iss":"us","aud":"others","aud":"them","sub":"you","iat":{NOW},"exp":{}}}"#, NOW + 60);
        assert_eq!(judged(HEADER, &body), Err(Refusal::Malformed));
    }

    #[test]
    fn jwt_12_long_tokens_are_not_looked_at() {
        let long = format!("{}.{}", "a".repeat(1024 * 1024), key().sign(&plain()).expect("JSON"));
        assert_eq!(key().verify::<Plain>(&long, &expected()), Err(Refusal::Malformed));
    }

    #[test]
    fn jwt_13_clocks_may_differ_by_seconds_not_minutes() {
        assert!(outcome(&Plain { iat: NOW + 4, ..plain() }).is_ok());
        assert_eq!(outcome(&Plain { iat: NOW + 120, exp: NOW + 600, ..plain() }), Err(Refusal::Claims));
        assert!(outcome(&Plain { iat: NOW - 600, exp: NOW - 4, ..plain() }).is_ok());
        assert_eq!(outcome(&Plain { iat: NOW - 600, exp: NOW - 120, ..plain() }), Err(Refusal::Expired));
    }

    #[test]
    fn rubbish_is_malformed_and_never_a_panic() {
        for text in ["", ".", "..", "...", "a.b.c", "é.é.é", "eyJ9.e30.", "\u{0}"] {
            assert!(key().verify::<Plain>(text, &expected()).is_err(), "{text:?}");
        }
    }
}
