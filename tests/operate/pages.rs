//! What `docs/operate` tells a person at 3 a.m. to type is there to be typed, and what it says they will read is said.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ lies in the checkout").to_path_buf()
}

/// Every `porchlight …` of a page, as words.
fn commands(page: &str) -> Vec<Vec<String>> {
    let is_command = |text: &str| text.starts_with("porchlight ");
    let joined = page.replace("\\\n", " ");
    let typed = joined.lines().map(str::trim).filter(|line| is_command(line)).map(str::to_owned);
    let quoted = page.split('`').map(str::to_owned).filter(|text| is_command(text) && !text.contains('\n'));
    let words =
        |text: String| text.split_whitespace().skip(1).take_while(|word| *word != "#").map(str::to_owned).collect();
    typed.chain(quoted).map(words).collect()
}

/// The words before the first option or argument that name a command: `vault rotate`, `backup`.
fn named(words: &[String]) -> Vec<String> {
    let is_word = |word: &&String| word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-');
    let most = if matches!(words.first().map(String::as_str), Some("vault" | "config" | "operator")) { 2 } else { 1 };
    words.iter().take_while(is_word).take(most).cloned().collect()
}

#[test]
fn every_command_and_option_the_pages_name_is_there() {
    let mut pages: Vec<_> = fs::read_dir(root().join("docs/operate"))
        .expect("the pages")
        .map(|page| page.expect("a page").path())
        .collect();
    pages.sort();
    let (mut helps, mut looked) = (BTreeMap::<Vec<String>, String>::new(), 0);
    for page in pages.iter().filter(|page| page.extension().is_some_and(|end| end == "md")) {
        for words in commands(&fs::read_to_string(page).expect("text")) {
            let name = named(&words);
            let help = helps.entry(name.clone()).or_insert_with(|| {
                let said = Command::new(harness::binary()).args(&name).arg("--help").output().expect("it runs");
                assert!(said.status.success(), "{}: there is no `porchlight {}`", page.display(), name.join(" "));
                String::from_utf8_lossy(&said.stdout).into_owned()
            });
            for option in words.iter().filter(|word| word.starts_with("--")) {
                let option = option.split('=').next().unwrap_or(option);
                assert!(help.contains(option), "{}: {} has no {option}", page.display(), name.join(" "));
            }
            looked += 1;
        }
    }
    assert!(looked > 15, "the premise: the pages name commands; {looked} were found");
}

#[test]
fn what_the_page_of_restores_says_one_may_read_is_said_somewhere() {
    let mut sources = String::new();
    for folder in ["services/server/src", "services/store/src", "migration/src"] {
        collect(&root().join(folder), &mut sources);
    }
    let page = fs::read_to_string(root().join("docs/operate/backup.md")).expect("the page");
    let table = page.split("| it says |").nth(1).expect("its table").split("\n\n").next().unwrap_or_default();
    let said: Vec<_> = table
        .lines()
        .filter_map(|row| row.split('|').nth(1))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    assert!(said.len() > 5, "{said:?}");
    for words in said.iter().flat_map(|words| words.split('…')).map(str::trim).filter(|words| !words.is_empty()) {
        assert!(sources.contains(words), "nobody says {words:?}");
    }
}

fn collect(folder: &Path, sources: &mut String) {
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        match path.is_dir() {
            true => collect(&path, sources),
            false => sources.push_str(&fs::read_to_string(&path).unwrap_or_default()),
        }
    }
}
