//! ATT-11: names of files are words of strangers.

use super::desk::{DESK, Desk, WIDGET, field, form, link, post_form};

/// A name that attacks, and what is left of it.
const NAMES: [(&str, &str); 8] = [
    ("../../../etc/passwd.txt", "passwd.txt"),
    ("C:\\\\Windows\\\\a.txt", "a.txt"),
    ("evil\u{202e}gpj.txt", "evilgpj.txt"),
    ("a%0D%0ASet-Cookie: x=1.txt", "aSet-Cookie_ x=1.txt"),
    ("<img src=x onerror=alert(1)>.txt", "_img src=x onerror=alert(1)_.txt"),
    ("%22; filename=%22evil.html.txt", "_; filename=_evil.html.txt"),
    ("NUL.txt", "_NUL.txt"),
    ("\u{1f600} bücher.txt", "\u{1f600} bücher.txt"),
];

#[tokio::test]
async fn att_11_names_are_cleaned_and_cannot_leave_their_header() {
    let desk = Desk::set().await;
    for (sent, kept) in NAMES {
        let file = desk.anna_sends_up((sent, "text/plain"), b"words").await;
        assert_eq!(file["name"], kept, "{sent:?}");
        assert_eq!(file["state"], "ready", "{sent:?}: {file}");
        let got = desk.follows(&link(&desk.anna.http, WIDGET, &file, "full").await, &[]).await;
        let disposition = got.header("content-disposition").expect("a disposition");
        assert!(disposition.starts_with("attachment; filename=\""), "{disposition}");
        assert_eq!(disposition.matches('"').count(), 2, "{disposition}");
        assert!(disposition.is_ascii() && disposition.contains("filename*=UTF-8''"), "{disposition}");
        assert_eq!(got.headers.get("set-cookie"), None);
    }
}

#[tokio::test]
async fn att_11_a_name_of_300_letters_is_shortened_with_its_ending() {
    let desk = Desk::set().await;
    let file = desk.mia_sends_up((&format!("{}.txt", "ü".repeat(300)), "text/plain"), b"words").await;
    let name = file["name"].as_str().expect("a name");
    assert_eq!(name.chars().count(), 200);
    assert!(name.ends_with(".txt"));
}

#[tokio::test]
async fn att_11_a_name_of_nothing_is_refused() {
    let desk = Desk::set().await;
    for nothing in ["", " ", "..", "/", "\u{202e}", "...", "a/"] {
        let answer = post_form(&desk.mia.http, DESK, form(&[], &[("file", nothing, b"words")])).await;
        assert_eq!(field(&answer.refused(422, "validation")), "file_name_missing", "{nothing:?}");
    }
    // no browser sends a header like this one
    let torn = form(&[], &[("file", "a\u{0}b.txt", b"words")]);
    post_form(&desk.mia.http, DESK, torn).await.refused(400, "body_broken");
}

/// Objects are named by us.
#[tokio::test]
async fn att_11_no_name_is_ever_a_key() {
    let desk = Desk::set().await;
    desk.mia_sends_up(("unusual-word.txt", "text/plain"), b"words").await;
    let objects = desk.objects().await;
    assert_eq!(objects.len(), 1);
    assert!(!objects[0].contains("unusual"), "{objects:?}");
}
