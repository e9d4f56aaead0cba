//! Names of files: shown to people, offered to their disks, never used by us.

use kernel::{Error, Result};

/// Most characters of a name.
const MOST: usize = 200;

/// Characters that turn the reading direction or hide others: `gpj.exe` must not be shown as `exe.jpg`.
const UNSEEN: [char; 17] = [
    '\u{61c}', '\u{180e}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{200e}', '\u{200f}', '\u{2028}', '\u{2029}',
    '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2060}', '\u{feff}', '\u{ad}',
];

/// Characters some file system or header gives a meaning.
const SPECIAL: [char; 7] = ['"', '*', ':', '<', '>', '?', '|'];

/// Names some systems keep for devices, whatever the ending.
const RESERVED: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The name as it is kept: its last part, nothing that cannot be seen or means something elsewhere, 200 characters with
/// the ending kept. A name of nothing is refused.
pub fn clean(name: &str) -> Result<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String =
        last.chars().filter(|c| !is_unseen(*c)).map(|c| if SPECIAL.contains(&c) { '_' } else { c }).collect();
    let words = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    let trimmed = words.trim_matches(['.', ' ']);
    if trimmed.is_empty() || trimmed.chars().all(|c| c == '_') {
        return Err(Error::field("file", "file_name_missing", "Give the file a name with an ending such as .pdf."));
    }
    Ok(unreserved(shortened(trimmed)))
}

fn is_unseen(c: char) -> bool {
    c.is_control()
        || UNSEEN.contains(&c)
        || ('\u{2066}'..='\u{2069}').contains(&c)
        || ('\u{e0000}'..='\u{e007f}').contains(&c)
}

fn shortened(name: &str) -> String {
    let length = name.chars().count();
    if length <= MOST {
        return name.to_owned();
    }
    let (stem, ending) = split(name);
    // an ending that long is none
    let ending = if ending.chars().count() > 10 { "" } else { ending };
    let room = MOST - ending.chars().count();
    stem.chars().take(room).chain(ending.chars()).collect()
}

fn unreserved(name: String) -> String {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let port = ["com", "lpt"].iter().any(|port| stem.strip_prefix(port).is_some_and(is_one_digit));
    if RESERVED.contains(&stem.as_str()) || port { format!("_{name}") } else { name }
}

fn is_one_digit(rest: &str) -> bool {
    rest.len() == 1 && rest.bytes().all(|b| b.is_ascii_digit())
}

/// Stem and ending, the dot with the ending.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 => name.split_at(at),
        _ => (name, ""),
    }
}

/// The ending in lower case, without the dot.
pub fn ending(name: &str) -> String {
    split(name).1.trim_start_matches('.').to_lowercase()
}

/// The name with the ending of what is really served: a GIF becomes another kind of picture here.
pub fn served(name: &str, media_type: &str) -> String {
    let fitting: &[&str] = match media_type {
        "image/jpeg" => &["jpg", "jpeg"],
        "image/png" => &["png"],
        "image/webp" => &["webp"],
        "image/gif" => &["gif"],
        _ => return name.to_owned(),
    };
    match fitting.contains(&ending(name).as_str()) {
        true => name.to_owned(),
        false => format!("{}.{}", split(name).0, fitting[0]),
    }
}

/// `attachment; filename="…"; filename*=UTF-8''…` (RFC 6266): plain letters for old clients, the whole name for others.
pub fn disposition(name: &str, inline: bool) -> String {
    let kind = if inline { "inline" } else { "attachment" };
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let mut exact = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        match byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            true => exact.push(char::from(byte)),
            false => exact.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}

fn is_plain(c: char) -> bool {
    (c.is_ascii_graphic() || c == ' ') && !matches!(c, '"' | '\\' | '%' | ';')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn att_11_a_name_is_cleaned_of_everything_that_is_not_a_name() {
        for (sent, kept) in [
            ("plan.pdf", "plan.pdf"),
            ("Grüße aus Zürich.png", "Grüße aus Zürich.png"),
            ("../../etc/passwd.txt", "passwd.txt"),
            ("C:\\Users\\me\\cv.docx", "cv.docx"),
            ("evil\u{202e}gpj.exe", "evilgpj.exe"),
            ("a\u{2066}b\u{2069}.txt", "ab.txt"),
            ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie_ x=1.txt"),
            ("<img src=x onerror=alert(1)>.png", "_img src=x onerror=alert(1)_.png"),
            ("a\0.png", "a.png"),
            ("...hidden.txt", "hidden.txt"),
            ("CON.txt", "_CON.txt"),
            ("com1.txt", "_com1.txt"),
            ("  spaced   out .txt ", "spaced out .txt"),
        ] {
            assert_eq!(clean(sent).expect(sent), kept, "{sent:?}");
        }
        for nothing in ["", " ", "..", "/", "\u{202e}", "\r\n", "a/"] {
            assert!(clean(nothing).is_err(), "{nothing:?} was taken");
        }
    }

    #[test]
    fn att_11_a_long_name_keeps_its_ending() {
        let kept = clean(&format!("{}.pdf", "ü".repeat(400))).expect("a name");
        assert_eq!(kept.chars().count(), MOST);
        assert!(kept.ends_with("ü.pdf"));
        assert_eq!(clean(&"x".repeat(400)).expect("a name").len(), MOST);
        assert_eq!(clean(&format!("a.{}", "x".repeat(400))).expect("a name").chars().count(), 1);
    }

    #[test]
    fn att_11_a_name_cannot_leave_its_header() {
        let header = disposition("a\"; x=\"é.txt", false);
        assert_eq!(header, "attachment; filename=\"a__ x=__.txt\"; filename*=UTF-8''a%22%3B%20x%3D%22%C3%A9.txt");
        assert!(disposition("🙂.png", true).is_ascii());
    }

    #[test]
    fn what_is_served_has_the_ending_it_deserves() {
        assert_eq!(served("cat.gif", "image/webp"), "cat.webp");
        assert_eq!(served("cat.JPEG", "image/jpeg"), "cat.JPEG");
        assert_eq!(served("plan.pdf", "application/pdf"), "plan.pdf");
    }
}
