//! Which URLs may be asked for, and where a redirect may lead.

use kernel::Host;
use reqwest::header::LOCATION;
use reqwest::{Response, StatusCode};
use url::Url;

use super::Refused;

const MAX_URL: usize = 2 * 1024;

/// The URL's host, when it is a name in strict spelling.
pub(super) fn host(url: &Url) -> Result<Host, Refused> {
    match url.host() {
        Some(url::Host::Domain(name)) => Host::canonical(name).map_err(|_| Refused::BadUrl),
        // a literal address has no name to be checked against and nothing to resolve: never needed
        _ => Err(Refused::BadUrl),
    }
}

/// A plain URL with an allowed port: its host.
pub(super) fn check(url: &Url, ports: &[u16]) -> Result<Host, Refused> {
    let plain = matches!(url.scheme(), "https" | "http")
        && url.username().is_empty()
        && url.password().is_none()
        && url.fragment().is_none()
        && url.as_str().len() <= MAX_URL;
    let port = url.port_or_known_default().is_some_and(|port| ports.contains(&port));
    if plain && port { host(url) } else { Err(Refused::BadUrl) }
}

/// Where a redirect leads, seen from the host the fetch began at.
pub(super) fn next(from: &Url, home: &Host, response: &Response) -> Result<Url, Refused> {
    use StatusCode as S;
    let follow = [S::MOVED_PERMANENTLY, S::FOUND, S::TEMPORARY_REDIRECT, S::PERMANENT_REDIRECT];
    if !follow.contains(&response.status()) {
        return Err(Refused::BadRedirect);
    }
    let target = response.headers().get(LOCATION).and_then(|value| value.to_str().ok()).ok_or(Refused::BadRedirect)?;
    let to = from.join(target).map_err(|_| Refused::BadRedirect)?;
    step(from, home, to)
}

fn step(from: &Url, home: &Host, to: Url) -> Result<Url, Refused> {
    if from.scheme() == "https" && to.scheme() != "https" {
        return Err(Refused::Downgrade);
    }
    let there = host(&to)?;
    if there != *home && (home.registrable().is_none() || there.registrable() != home.registrable()) {
        return Err(Refused::ForeignRedirect);
    }
    Ok(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL in a test table")
    }

    #[test]
    fn dv_48_and_49_ports_users_and_literals_are_refused() {
        for bad in [
            "https://shop.acme.com:22/",
            "https://shop.acme.com:6379/",
            "https://shop.acme.com:8443/",
            "ftp://shop.acme.com/",
            "https://user@shop.acme.com/",
            "https://user:word@shop.acme.com/",
            "https://acme.com@10.0.0.1/",
            "https://10.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://shop.acme.com/#part",
            "https://a_b.acme.com/",
            "https://sub..acme.com/",
        ] {
            assert_eq!(check(&url(bad), &[80, 443]).err(), Some(Refused::BadUrl), "{bad} was taken");
        }
        assert!(Url::parse("http://[example.com]/").is_err(), "the parser itself must refuse a bracketed name");
        let long = format!("https://shop.acme.com/{}", "a".repeat(2048));
        assert_eq!(check(&url(&long), &[443]).err(), Some(Refused::BadUrl));
        assert!(check(&url("https://shop.acme.com/.well-known/x.txt"), &[80, 443]).is_ok());
    }

    #[test]
    fn redirects_stay_in_the_registrable_domain_and_on_https() {
        let home = host(&url("https://shop.acme.co.uk/")).expect("a host");
        let from = url("https://shop.acme.co.uk/a");
        for (to, expected) in [
            ("https://www.acme.co.uk/b", None),
            ("https://acme.co.uk/b", None),
            ("http://shop.acme.co.uk/b", Some(Refused::Downgrade)),
            ("https://evil.co.uk/b", Some(Refused::ForeignRedirect)),
            ("https://co.uk/b", Some(Refused::ForeignRedirect)),
            ("https://169.254.169.254/latest", Some(Refused::BadUrl)),
            ("https://shop.acme.co.uk.evil.com/", Some(Refused::ForeignRedirect)),
        ] {
            assert_eq!(step(&from, &home, url(to)).err(), expected, "{to}");
        }
        let pages = host(&url("https://me.github.io/")).expect("a host");
        let other = step(&url("https://me.github.io/"), &pages, url("https://you.github.io/"));
        assert_eq!(other.err(), Some(Refused::ForeignRedirect), "neighbours on a shared ending are strangers");
    }
}
