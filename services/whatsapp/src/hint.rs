//! What is shown of a secret, and what may be one.

use kernel::{Error, Result, Secret};

/// The last four characters; of a short one, none.
pub fn hint(secret: &Secret<String>) -> String {
    let characters: Vec<char> = secret.reveal().chars().collect();
    match characters.len() {
        0..=11 => String::new(),
        length => characters[length - 4..].iter().collect(),
    }
}

/// A secret somebody pasted: printable, without the white space around it.
pub fn pasted(field: &'static str, secret: &Secret<String>) -> Result<Secret<String>> {
    let text = secret.reveal().trim();
    let printable = text.bytes().all(|byte| (b'!'..=b'~').contains(&byte));
    if !printable || !(8..=1_024).contains(&text.len()) {
        return Err(Error::field(
            field,
            "secret_unusable",
            "Paste it as it was given to you: 8 to 1024 characters, no spaces.",
        ));
    }
    Ok(Secret::new(text.to_owned()))
}

/// An id of Meta's: digits, nothing that could be anything else in a path.
pub fn meta_id(field: &'static str, text: &str) -> Result<String> {
    let text = text.trim();
    if !(5..=32).contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::field(field, "meta_id_needed", "Meta's ids are 5 to 32 digits."));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret<String> {
        Secret::new(text.to_owned())
    }

    #[test]
    fn four_characters_are_shown_and_of_a_short_secret_none() {
        assert_eq!(hint(&secret("EAAGsimSystemUserToken")), "oken");
        assert_eq!(hint(&secret("short")), "");
    }

    #[test]
    fn what_cannot_be_a_secret_or_an_id_is_refused() {
        assert_eq!(
            pasted("secret", &secret(" test_app_secret\n")).map(|s| s.reveal().clone()).ok().as_deref(),
            Some("test_app_secret")
        );
        for bad in ["", "short", "two words here", "line\nbreak-in-it", "ünicode-secret"] {
            assert!(pasted("secret", &secret(bad)).is_err(), "{bad:?}");
        }
        for bad in ["", "1234", "12345a", "../12345", "1234567890123456789012345678901234"] {
            assert!(meta_id("waba_id", bad).is_err(), "{bad:?}");
        }
    }
}
