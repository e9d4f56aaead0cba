//! Which lane a delivery waits in, guessed from its bytes before anybody reads them. A wrong guess costs order and
//! fairness, nothing else.

use kernel::WaAppId;

/// As far as the guess looks.
const FAR: usize = 64 * 1024;

/// The lane: one per app of a tenant, whose numbers are its own business; of an app that tenants share, one per number.
/// What was written before a number was connected comes by tens of thousands and waits apart.
pub fn lane(app: WaAppId, is_shared: bool, body: &[u8]) -> String {
    let start = &body[..body.len().min(FAR)];
    let number = if is_shared { word(start, "phone_number_id").unwrap_or_default() } else { "" };
    let apart = if word(start, "field") == Some("history") { "/history" } else { "" };
    format!("{app}/{number}{apart}")
}

/// The first text that stands as this member's value, if it is a short plain word.
fn word<'a>(body: &'a [u8], name: &str) -> Option<&'a str> {
    let quoted = format!("\"{name}\"");
    let at = body.windows(quoted.len()).position(|window| window == quoted.as_bytes())?;
    let rest = body[at + quoted.len()..].trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"")?;
    let text = &rest[..rest.iter().take(40).position(|byte| *byte == b'"')?];
    let is_plain = text.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    std::str::from_utf8(text).ok().filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use kernel::{Clock, Timestamp};

    use super::*;

    #[test]
    fn numbers_of_a_shared_app_wait_apart_and_so_does_the_past() {
        let app = WaAppId::new(&Clock::frozen(Timestamp::from_millis(0)));
        let live = br#"{"entry":[{"changes":[{"field":"messages","value":{"metadata":{"phone_number_id" : "12"}}}]}]}"#;
        let past = br#"{"entry":[{"changes":[{"value":{"metadata":{"phone_number_id":"12"}},"field": "history"}]}]}"#;
        assert_eq!(lane(app, true, live), format!("{app}/12"));
        assert_eq!(lane(app, false, live), format!("{app}/"));
        assert_eq!(lane(app, true, past), format!("{app}/12/history"));
        for odd in [
            b"".as_slice(),
            b"\"phone_number_id\"",
            b"\"phone_number_id\":12",
            b"\"phone_number_id\":\"\\u0000\"",
            b"\xff\xfe",
        ] {
            assert_eq!(lane(app, true, odd), format!("{app}/"));
        }
    }
}
