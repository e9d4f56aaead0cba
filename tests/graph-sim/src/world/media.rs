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
    let (mime, text) = match kind {
        "image" => ("image/png", include_str!("samples/picture.png.b64")),
        "sticker" => ("image/webp", include_str!("samples/sticker.webp.b64")),
        "video" => ("video/mp4", include_str!("samples/video.mp4.b64")),
        "audio" => ("audio/mpeg", include_str!("samples/audio.mp3.b64")),
        "voice" => ("audio/ogg; codecs=opus", include_str!("samples/voice.ogg.b64")),
        _ => ("application/pdf", include_str!("samples/paper.pdf.b64")),
    };
    (mime, data_encoding::BASE64.decode(text.trim().as_bytes()).expect("the samples are base64"))
}
