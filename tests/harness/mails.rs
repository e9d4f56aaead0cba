//! Letters the server dropped into its folder.

use std::path::Path;

use data_encoding::BASE64_MIME_PERMISSIVE;

/// One letter.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The address it went to.
    pub to: String,
    /// Its subject line.
    pub subject: String,
    /// The plain text.
    pub text: String,
}

impl Mail {
    /// What follows `/accept/` in the link: the token of an invitation.
    pub fn invitation_token(&self) -> String {
        let rest = self.text.split("#/accept/").nth(1).unwrap_or_else(|| panic!("no invitation in {}", self.text));
        rest.split(|c: char| c.is_whitespace() || "\"'<>)".contains(c)).next().unwrap_or_default().to_owned()
    }
}

/// All letters in the folder, oldest first.
pub fn read(folder: &Path) -> Vec<Mail> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<_> =
        entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "eml")).collect();
    files.sort();
    files.iter().map(|file| parse(&std::fs::read_to_string(file).expect("a letter"))).collect()
}

fn parse(letter: &str) -> Mail {
    let (head, body) = letter.split_once("\r\n\r\n").expect("head and body");
    Mail { to: header(head, "To"), subject: header(head, "Subject"), text: plain_part(body) }
}

fn header(head: &str, name: &str) -> String {
    let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let mut lines = unfolded.lines().filter_map(|line| line.split_once(": "));
    lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).unwrap_or_default()
}

fn plain_part(body: &str) -> String {
    let part = body.split("\r\n--").find(|part| part.contains("text/plain")).expect("a plain part");
    let (head, text) = part.split_once("\r\n\r\n").expect("head and text");
    match header(head, "Content-Transfer-Encoding").as_str() {
        "base64" => {
            let bytes = BASE64_MIME_PERMISSIVE.decode(text.trim().as_bytes()).expect("base64");
            String::from_utf8(bytes).expect("UTF-8")
        }
        "quoted-printable" => quoted_printable(text),
        _ => text.to_owned(),
    }
}

fn quoted_printable(text: &str) -> String {
    let joined = text.replace("=\r\n", "");
    let mut parts = joined.split('=');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(code, 16).expect("two hex digits"));
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8(bytes).expect("UTF-8")
}
