//! The report: JSON for machines, and one HTML page for a client, dated, with the digest of the JSON in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use data_encoding::HEXLOWER;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::tally::{Leak, Route};
use crate::timing::Timing;
use crate::wall::Check;

/// Everything a run found.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// `clean`, `leaks` or `incomplete`.
    pub verdict: &'static str,
    /// When it began, RFC 3339.
    pub began_at: String,
    /// How long it took.
    pub seconds: u64,
    /// The system's version, as it says itself.
    pub system: String,
    /// Where it was reached.
    pub public: String,
    /// The operators' listener.
    pub operator: Option<String>,
    /// Seed of the randomised probes.
    pub seed: u64,
    /// The first randomised probe and how many there were.
    pub random_from: u64,
    /// How many of them were made.
    pub random_probes: u64,
    /// Probes altogether, without those for ids that never were.
    pub probes: u64,
    /// Comparisons that needed a second look.
    pub looked_again: u64,
    /// What was seen.
    pub leaks: Vec<Leak>,
    /// Leaks beyond those.
    pub more_leaks: u64,
    /// Random words planted in A.
    pub canaries: usize,
    /// Listeners of others and frames they heard while A was busy.
    pub listeners: u64,
    /// Frames they heard.
    pub frames: u64,
    /// By route.
    pub routes: BTreeMap<String, Route>,
    /// Routes left out because somebody asked for it.
    pub left_out: Vec<String>,
    /// Times.
    pub timing: Vec<Timing>,
    /// What the database enforces; empty when nobody asked.
    pub wall: Vec<Check>,
    /// Remarks.
    pub notes: Vec<String>,
    /// What became of the two tenants.
    pub cleaning: Vec<String>,
}

impl Report {
    /// 0 nothing leaked and all was covered, 1 something leaked, 2 not everything was covered.
    pub fn exit(&self) -> u8 {
        match self.verdict {
            "clean" => 0,
            "leaks" => 1,
            _ => 2,
        }
    }

    /// Routes that do not count as covered.
    pub fn uncovered(&self) -> impl Iterator<Item = (&String, &str)> {
        self.routes.iter().filter_map(|(name, route)| Some((name, route.not_covered.as_deref()?)))
    }

    /// The JSON as it is written.
    pub fn json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)?)
    }

    /// Writes both files. Gives their paths.
    pub fn write(&self, folder: &Path) -> Result<(PathBuf, PathBuf)> {
        fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
        let stamp = self.began_at.replace([':', '-'], "").replace('T', "-").replace('Z', "");
        let (json, html) =
            (folder.join(format!("isolation-{stamp}.json")), folder.join(format!("isolation-{stamp}.html")));
        let text = self.json()?;
        fs::write(&json, &text).with_context(|| format!("{} cannot be written", json.display()))?;
        let digest = HEXLOWER.encode(&Sha256::digest(text.as_bytes()));
        fs::write(&html, self.html(&digest)).with_context(|| format!("{} cannot be written", html.display()))?;
        Ok((html, json))
    }

    /// A summary for a terminal.
    pub fn summary(&self) -> String {
        let mut text = format!("{}\n{} probes at {} routes", self.headline(), self.probes, self.routes.len());
        let _ = write!(text, ", {} of them randomised (seed {}), {} s.", self.random_probes, self.seed, self.seconds);
        for leak in &self.leaks {
            let _ = write!(text, "\nLEAK {} · {} · {}: {}", leak.route, leak.credential, leak.tried, leak.seen);
        }
        for (route, why) in self.uncovered() {
            let _ = write!(text, "\nNOT COVERED {route}: {why}");
        }
        for check in self.wall.iter().filter(|check| !check.holds) {
            let _ = write!(text, "\nDATABASE {}: {}", check.what, check.seen);
        }
        text
    }

    fn headline(&self) -> String {
        let uncovered = self.uncovered().count();
        match self.verdict {
            "clean" if self.left_out.is_empty() => "No leak. Every route was covered.".to_owned(),
            "clean" => format!("No leak. {} routes were left out on request.", self.left_out.len()),
            "leaks" => format!("{} leaks.", self.leaks.len() as u64 + self.more_leaks),
            _ if uncovered == 1 => "No leak was seen, but 1 route was not covered.".to_owned(),
            _ => format!("No leak was seen, but {uncovered} routes were not covered."),
        }
    }

    fn html(&self, digest: &str) -> String {
        let mut page = String::from(include_str!("report.html"));
        let rows = [
            ("{{verdict}}", self.verdict.to_owned()),
            ("{{headline}}", escaped(&self.headline())),
            ("{{began}}", escaped(&dated(&self.began_at))),
            ("{{facts}}", self.facts(digest)),
            ("{{leaks}}", self.leak_rows()),
            ("{{uncovered}}", self.uncovered_rows()),
            ("{{routes}}", self.route_rows()),
            ("{{credentials}}", self.credential_rows()),
            ("{{timing}}", self.timing_rows()),
            ("{{wall}}", self.wall_rows()),
            ("{{notes}}", list(self.notes.iter().chain(&self.cleaning), "Nothing to add.")),
            ("{{repeat}}", escaped(&self.repeat())),
        ];
        for (mark, text) in rows {
            page = page.replace(mark, &text);
        }
        page
    }

    fn facts(&self, digest: &str) -> String {
        let address = self.operator.as_ref().map_or_else(String::new, |operator| format!(" and {operator}"));
        let facts = [
            ("System", self.system.clone()),
            ("Address", format!("{}{address}", self.public)),
            ("Began", self.began_at.clone()),
            ("Took", format!("{} s", self.seconds)),
            ("Routes", format!("{}, as the system itself lists them", self.routes.len())),
            ("Probes", format!("{} ({} of them randomised)", thousands(self.probes), thousands(self.random_probes))),
            ("Seed", self.seed.to_string()),
            ("Canaries", format!("{} random words in every kind of text", self.canaries)),
            ("Listeners", format!("{} sockets and polls of others, {} frames", self.listeners, self.frames)),
            ("SHA-256 of the JSON", digest.to_owned()),
        ];
        facts.iter().map(|(name, value)| format!("<div><dt>{name}</dt><dd>{}</dd></div>", escaped(value))).collect()
    }

    fn leak_rows(&self) -> String {
        if self.leaks.is_empty() {
            return "<p class=\"good\">Nothing of one tenant was shown to the other, and no answer told that it exists.</p>"
                .to_owned();
        }
        let row = |leak: &Leak| {
            let cells = [&leak.route, &leak.credential, &leak.tried, &leak.seen];
            format!("<tr>{}</tr>", cells.iter().map(|cell| format!("<td>{}</td>", escaped(cell))).collect::<String>())
        };
        let rows: String = self.leaks.iter().map(row).collect();
        format!("<table><tr><th>Where</th><th>Who</th><th>Tried</th><th>Seen</th></tr>{rows}</table>")
    }

    fn uncovered_rows(&self) -> String {
        let lines: Vec<_> = self.uncovered().map(|(route, why)| format!("{route}: {why}")).collect();
        let left: Vec<_> = self.left_out.iter().map(|route| format!("{route}: left out on request")).collect();
        list(lines.iter().chain(&left), "Every route of the running system was covered.")
    }

    fn route_rows(&self) -> String {
        let row = |(name, route): (&String, &Route)| {
            let probes: u64 = route.probes.values().sum();
            let control = match (&route.not_covered, &route.control) {
                (Some(why), _) => format!("<b>not covered</b>: {}", escaped(why)),
                (None, Some(seen)) => escaped(seen),
                (None, None) => "–".to_owned(),
            };
            let cells = [escaped(name), escaped(&route.policy), thousands(probes), escaped(&route.how), control];
            format!("<tr>{}</tr>", cells.map(|cell| format!("<td>{cell}</td>")).concat())
        };
        self.routes.iter().map(row).collect()
    }

    fn credential_rows(&self) -> String {
        let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
        for route in self.routes.values() {
            route.probes.iter().for_each(|(who, n)| *sums.entry(who).or_default() += n);
        }
        sums.iter().map(|(who, n)| format!("<tr><td>{}</td><td>{}</td></tr>", escaped(who), thousands(*n))).collect()
    }

    fn timing_rows(&self) -> String {
        let row = |one: &Timing| {
            let sign = if one.warn { "look at it" } else { "" };
            format!(
                "<tr><td>{}</td><td>{}</td><td>{}</td><td>{:.1}</td><td>{sign}</td></tr>",
                escaped(&one.route),
                one.theirs_us,
                one.nobodys_us,
                one.z
            )
        };
        self.timing.iter().map(row).collect()
    }

    fn wall_rows(&self) -> String {
        if self.wall.is_empty() {
            return "<p>The database was not looked at (<code>--store</code>).</p>".to_owned();
        }
        let row = |check: &Check| {
            let holds = if check.holds { "holds" } else { "<b>does not hold</b>" };
            format!("<tr><td>{}</td><td>{holds}</td><td>{}</td></tr>", escaped(&check.what), escaped(&check.seen))
        };
        let rows: String = self.wall.iter().map(row).collect();
        format!("<table><tr><th>Must hold</th><th></th><th>Seen</th></tr>{rows}</table>")
    }

    fn repeat(&self) -> String {
        let operator = self.operator.as_ref().map_or_else(String::new, |operator| format!(" --operator {operator}"));
        let probes = format!("--probes {} --seed {} --from {}", self.random_probes, self.seed, self.random_from);
        format!("porchlight verify-isolation --public {}{operator} {probes} --report .", self.public)
    }
}

fn list<'a>(lines: impl Iterator<Item = &'a String>, otherwise: &str) -> String {
    let items: String = lines.map(|line| format!("<li>{}</li>", escaped(line))).collect();
    if items.is_empty() { format!("<p>{otherwise}</p>") } else { format!("<ul>{items}</ul>") }
}

/// The moment as people write it: `21 November 2026, 17:01 UTC`.
fn dated(stamp: &str) -> String {
    let read = || {
        let (date, time) = stamp.split_once('T')?;
        let mut parts = date.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?.parse::<usize>().ok()?, parts.next()?);
        let month = MONTHS.get(month.checked_sub(1)?)?;
        Some(format!("{} {month} {year}, {} UTC", day.trim_start_matches('0'), time.get(..5)?))
    };
    read().unwrap_or_else(|| stamp.to_owned())
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join(",")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strangers_wrote_stays_text() {
        assert_eq!(escaped("<img onerror=\"x\">&"), "&lt;img onerror=&quot;x&quot;&gt;&amp;");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(thousands(12), "12");
    }

    #[test]
    fn a_moment_is_told_as_people_write_it() {
        assert_eq!(dated("2026-11-01T17:01:02Z"), "1 November 2026, 17:01 UTC");
        assert_eq!(dated("soon"), "soon");
    }
}
