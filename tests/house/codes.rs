//! `docs/errors.md` lists every code a client can meet.

use std::collections::BTreeMap;

use crate::source;

const MAKERS: [(&str, &str); 11] = [
    ("Error::invalid(", "400 or 422"),
    ("Error::unauthenticated(", "401"),
    ("Error::forbidden(", "403"),
    ("Error::conflict(", "409"),
    ("Error::limited(", "429"),
    ("Error::unavailable(", "503"),
    ("Error::new(Kind::Gone,", "410"),
    ("Error::new(Kind::LengthRequired,", "411"),
    ("Error::new(Kind::TooLarge,", "413"),
    ("Error::new(Kind::NotFound,", "404"),
    ("Error::new(Kind::Internal,", "500"),
];

#[test]
fn the_list_of_error_codes_is_fresh() {
    let mut codes = BTreeMap::new();
    let mut fields = BTreeMap::new();
    for (_, text) in source::rust("services") {
        for (maker, status) in MAKERS {
            made(&text, maker, 0).into_iter().for_each(|(code, detail)| drop(codes.insert(code, (status, detail))));
        }
        made(&text, "Error::field(", 1).into_iter().for_each(|(code, detail)| drop(fields.insert(code, detail)));
    }
    assert!(codes.len() > 10 && fields.len() > 5, "the sources are no longer read");
    source::fresh("docs/errors.md", &page(&codes, &fields));
}

/// The quoted arguments after each call of `maker`: the code at place `at` and the sentence after it, if it is a plain one.
fn made(text: &str, maker: &str, at: usize) -> Vec<(String, String)> {
    let calls = text.split(maker).skip(1);
    calls
        .filter_map(|call| {
            let starts_with_text = call.trim_start().starts_with('"');
            let quoted: Vec<_> = call.splitn(2 * at + 5, '"').skip(1).step_by(2).collect();
            let code = quoted.get(at).filter(|code| starts_with_text && is_code(code))?;
            Some(((*code).to_owned(), quoted.get(at + 1).copied().unwrap_or_default().to_owned()))
        })
        .collect()
}

fn is_code(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

fn page(codes: &BTreeMap<String, (&str, String)>, fields: &BTreeMap<String, String>) -> String {
    let mut page = String::from(
        "# Error codes\n\nGenerated from the sources by `tests/house/codes.rs`. Codes are stable; sentences may change.\n\n\
         | code | status | sentence |\n|---|---|---|\n| `not_found` | 404 | There is nothing here under this id. |\n",
    );
    codes.iter().for_each(|(code, (status, detail))| page += &format!("| `{code}` | {status} | {} |\n", cell(detail)));
    page += "\n## Codes of fields\n\nInside `fields[]` of a `validation` problem (422).\n\n| code | sentence |\n|---|---|\n";
    fields.iter().for_each(|(code, detail)| page += &format!("| `{code}` | {} |\n", cell(detail)));
    page
}

/// One line, with what is filled in at run time shown as an ellipsis.
fn cell(detail: &str) -> String {
    let mut parts = detail.replace("\\\n", " ").replace('|', "\\|");
    while let Some((before, (_, after))) = parts.split_once('{').and_then(|(b, rest)| Some((b, rest.split_once('}')?)))
    {
        parts = format!("{before}…{after}");
    }
    parts.split_whitespace().collect::<Vec<_>>().join(" ")
}
