//! Host names a tenant may claim: strict IDNA, no literals, no suffixes that many people share.

use std::fmt;

use crate::{Error, Result};

/// Why a text is not a host that can be claimed. Each has a sentence a person can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostProblem {
    /// Empty, or something other than a host: scheme, path, port, user, wildcard, blanks.
    NotAHost,
    /// A label or the whole is too long, empty or has characters hosts do not have.
    Malformed,
    /// An address instead of a name.
    Literal,
    /// One label, or an unknown ending such as `localhost`, `internal`, `local`.
    NotPublic,
    /// A suffix under which anybody may register, such as `co.uk` or `github.io`.
    PublicSuffix,
}

impl HostProblem {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotAHost => "not_a_host",
            Self::Malformed => "malformed_host",
            Self::Literal => "ip_literal",
            Self::NotPublic => "not_public",
            Self::PublicSuffix => "public_suffix",
        }
    }
    const fn detail(self) -> &'static str {
        match self {
            Self::NotAHost => "Write only the host, such as shop.example.com: no https://, path, port or *.",
            Self::Malformed => "This is not a valid host name.",
            Self::Literal => "An IP address cannot be claimed; use a host name.",
            Self::NotPublic => "This name does not exist on the public internet.",
            Self::PublicSuffix => "Many people share this ending; claim a name below it that is yours.",
        }
    }
}

impl From<HostProblem> for Error {
    fn from(problem: HostProblem) -> Self {
        Error::field("host", problem.code(), problem.detail())
    }
}

/// What stands at the end of a host, according to the public suffix list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suffix {
    /// A registry's own ending.
    Icann,
    /// A company's ending under which its customers live, such as `github.io`.
    Private,
}

/// A host name in lower-case ASCII, without a trailing dot.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Host(String);

impl Host {
    /// Checks what a person typed. See [`HostProblem`] for what is refused.
    pub fn parse(text: &str) -> Result<Self, HostProblem> {
        let host = Self::canonical(text)?;
        let suffix = psl::suffix(host.0.as_bytes()).ok_or(HostProblem::NotPublic)?;
        // `.onion` is on the list, but no public DNS ever answers for it (RFC 7686)
        if !suffix.is_known() || host.0.ends_with(".onion") {
            return Err(HostProblem::NotPublic);
        }
        if suffix.as_bytes() == host.0.as_bytes() {
            return Err(HostProblem::PublicSuffix);
        }
        Ok(host)
    }

    /// The canonical spelling of any host name, public or not; used to compare origins.
    pub fn canonical(text: &str) -> Result<Self, HostProblem> {
        let text = text.trim();
        let strange = |c: char| c.is_whitespace() || c.is_control() || "/:@?#*%\\[]".contains(c);
        if text.is_empty() || text.len() > 1024 || text.chars().any(strange) {
            return Err(if looks_like_v6(text) { HostProblem::Literal } else { HostProblem::NotAHost });
        }
        let text = text.strip_suffix('.').unwrap_or(text);
        let ascii = idna::domain_to_ascii_strict(text).map_err(|_| HostProblem::Malformed)?.to_ascii_lowercase();
        check_labels(&ascii)?;
        Ok(Self(ascii))
    }

    /// Lower-case ASCII.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people of that script read it.
    pub fn unicode(&self) -> String {
        idna::domain_to_unicode(&self.0).0
    }

    /// The name somebody registered (`example.co.uk` of `a.example.co.uk`), when there is one.
    pub fn registrable(&self) -> Option<&str> {
        psl::domain_str(&self.0)
    }

    /// Whose ending the host stands under.
    pub fn suffix(&self) -> Option<Suffix> {
        let suffix = psl::suffix(self.0.as_bytes())?;
        match suffix.typ() {
            Some(psl::Type::Icann) => Some(Suffix::Icann),
            Some(psl::Type::Private) => Some(Suffix::Private),
            None => None,
        }
    }

    /// Whether this is `above` or a name below it, compared label by label from the right.
    pub fn is_within(&self, above: &Host) -> bool {
        self.0 == above.0 || self.0.strip_suffix(&above.0).is_some_and(|rest| rest.ends_with('.'))
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn looks_like_v6(text: &str) -> bool {
    text.trim_matches(['[', ']']).parse::<std::net::Ipv6Addr>().is_ok()
}

fn check_labels(ascii: &str) -> Result<(), HostProblem> {
    let label_fine = |label: &str| {
        let bytes = label.as_bytes();
        (1..=63).contains(&bytes.len())
            && bytes.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-')
            && bytes.first() != Some(&b'-')
            && bytes.last() != Some(&b'-')
    };
    if ascii.len() > 253 || !ascii.split('.').all(label_fine) {
        return Err(HostProblem::Malformed);
    }
    if is_number(ascii.rsplit('.').next().unwrap_or_default()) {
        return Err(HostProblem::Literal);
    }
    if !ascii.contains('.') && ascii != "localhost" {
        return Err(HostProblem::NotPublic);
    }
    Ok(())
}

/// Browsers read a host whose last label is a number, decimal, octal or hexadecimal, as an IPv4 address.
fn is_number(label: &str) -> bool {
    label.bytes().all(|b| b.is_ascii_digit())
        || label.strip_prefix("0x").is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> Option<HostProblem> {
        Host::parse(text).err()
    }

    #[test]
    fn dv_21_to_24_shared_and_unknown_endings_are_refused() {
        assert_eq!(problem("co.uk"), Some(HostProblem::PublicSuffix));
        assert_eq!(problem("github.io"), Some(HostProblem::PublicSuffix));
        assert_eq!(problem("me.github.io"), None);
        for name in ["shop.internal", "shop.local", "hidden.onion", "shop.notatld"] {
            assert_eq!(problem(name), Some(HostProblem::NotPublic), "{name}");
        }
        assert!(problem("localhost").is_some());
    }

    #[test]
    fn dv_25_addresses_in_every_spelling_are_refused() {
        for text in [
            "127.0.0.1",
            "2130706433",
            "0x7f000001",
            "0177.0.0.1",
            "127.1",
            "１２７.0.0.1",
            "[::ffff:127.0.0.1]",
            "::1",
            "127.0.0.1.",
        ] {
            assert!(problem(text).is_some(), "{text} was taken");
        }
    }

    #[test]
    fn dv_26_to_30_spelling() {
        assert_eq!(Host::parse("Shop.Example.com.").expect("a trailing dot is dropped").as_str(), "shop.example.com");
        for bad in [
            "a_b.org",
            "a..b.org",
            "-a.org",
            "*.example.com",
            "https://example.com",
            "example.com:80",
            "xn--example-.org",
            "example.org.xn--",
            "a b.org",
            "",
        ] {
            assert!(problem(bad).is_some(), "{bad} was taken");
        }
        assert!(problem(&format!("{}.org", "a".repeat(64))).is_some());
        let homograph = Host::parse("аррӏе.com").expect("a mixed-script look-alike is a host of its own");
        assert_eq!(homograph.as_str(), "xn--80ak6aa92e.com");
    }

    #[test]
    fn dv_22_27_30_rules_of_the_suffix_list_limits_of_length_and_mappings() {
        assert_eq!(problem("foo.ck"), Some(HostProblem::PublicSuffix), "a wildcard rule");
        assert_eq!(problem("www.ck"), None, "an exception to it");
        let name = |last: usize| format!("{0}.{0}.{0}.{1}.com", "a".repeat(63), "b".repeat(last));
        assert_eq!((name(57).len(), problem(&name(57))), (253, None));
        assert_eq!((name(58).len(), problem(&name(58))), (254, Some(HostProblem::Malformed)));
        // IDNA 2008 keeps ß, which IDNA 2003 turned into ss: two different names
        assert_eq!(Host::parse("straße.de").map(|host| host.to_string()), Ok("xn--strae-oqa.de".to_owned()));
        assert_eq!(problem("a\u{200d}b.org"), Some(HostProblem::Malformed), "a joiner inside Latin");
        assert_eq!(Host::parse("shop。acme。com"), Host::parse("shop.acme.com"), "the ideographic full stop is a dot");
        assert_eq!(problem("sh%6fp.acme.com"), Some(HostProblem::NotAHost));
        assert_eq!(problem("user@acme.com"), Some(HostProblem::NotAHost));
    }

    #[test]
    fn labels_are_compared_whole() {
        let shop = Host::parse("shop.example.com").expect("host");
        let below = Host::parse("a.b.shop.example.com").expect("host");
        let alike = Host::parse("xshop.example.com").expect("host");
        assert!(shop.is_within(&shop) && below.is_within(&shop) && !alike.is_within(&shop));
    }
}
