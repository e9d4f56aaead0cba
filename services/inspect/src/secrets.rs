//! Obvious credentials in text: whoever reads the conversation is told, so that they can be deleted.

/// Whether an access key, a signed token or a private key stands in it.
pub fn holds_one(text: &str) -> bool {
    has_private_key(text) || has_access_key(text) || has_token(text)
}

fn has_private_key(text: &str) -> bool {
    let mut begins = text.split("-----BEGIN ").skip(1);
    begins.any(|rest| rest.split("-----").next().is_some_and(|title| title.ends_with("PRIVATE KEY")))
}

/// `AKIA` and 16 capitals or digits, as a word of its own.
fn has_access_key(text: &str) -> bool {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let is_key_character = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    words
        .filter(|word| word.len() == 20 && (word.starts_with("AKIA") || word.starts_with("ASIA")))
        .any(|word| word.bytes().all(is_key_character))
}

/// Three parts in base64url, the first two JSON objects.
fn has_token(text: &str) -> bool {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')));
    words.filter(|word| word.starts_with("eyJ")).any(|word| {
        let parts: Vec<_> = word.splitn(4, '.').collect();
        parts.len() == 3 && parts[1].starts_with("eyJ") && parts.iter().all(|part| part.len() >= 10)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    // in halves, so that nobody's scanner takes this file for a leak
    #[test]
    fn keys_and_tokens_are_found() {
        assert!(holds_one(&format!("id={}{}", "AKIA", "IOSFODNN7EXAMPLE")));
        assert!(holds_one(&format!("-----BEGIN RSA {}-----\nMII", "PRIVATE KEY")));
        let token = ["eyJhbGciOiJIUzI1NiJ9", "eyJzdWIiOiIxMjM0NTY3ODkwIn0", "dozjgNryP4J3jVmNHl0w5N"].join(".");
        assert!(holds_one(&format!("Authorization: Bearer {token}\n")));
    }

    #[test]
    fn ordinary_text_holds_none() {
        assert!(!holds_one("AKIA is a prefix; eyJ. too. -----BEGIN CERTIFICATE-----"));
        assert!(!holds_one("AKIAiosfodnn7example akiaIOSFODNN7EXAMPLE eyJhbGciOiJIUzI1NiJ9.short.x"));
    }
}
