//! Words that only some places may say.

use crate::source;

/// A word, where it may stand (parts of paths), and why.
const WORDS: [(&str, &[&str], &str); 8] = [
    ("sea_orm::", &["store/src/", "/tables/", "kernel/src/"], "rows are the business of store and the slices' tables/"),
    ("DbBackend", &["store/src/", "/tables/"], "only store knows which database it is; tables ask it for a spelling"),
    ("actix", &["api/src/", "server/src/"], "only api speaks HTTP, and server starts it"),
    (
        "reqwest::",
        &["net/src/", "isolation/src/"],
        "only net goes outside, behind its guard; the witness comes from there",
    ),
    ("jsonwebtoken::", &["chat/src/identity/jwt.rs"], "tokens are made and checked in one place"),
    ("env::var", &["server/src/config.rs"], "the environment is read once"),
    ("println!", &["server/src/"], "the product logs; only commands print"),
    (
        "Scope::vouch",
        &["kernel/src/", "chat/src/identity/", "chat/src/inbox/receive.rs", "realtime/src/tests/"],
        "only what has checked a credential may vouch",
    ),
];

#[test]
fn words_stand_where_they_belong() {
    let files = source::rust("services");
    for (word, places, why) in WORDS {
        let elsewhere =
            files.iter().filter(|(file, text)| text.contains(word) && !places.iter().any(|p| file.contains(p)));
        let names: Vec<_> = elsewhere.map(|(file, _)| file).collect();
        assert!(names.is_empty(), "`{word}` in {names:?}: {why}");
    }
}

#[test]
fn nothing_is_called_a_drawer() {
    let drawers = ["utils", "util", "helpers", "common", "misc", "manager"];
    for (file, _) in ["services", "tests", "migration", "deploy"].into_iter().flat_map(source::rust) {
        let mut parts = file.trim_end_matches(".rs").split('/');
        let drawer = parts.rfind(|part| drawers.contains(part));
        assert_eq!(drawer, None, "{file}: name it after the one thing it does");
    }
}
