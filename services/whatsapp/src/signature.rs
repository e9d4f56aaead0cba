//! Whether a delivery comes from Meta: HMAC-SHA256 of the bytes as they arrived, under the app's secret.

use hmac::{Hmac, KeyInit, Mac};
use kernel::Secret;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// The header that carries the signature.
pub const HEADER: &str = "x-hub-signature-256";
const PREFIX: &[u8] = b"sha256=";
/// `sha256=` and 64 digits.
const LENGTH: usize = 71;

/// How a signature was found to be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Over the bytes as they are.
    AsSent,
    /// Over the same text with everything beyond ASCII written as `\u…`: a proxy re-encoded the body on its way. Worth
    /// counting, and no weaker: the secret vouches for the text all the same.
    Escaped,
}

/// Checks the header against the body, with every secret that is valid now (two while one is being replaced). No
/// header is no proof. Nothing is parsed before this has passed.
pub fn check(header: Option<&[u8]>, body: &[u8], secrets: &[Secret<String>]) -> Option<Proof> {
    let given = digits(header?)?;
    if secrets.iter().any(|secret| is_signed(&given, body, secret)) {
        return Some(Proof::AsSent);
    }
    let escaped = escaped(body)?;
    secrets.iter().any(|secret| is_signed(&given, &escaped, secret)).then_some(Proof::Escaped)
}

/// The 32 bytes the header names. Lower-case hexadecimal only, as Meta writes it.
fn digits(header: &[u8]) -> Option<[u8; 32]> {
    let hex = header.strip_prefix(PREFIX).filter(|_| header.len() == LENGTH)?;
    data_encoding::HEXLOWER.decode(hex).ok()?.try_into().ok()
}

fn is_signed(given: &[u8; 32], body: &[u8], secret: &Secret<String>) -> bool {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.reveal().as_bytes()) else { return false };
    mac.update(body);
    mac.finalize().into_bytes().as_slice().ct_eq(given).into()
}

/// The body as Meta writes it: every UTF-16 unit beyond ASCII as `\u` and four lower-case digits. `None` when there is
/// none, or when it is no text.
fn escaped(body: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(body).ok().filter(|text| !text.is_ascii())?;
    let mut out = Vec::with_capacity(body.len() + body.len() / 2);
    for unit in text.encode_utf16() {
        match u8::try_from(unit) {
            Ok(ascii) if ascii.is_ascii() => out.push(ascii),
            _ => out.extend_from_slice(format!("\\u{unit:04x}").as_bytes()),
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secrets() -> Vec<Secret<String>> {
        vec![Secret::new("test_app_secret".to_owned())]
    }

    fn header(digits: &str) -> Vec<u8> {
        format!("sha256={digits}").into_bytes()
    }

    const EMPTY: &[u8] = br#"{"object":"whatsapp_business_account","entry":[]}"#;
    const EMPTY_SIGNED: &str = "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756";

    #[test]
    fn what_the_secret_signed_is_believed() {
        assert_eq!(check(Some(&header(EMPTY_SIGNED)), EMPTY, &secrets()), Some(Proof::AsSent));
        let rotated = [Secret::new("the new one".to_owned()), secrets().remove(0)];
        assert_eq!(check(Some(&header(EMPTY_SIGNED)), EMPTY, &rotated), Some(Proof::AsSent));
    }

    #[test]
    fn wah_01_nothing_else_is() {
        let upper = EMPTY_SIGNED.to_uppercase();
        let headers: [&[u8]; 8] = [
            b"",
            b"sha256=",
            EMPTY_SIGNED.as_bytes(),
            &header(&upper),
            &header(&EMPTY_SIGNED[1..]),
            &header(&format!("{EMPTY_SIGNED}0")),
            &header(&EMPTY_SIGNED.replace('d', "g")),
            &[b"sha256=".as_slice(), &[0xff; 64]].concat(),
        ];
        for header in headers {
            assert_eq!(check(Some(header), EMPTY, &secrets()), None, "{:?}", String::from_utf8_lossy(header));
        }
        assert_eq!(check(None, EMPTY, &secrets()), None);
        assert_eq!(check(Some(&header(EMPTY_SIGNED)), EMPTY, &[]), None);
        let mut altered = EMPTY.to_vec();
        altered[3] ^= 1;
        assert_eq!(check(Some(&header(EMPTY_SIGNED)), &altered, &secrets()), None);
    }

    #[test]
    fn a_re_encoded_body_is_believed_by_what_meta_signed() {
        let sent = br#"{"name":"Jos\u00e9 \ud83d\ude00"}"#;
        let arrived = "{\"name\":\"José 😀\"}".as_bytes();
        assert_eq!(escaped(arrived).as_deref(), Some(sent.as_slice()));
        let mut mac = Hmac::<Sha256>::new_from_slice(b"test_app_secret").expect("any key will do");
        mac.update(sent);
        let signed = header(&data_encoding::HEXLOWER.encode(&mac.finalize().into_bytes()));
        assert_eq!(check(Some(&signed), sent, &secrets()), Some(Proof::AsSent));
        assert_eq!(check(Some(&signed), arrived, &secrets()), Some(Proof::Escaped));
    }
}
