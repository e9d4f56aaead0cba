//! Bytes and signatures that do not belong together.

use data_encoding::HEXLOWER;
use serde_json::Value;

use crate::webhook::{Target, Update, envelope, escaped, sha1_hex, sha256_hex, write};
use crate::world::World;

type Headers = Vec<(String, Vec<u8>)>;

/// The body and its headers, if a mark wants them otherwise than honest.
pub(super) fn forge(
    world: &mut World,
    target: &Target,
    updates: &[Update],
    marks: &[(String, Value)],
    body: Vec<u8>,
) -> (Vec<u8>, Option<Headers>) {
    let Some(mark) = marks.iter().map(|(mark, _)| mark.as_str()).find(|mark| mark.starts_with("F9.")) else {
        return (body, None);
    };
    let secret = world.apps.get(&target.app).map(|app| app.secret.clone()).unwrap_or_default();
    let body = match mark {
        "F9.signed_escaped" => {
            let document = envelope(world, updates);
            write(&document, "utf8", None)
        }
        "F9.garbage" => b"{\"object\":\"whatsapp_business_account\",\"entry\":[{".to_vec(),
        _ => body,
    };
    let headers = headers(world, mark, &secret, &body);
    (if mark == "F9.altered" { altered(body) } else { body }, Some(headers))
}

fn headers(world: &mut World, mark: &str, secret: &str, body: &[u8]) -> Headers {
    let right = sha256_hex(secret, body);
    let new = |text: String| vec![("x-hub-signature-256".to_owned(), text.into_bytes())];
    match mark {
        "F9.missing" => Vec::new(),
        "F9.wrong_secret" => new(format!("sha256={}", sha256_hex("some other secret", body))),
        "F9.sha1_only" => vec![("x-hub-signature".to_owned(), format!("sha1={}", sha1_hex(secret, body)).into_bytes())],
        "F9.uppercase" => new(format!("sha256={}", right.to_uppercase())),
        "F9.non_hex" => new(format!("sha256={}", "z".repeat(64))),
        "F9.short" => new(format!("sha256={}", &right[..63])),
        "F9.prefix" => new(right),
        "F9.bytes" => {
            vec![("x-hub-signature-256".to_owned(), [b"sha256=".as_slice(), &[0xff, 0xfe], &noise(world)].concat())]
        }
        "F9.signed_escaped" => {
            let form = escaped(&String::from_utf8_lossy(body));
            new(format!("sha256={}", sha256_hex(secret, form.as_bytes())))
        }
        _ => new(format!("sha256={right}")),
    }
}

fn noise(world: &mut World) -> Vec<u8> {
    HEXLOWER.encode(&crate::world::sha256(&world.dice.throw().to_be_bytes())).into_bytes()[2..].to_vec()
}

/// A digit of the first number becomes another: still JSON, no longer what was signed.
fn altered(mut body: Vec<u8>) -> Vec<u8> {
    if let Some(digit) = body.iter_mut().find(|byte| byte.is_ascii_digit()) {
        *digit = if *digit == b'9' { b'8' } else { *digit + 1 };
    }
    body
}
