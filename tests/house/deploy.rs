//! What is shipped to operators speaks of what there is: settings, files, headings, and times that fit together.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::source;

/// Folders of what is shipped and told; what is built or fetched lies in none of them.
const SHIPPED: [&str; 9] = [
    "deploy/helm",
    "deploy/nats",
    "deploy/observe",
    "deploy/postgres",
    "deploy/proxy",
    "deploy/systemd",
    "docs/operate",
    "docs/features",
    "docs/embedding",
];
/// Files beside them.
const ALONE: [&str; 9] = [
    "README.md",
    "deploy/Dockerfile",
    "deploy/compose.solo.yaml",
    "deploy/compose.cluster.yaml",
    "deploy/secrets.sh",
    "docs/ARCHITECTURE.md",
    "docs/TESTING.md",
    "docs/LOGGING.md",
    "docs/performance.md",
];

#[test]
fn every_setting_that_is_shipped_or_told_exists() {
    let (known, mut met) = (known(), 0);
    // kinds of jobs look alike
    let sources = source::rust("services");
    let is_said = |word: &str| sources.iter().any(|(_, text)| text.contains(&format!("\"{word}\"")));
    for (file, text) in shipped() {
        for key in spelled(&text).chain(dotted(&text, &known)) {
            met += 1;
            let plain = key.strip_suffix("_file").unwrap_or(&key);
            let exists = known.contains(&key) || known.contains(plain) || is_said(&key);
            assert!(exists, "{file} speaks of {key}: there is no such setting");
        }
    }
    assert!(met > 100, "only {met} settings were met: they are no longer found");
}

#[test]
fn every_link_leads_to_a_file_and_a_heading_that_exist() {
    let mut met = 0;
    for (file, text) in shipped().into_iter().filter(|(file, _)| file.ends_with(".md")) {
        for link in links(&text) {
            met += 1;
            let (path, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if path.is_empty() { source::root().join(&file) } else { beside(&file).join(path) };
            assert!(target.exists(), "{file} links to {path}, which is not there");
            let is_there = heading.is_empty() || headings(&target).contains(heading);
            assert!(is_there, "{file} links to a heading #{heading} that {path} has not");
        }
    }
    assert!(met > 50, "only {met} links were met: they are no longer found");
}

#[test]
fn every_file_that_operators_are_told_of_exists() {
    let mut met = 0;
    for (file, text) in
        shipped().into_iter().filter(|(file, _)| file.starts_with("docs/operate") || file == "README.md")
    {
        for path in text.split([' ', '\n', '`', '(', ')', '\'', '"']).filter_map(repository_path) {
            met += 1;
            assert!(source::root().join(path).exists(), "{file} speaks of {path}, which is not there");
        }
    }
    assert!(met > 20, "only {met} paths were met: they are no longer found");
}

#[test]
fn the_image_and_the_compose_files_take_what_is_there() {
    let image = read("deploy/Dockerfile");
    let ours = image.lines().filter_map(|line| line.strip_prefix("COPY ")).filter(|line| !line.starts_with("--"));
    let mut copied: Vec<_> = ours.flat_map(|line| line.split(' ').rev().skip(1)).collect();
    let solo = read("deploy/compose.solo.yaml");
    let cluster = read("deploy/compose.cluster.yaml");
    let mounted = [&solo, &cluster].into_iter().flat_map(|text| text.lines()).filter_map(|line| {
        let path = line.trim().strip_prefix("- ./")?;
        Some(path.split(':').next().unwrap_or_default())
    });
    let mounted: Vec<_> = mounted.map(|path| format!("deploy/{path}")).collect();
    copied.extend(mounted.iter().map(String::as_str));
    assert!(copied.len() > 10, "{copied:?}: they are no longer found");
    for path in copied {
        assert!(source::root().join(path).exists(), "{path} is taken along and is not there");
    }
}

#[test]
fn compose_names_only_secrets_that_are_made() {
    let made = read("deploy/secrets.sh");
    let mut met = 0;
    for file in ["deploy/compose.solo.yaml", "deploy/compose.cluster.yaml"] {
        for name in read(file).lines().filter_map(|line| line.split_once("{ file: ./secrets/")?.1.strip_suffix(" }")) {
            met += 1;
            let role = name.split_once('_').map_or(name, |(what, _)| what);
            let is_made = made.contains(&format!(" {name} ")) || made.contains(&format!(" \"{role}_$role\" "));
            assert!(is_made, "{file} takes the secret {name}, which deploy/secrets.sh does not make");
        }
    }
    assert!(met > 10, "only {met} secrets were met");
}

/// Whoever kills a process that is about to leave by itself takes requests with it.
#[test]
fn every_manager_of_processes_is_more_patient_than_they_are() {
    let default = number(&read("deploy/config.default.toml"), "stop_seconds = ");
    for file in ["deploy/systemd/porchlight.service", "deploy/systemd/porchlight@.service"] {
        assert!(number(&read(file), "TimeoutStopSec=") >= default + 5, "{file}");
    }
    assert!(number(&read("deploy/compose.solo.yaml"), "stop_grace_period: ") >= default + 5);
    let cluster = read("deploy/compose.cluster.yaml");
    assert!(number(&cluster, "stop_grace_period: ") >= number(&cluster, "STOP_SECONDS: \"") + 5);
    let values = read("deploy/helm/values.yaml");
    let [unready, drain, stop] = ["unready", "drain", "stop"].map(|part| number(&values, &format!("{part}Seconds: ")));
    assert!(stop >= unready + drain + 5, "what the chart ships would not start");
    assert!(read("deploy/helm/templates/roles.yaml").contains("add $leave.stopSeconds 10"));
}

/// All keys of `config.default.toml`, those that are only shown in a comment too.
fn known() -> BTreeSet<String> {
    let mut section = String::new();
    let mut all = BTreeSet::new();
    for line in read("deploy/config.default.toml").lines() {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            section = name.to_owned();
        } else if let Some((key, _)) = line.strip_prefix("# ").unwrap_or(line).split_once(" = ")
            && is_word(key)
        {
            all.insert(format!("{section}.{key}"));
        }
    }
    assert!(all.len() > 80, "only {} settings: they are no longer read", all.len());
    all
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Settings as the environment spells them. `PORCHLIGHT__SECTION__KEY` stands for any.
fn spelled(text: &str) -> impl Iterator<Item = String> {
    text.split("PORCHLIGHT__").skip(1).filter_map(|rest| {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let (section, key) = rest[..end].split_once("__")?;
        (!key.is_empty() && section != "SECTION").then(|| format!("{section}.{key}").to_lowercase())
    })
}

/// Settings as people spell them, `section.key`, in backticks or as a key of YAML.
fn dotted<'a>(text: &'a str, known: &'a BTreeSet<String>) -> impl Iterator<Item = String> {
    let quoted = text.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
    let keys = text.lines().filter_map(|line| line.trim_start().split_once(": ").map(|(key, _)| key));
    let words = quoted.chain(keys).map(|words| words.split(' ').next().unwrap_or_default());
    words
        .filter(|word| {
            let Some((section, key)) = word.split_once('.') else { return false };
            let is_section = known.iter().any(|one| one.split('.').next() == Some(section));
            // log.md and the like are files
            is_section && is_word(key) && !["md", "rs", "toml", "json", "ts", "js"].contains(&key)
        })
        .map(str::to_owned)
}

/// Targets of links inside of the repository.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    targets.filter(|target| !target.contains("://") && !target.starts_with("mailto:") && !target.contains(' '))
}

/// As they are linked to: lower case, hyphens for spaces, nothing else that is no letter.
fn headings(file: &Path) -> BTreeSet<String> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let lines = text.lines().filter(|line| line.starts_with('#'));
    lines.map(|line| slug(line.trim_start_matches('#').trim())).collect()
}

fn slug(heading: &str) -> String {
    let lower = heading.to_lowercase().replace(' ', "-");
    lower.chars().filter(|c| c.is_alphanumeric() || *c == '-' || *c == '_').collect()
}

/// A word that names a file of this repository, without what may follow it in a sentence.
fn repository_path(word: &str) -> Option<&str> {
    let word = word.trim_end_matches(['.', ',', ';', ':']);
    let is_ours = ["deploy/", "docs/", "tests/", "services/"].iter().any(|folder| word.starts_with(folder));
    // what is made by a command, and patterns
    (is_ours
        && !word.contains(['*', '…', '$', '{', '#', '|'])
        && !word.starts_with("deploy/secrets/")
        && word != "deploy/secrets")
        .then_some(word)
}

fn number(text: &str, key: &str) -> u64 {
    let after = text.split_once(key).unwrap_or_else(|| panic!("no {key}")).1;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or_else(|_| panic!("no number after {key}"))
}

fn shipped() -> Vec<(String, String)> {
    let mut found: Vec<_> = ALONE.iter().map(|file| ((*file).to_owned(), read(file))).collect();
    SHIPPED.iter().for_each(|folder| gather(&source::root().join(folder), &mut found));
    found
}

fn gather(folder: &Path, found: &mut Vec<(String, String)>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|_| panic!("{} is not there", folder.display()));
    for path in entries.map(|entry| entry.expect("an entry").path()) {
        if path.is_dir() {
            gather(&path, found);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            found.push((path.strip_prefix(source::root()).expect("inside the checkout").display().to_string(), text));
        }
    }
}

fn beside(file: &str) -> PathBuf {
    source::root().join(file).parent().expect("a folder").to_path_buf()
}

fn read(file: &str) -> String {
    std::fs::read_to_string(source::root().join(file)).unwrap_or_else(|_| panic!("{file} is not there"))
}

#[test]
fn a_setting_a_heading_and_a_path_are_told_from_what_only_looks_like_one() {
    let known = BTreeSet::from(["store.url".to_owned()]);
    let text = "`store.urls` and `store.md`, `window.store`\n  store.wrong: 1\nPORCHLIGHT__STORE__NOPE_FILE=x PORCHLIGHT__SECTION__KEY";
    let met: Vec<_> = dotted(text, &known).chain(spelled(text)).collect();
    assert_eq!(met, ["store.urls", "store.wrong", "store.nope_file"]);
    assert_eq!(slug("Proxy, certificate, name"), "proxy-certificate-name");
    assert_eq!(repository_path("docs/operate/nowhere.md."), Some("docs/operate/nowhere.md"));
    assert_eq!((repository_path("/etc/docs/x"), repository_path("deploy/secrets/auth")), (None, None));
}
