//! May this page run this widget? Decided on the exact origin and on what the table said at most half a minute ago;
//! in the process that changes a claim, at once.

use std::time::Duration;

use kernel::wire::DomainScope;
use kernel::{Host, Origin, Result, Timestamp, WidgetId};

use super::tables::{claim, gate};
use crate::Ctx;

/// How old a look may be.
const FRESH: Duration = Duration::from_secs(30);
/// Most widgets that are remembered.
const MOST: usize = 50_000;
/// Longest list of `frame-ancestors`: header lines beyond this are cut by proxies on the way.
const LONGEST: usize = 4 * 1024;

/// One claim that opens the gate.
#[derive(Clone, Debug)]
pub struct Pass {
    entry: Entry,
    /// Test claims end by themselves, whenever their job comes.
    expires_at: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Entry {
    /// `https://` and exactly this host.
    Host(Host),
    /// `https://` and this host or any name below it.
    Subtree(Host),
    /// This host and port of the visitor's own machine, with or without TLS.
    Test(String),
}

/// Whether a page of this origin may run the widget. Whether the widget is switched on and its tenant may work are the
/// caller's questions.
pub async fn may_run(ctx: &Ctx, widget: WidgetId, origin: &Origin) -> Result<bool> {
    Ok(entries(ctx, widget).await?.iter().any(|entry| entry.admits(origin)))
}

/// The sources of `frame-ancestors`; none means `'none'`. Names that would make the line too long are left out, latest
/// first, and a browser then refuses the frame there; nothing is ever let in by being too long.
pub async fn sources(ctx: &Ctx, widget: WidgetId) -> Result<Vec<String>> {
    Ok(fitting(&entries(ctx, widget).await?))
}

/// Makes this process look again: call it when a claim of the widget changed.
pub fn forget(ctx: &Ctx, widget: WidgetId) {
    ctx.gate.remove(&widget);
}

/// Whether the origin that an `OriginRevoked` event names stands for this one: a tree's `*.` for all names below.
pub fn covers(revoked: &str, origin: &str) -> bool {
    let Some(below) = revoked.strip_prefix("https://*.") else { return revoked == origin };
    let host = |text: &str| Host::canonical(text).ok();
    let inside = Origin::parse_header(origin).filter(|origin| origin.is_secure() && origin.has_default_port());
    match (inside.and_then(|origin| host(origin.host())), host(below)) {
        (Some(inside), Some(top)) => inside.is_within(&top),
        _ => false,
    }
}

async fn entries(ctx: &Ctx, widget: WidgetId) -> Result<Vec<Entry>> {
    let now = ctx.clock().now();
    let standing = |passes: &[Pass]| -> Vec<Entry> {
        let open = passes.iter().filter(|pass| pass.expires_at.is_none_or(|at| at > now));
        open.map(|pass| pass.entry.clone()).collect()
    };
    if let Some(look) = ctx.gate.get(&widget).filter(|look| now.since(look.0) < FRESH) {
        return Ok(standing(&look.1));
    }
    let rows = gate::standing(ctx.db.platform(), widget).await?;
    let passes: Vec<Pass> = rows.into_iter().filter_map(pass).collect();
    let open = standing(&passes);
    if ctx.gate.len() > MOST {
        ctx.gate.retain(|_, look| now.since(look.0) < FRESH);
    }
    ctx.gate.insert(widget, (now, passes));
    Ok(open)
}

fn pass(row: gate::Row) -> Option<Pass> {
    let entry = Entry::of(&row.host, row.reach)?;
    Some(Pass { entry, expires_at: row.expires_at })
}

fn fitting(entries: &[Entry]) -> Vec<String> {
    let mut room = LONGEST;
    let mut fits = |source: &String| {
        room = room.saturating_sub(source.len() + 1);
        room > 0
    };
    let all: Vec<String> = entries.iter().flat_map(Entry::sources).collect();
    let kept: Vec<String> = all.iter().take_while(|source| fits(source)).cloned().collect();
    if kept.len() < all.len() {
        tracing::warn!(sources = all.len(), kept = kept.len(), "frame-ancestors is too long and was cut");
    }
    kept
}

/// The origins of one claim as events name them; a tree has a `*.` for the names below.
pub(super) fn origins(row: &claim::Model) -> Result<Vec<String>> {
    Ok(Entry::of(&row.host, row.reach()?).map(|entry| entry.sources()).unwrap_or_default())
}

impl Entry {
    fn of(host: &str, reach: DomainScope) -> Option<Self> {
        match reach {
            DomainScope::Host => Host::canonical(host).ok().map(Self::Host),
            DomainScope::Subtree => Host::canonical(host).ok().map(Self::Subtree),
            DomainScope::Test => Some(Self::Test(host.to_owned())),
        }
    }

    fn admits(&self, origin: &Origin) -> bool {
        let plain = origin.is_secure() && origin.has_default_port();
        match self {
            Self::Host(host) => plain && origin.host() == host.as_str(),
            Self::Subtree(top) => plain && Host::canonical(origin.host()).is_ok_and(|host| host.is_within(top)),
            Self::Test(_) => origin.is_loopback() && self.sources().contains(&origin.to_string()),
        }
    }

    fn sources(&self) -> Vec<String> {
        match self {
            Self::Host(host) => vec![format!("https://{host}")],
            Self::Subtree(host) => vec![format!("https://{host}"), format!("https://*.{host}")],
            Self::Test(host) => vec![format!("http://{host}"), format!("https://{host}")],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &str) -> Host {
        Host::parse(text).expect("a host in a test")
    }

    fn admits(entries: &[Entry], origin: &str) -> bool {
        Origin::parse_header(origin).is_some_and(|origin| entries.iter().any(|entry| entry.admits(&origin)))
    }

    #[test]
    fn emb_02_to_08_only_the_exact_origin_of_a_host_is_let_in() {
        let gate = [Entry::Host(host("shop.acme.com"))];
        for yes in
            ["https://shop.acme.com", "https://shop.acme.com:443", "https://SHOP.acme.com", "https://shop.acme.com."]
        {
            assert!(admits(&gate, yes), "{yes} was refused");
        }
        for no in [
            "https://acme.com",
            "https://www.shop.acme.com",
            "https://xshop.acme.com",
            "https://shop.acme.com.evil.com",
            "http://shop.acme.com",
            "https://shop.acme.com:8443",
            "https://shop.acme.com:80",
            "null",
            "file://",
        ] {
            assert!(!admits(&gate, no), "{no} was let in");
        }
    }

    #[test]
    fn emb_08_a_tree_is_compared_label_by_label_from_the_right() {
        let gate = [Entry::Subtree(host("acme.com"))];
        for yes in ["https://acme.com", "https://a.acme.com", "https://a.b.acme.com"] {
            assert!(admits(&gate, yes), "{yes} was refused");
        }
        for no in [
            "https://xacme.com",
            "https://acme.com.evil.com",
            "http://a.acme.com",
            "https://a.acme.com:8443",
            "https://com",
        ] {
            assert!(!admits(&gate, no), "{no} was let in");
        }
    }

    #[test]
    fn emb_01_plain_http_is_for_tests_on_this_machine_alone() {
        let gate = [Entry::Test("localhost:3000".to_owned()), Entry::Test("127.0.0.1".to_owned())];
        for yes in ["http://localhost:3000", "https://localhost:3000", "http://127.0.0.1"] {
            assert!(admits(&gate, yes), "{yes} was refused");
        }
        for no in
            ["http://localhost", "http://localhost:3001", "http://127.0.0.1:3000", "http://localhost.acme.com:3000"]
        {
            assert!(!admits(&gate, no), "{no} was let in");
        }
        // a claim row that names a foreign host cannot exist; if one did, the gate would not open for it
        assert!(!admits(&[Entry::Test("acme.com".to_owned())], "http://acme.com"));
    }

    #[test]
    fn dv_69_frame_ancestors_names_what_the_gate_admits_and_never_grows_too_long() {
        assert!(fitting(&[]).is_empty());
        let gate = [Entry::Host(host("shop.acme.com")), Entry::Subtree(host("brand.com"))];
        assert_eq!(fitting(&gate), ["https://shop.acme.com", "https://brand.com", "https://*.brand.com"]);
        let fifty: Vec<_> = (0..50).map(|n| Entry::Host(host(&format!("{n}.{}.com", "a".repeat(40))))).collect();
        assert_eq!(fitting(&fifty).len(), 50);
        let long = ["a".repeat(60), "b".repeat(60), "c".repeat(60)].join(".");
        let many: Vec<_> = (0..50).map(|n| Entry::Subtree(host(&format!("{n}.{long}.com")))).collect();
        assert!(fitting(&many).join(" ").len() <= LONGEST);
    }

    #[test]
    fn what_an_event_names_covers_what_the_claim_let_in() {
        for (revoked, origin, expected) in [
            ("https://shop.acme.com", "https://shop.acme.com", true),
            ("https://shop.acme.com", "https://a.shop.acme.com", false),
            ("https://*.acme.com", "https://a.b.acme.com", true),
            ("https://*.acme.com", "https://xacme.com", false),
            ("https://*.acme.com", "http://a.acme.com", false),
            ("http://localhost:3000", "http://localhost:3000", true),
        ] {
            assert_eq!(covers(revoked, origin), expected, "{revoked} {origin}");
        }
    }
}
