//! The second factor: six digits from an authenticator app (RFC 6238), each good once.

use kernel::{Error, Result, Timestamp};
use totp_rs::{Builder, Secret, Totp};

/// A fresh secret of 160 bits, in base32 as apps take it.
pub(crate) fn new_secret() -> String {
    Secret::generate().to_base32()
}

/// What an app reads as a QR code.
pub(crate) fn url(secret: &str, email: &str) -> Result<String> {
    totp(secret, email)?.to_url().map_err(broken)
}

/// The step a code belongs to, if it is right now, or was or will be within half a minute, and none as late was used.
pub(crate) fn step_of(secret: &str, code: &str, now: Timestamp, last: Option<i64>) -> Result<Option<i64>> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let seconds = u64::try_from(now.seconds()).unwrap_or(0);
    let step = totp(secret, "code")?.check(&code, seconds).and_then(|step| i64::try_from(step).ok());
    Ok(step.filter(|step| last.is_none_or(|last| *step > last)))
}

/// What is said when a code is missing, wrong or used.
pub(crate) fn required(detail: &'static str) -> Error {
    Error::unauthenticated("second_factor_required", detail)
}

/// What is said of a code given to switch something.
pub(crate) fn wrong_code() -> Error {
    Error::field("code", "wrong_code", "This code is not right, or was used already. Wait for the next one.")
}

fn totp(secret: &str, account: &str) -> Result<Totp> {
    let secret = Secret::try_from_base32(secret).map_err(broken)?;
    // apps show what stands before a colon as the issuer
    let account = account.replace(':', " ");
    let builder = Builder::new().with_secret(secret).with_skew(1).with_account_name(account);
    builder.with_issuer(Some("Porchlight")).build().map_err(broken)
}

fn broken(error: impl std::fmt::Debug) -> Error {
    Error::internal(format!("second factor: {error:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);

    fn code(secret: &str, at: i64) -> String {
        let totp = totp(secret, "mia").expect("a secret");
        totp.generate(u64::try_from(at).expect("after 1970")).to_string()
    }

    #[test]
    fn auth_06_a_code_is_good_once_and_for_a_minute() {
        let secret = new_secret();
        let code = code(&secret, NOW.seconds());
        let step = step_of(&secret, &code, NOW, None).expect("works").expect("the code is right");
        assert_eq!(step_of(&secret, &code, NOW, Some(step)).expect("works"), None, "used");
        let later = Timestamp::from_millis(NOW.millis() + 90_000);
        assert_eq!(step_of(&secret, &code, later, None).expect("works"), None, "over");
        assert_eq!(step_of(&new_secret(), &code, NOW, None).expect("works"), None, "another secret");
        for odd in ["", "12345", "1234567", "abcdef", "+12345"] {
            assert_eq!(step_of(&secret, odd, NOW, None).expect("works"), None, "{odd}");
        }
    }

    #[test]
    fn apps_can_read_the_url() {
        let url = url(&new_secret(), "mia:x@example.com").expect("a url");
        assert!(url.starts_with("otpauth://totp/Porchlight:"), "{url}");
    }
}
