//! Files by id, with the two lives they have: the id's and the address's.

use sha2::{Digest, Sha256};

/// Who brought a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Uploaded through the API: lives 30 days.
    Uploaded,
    /// Sent by a user: its id lives 7 days.
    Received,
}

/// A file.
#[derive(Clone, Debug)]
pub struct Media {
    /// Its id.
    pub id: String,
    /// The number it belongs to.
    pub number: String,
    /// Bytes.
    pub bytes: Vec<u8>,
    /// MIME type.
    pub mime: String,
    /// File name.
    pub filename: Option<String>,
    /// Who brought it.
    pub origin: Origin,
    /// When.
    pub at: i64,
    /// Addresses handed out: (token, ends).
    pub addresses: Vec<(String, i64)>,
}

impl Media {
    /// Whether the id still answers.
    pub fn lives(&self, now: i64) -> bool {
        let days = if self.origin == Origin::Uploaded { 30 } else { 7 };
        now - self.at < days * super::DAY
    }
}

/// A resumable upload of the app.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    /// The app.
    pub app: String,
    /// Promised length.
    pub length: usize,
    /// Type.
    pub kind: String,
    /// Bytes so far.
    pub bytes: Vec<u8>,
}

/// SHA-256 of bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// A small real file of a kind, for users who just "send a picture".
pub fn sample(kind: &str) -> (&'static str, Vec<u8>) {
    let base64 = |text: &str| data_encoding::BASE64.decode(text.as_bytes()).unwrap_or_default();
    match kind {
        "image" => ("image/png", base64(include_str!("samples/picture.png.b64").trim())),
        "sticker" => ("image/webp", base64("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")),
        "video" => ("video/mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom\0\0\0\x08free".to_vec()),
        "audio" => ("audio/mpeg", b"ID3\x04\0\0\0\0\0\0\xff\xfb\x90\x64".to_vec()),
        "voice" => ("audio/ogg; codecs=opus", b"OggS\0\x02\0\0\0\0\0\0\0\0\0\0\0\0OpusHead\x01\x01".to_vec()),
        _ => ("application/pdf", b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 80]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n".to_vec()),
    }
}
