//! Text: UTF-8 without zero bytes that does not begin as something else.

use crate::judge::Refusal;
use crate::secrets;

/// Beginnings of markup and programs, and of other formats that are made of letters.
const NOT_TEXT: [&str; 14] = [
    "<!doctype",
    "<html",
    "<head",
    "<body",
    "<script",
    "<svg",
    "<?xml",
    "<?php",
    "<!--",
    "<iframe",
    "#!",
    "%pdf-",
    "%!ps",
    r"{\rtf",
];

/// Looks at it; says what should be warned of.
pub fn check(bytes: &[u8]) -> Result<Vec<&'static str>, Refusal> {
    let text = std::str::from_utf8(bytes).map_err(|_| Refusal::Unreadable)?;
    if bytes.contains(&0) {
        return Err(Refusal::Unreadable);
    }
    if begins_as_something_else(text) {
        return Err(Refusal::Mismatch);
    }
    Ok(if secrets::holds_one(text) { vec!["secret"] } else { Vec::new() })
}

fn begins_as_something_else(text: &str) -> bool {
    let ignored = |c: char| c == '\u{feff}' || c.is_whitespace() || c.is_control();
    let start: String = text.trim_start_matches(ignored).chars().take(16).collect();
    let start = start.to_ascii_lowercase();
    NOT_TEXT.iter().any(|word| start.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_utf_8_without_zero_bytes() {
        assert_eq!(check("Grüße, 你好\r\n".as_bytes()), Ok(vec![]));
        assert_eq!(check("\u{feff}a;b\n1;2".as_bytes()), Ok(vec![]));
        assert_eq!(check(b"caf\xe9"), Err(Refusal::Unreadable));
        assert_eq!(check(b"a\0b"), Err(Refusal::Unreadable));
    }

    #[test]
    fn markup_is_no_text() {
        for markup in
            ["<svg onload=x>", "\u{feff} \n<HTML>", "<?xml version='1.0'?>", "\t<!-- --><script>", "#!/bin/sh"]
        {
            assert_eq!(check(markup.as_bytes()), Err(Refusal::Mismatch), "{markup}");
        }
        assert_eq!(check(b"a < b, and then <b>bold</b>"), Ok(vec![]));
    }
}
