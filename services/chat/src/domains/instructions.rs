//! What a tenant publishes, and where: names that carry the scope, so that a proof for one host can never be presented
//! for a whole tree.

use data_encoding::BASE32_NOPAD;
use kernel::wire::{DnsRecord, DomainScope, HttpFile, Instructions};
use kernel::{Error, Host, Result};
use rand::Rng;
use url::Url;

/// 160 random bits as 32 characters of lower-case base32.
#[expect(clippy::disallowed_methods, reason = "a challenge: random bytes in a form of its own")]
pub fn token() -> String {
    let mut bytes = [0_u8; 20];
    rand::rng().fill_bytes(&mut bytes);
    BASE32_NOPAD.encode(&bytes).to_lowercase()
}

/// Whether a text could be somebody's token: such an answer to a made-up path comes from a server that reflects.
pub fn is_token_shaped(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The TXT record's name; none for a test claim.
pub fn record_name(host: &str, scope: DomainScope) -> Option<String> {
    label(scope).map(|label| format!("{label}.{host}"))
}

/// A name beside the record's that only a wildcard answers.
pub fn sibling_name(host: &str, scope: DomainScope) -> Option<String> {
    let random: String = token().chars().take(8).collect();
    label(scope).map(|label| format!("{label}-{random}.{host}"))
}

fn label(scope: DomainScope) -> Option<&'static str> {
    match scope {
        DomainScope::Host => Some("_porchlight-host-challenge"),
        DomainScope::Subtree => Some("_porchlight-tree-challenge"),
        DomainScope::Test => None,
    }
}

/// Where the file of a token must answer.
pub fn file_url(host: &str, token: &str) -> Result<Url> {
    Url::parse(&format!("https://{host}/.well-known/porchlight-verify/{token}.txt")).map_err(Error::internal)
}

/// What to publish for a claim. A whole tree is proved by DNS alone.
pub fn of(host: &str, scope: DomainScope, token: &str) -> Result<Instructions> {
    let dns = record_name(host, scope).map(|name| DnsRecord {
        name,
        record_type: "TXT".to_owned(),
        value: format!("token={token} exp=never"),
    });
    let http = match scope {
        DomainScope::Host => Some(HttpFile { url: file_url(host, token)?.to_string(), content: token.to_owned() }),
        DomainScope::Subtree | DomainScope::Test => None,
    };
    Ok(Instructions { dns, http })
}

/// The host as people of its script read it; a test host as it is.
pub fn unicode(host: &str) -> String {
    Host::canonical(host).map_or_else(|_| host.to_owned(), |host| host.unicode())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_carry_the_scope_and_trees_have_no_file() {
        let host = of("shop.acme.com", DomainScope::Host, "t0k").expect("a host");
        assert_eq!(host.dns.map(|dns| dns.name).as_deref(), Some("_porchlight-host-challenge.shop.acme.com"));
        let file = host.http.expect("a host may be proved by file");
        assert_eq!(file.url, "https://shop.acme.com/.well-known/porchlight-verify/t0k.txt");
        let tree = of("acme.com", DomainScope::Subtree, "t0k").expect("a tree");
        assert_eq!(tree.dns.map(|dns| dns.name).as_deref(), Some("_porchlight-tree-challenge.acme.com"));
        assert_eq!(tree.http, None);
        let test = of("localhost:3000", DomainScope::Test, "t0k").expect("a test host");
        assert_eq!((test.dns, test.http), (None, None));
    }

    #[test]
    fn tokens_have_160_bits_and_differ() {
        let (one, other) = (token(), token());
        assert!(is_token_shaped(&one) && one != other);
        assert!(BASE32_NOPAD.decode(one.to_uppercase().as_bytes()).is_ok_and(|bytes| bytes.len() == 20));
    }
}
