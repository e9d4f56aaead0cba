//! Containers of sound and film, with nothing to hear or see in them.

/// Two seconds of frames behind a tag.
pub fn mp3() -> Vec<u8> {
    let mut frame = vec![0xff, 0xfb, 0x90, 0x00];
    // 128 kbit/s at 44.1 kHz
    frame.resize(417, 0);
    [b"ID3\x04\0\0\0\0\0\x0a0123456789".to_vec(), frame.repeat(77)].concat()
}

/// Sound in the family of MP4.
pub fn m4a() -> Vec<u8> {
    boxes(b"M4A ")
}

/// Film of telephones.
pub fn three_gp() -> Vec<u8> {
    boxes(b"3gp4")
}

/// Half a second of AAC in frames of its own.
pub fn aac() -> Vec<u8> {
    let mut frame = vec![0xff, 0xf1, 0x50, 0x80, 0x0c, 0x9f, 0xfc];
    frame.resize(100, 0x21);
    frame.repeat(21)
}

/// A second of speech of telephones, at 12.2 kbit/s.
pub fn amr() -> Vec<u8> {
    let mut frame = vec![0x3c];
    frame.resize(32, 0x55);
    [b"#!AMR\n".to_vec(), frame.repeat(50)].concat()
}

/// Film in the family of MP4.
pub fn mp4() -> Vec<u8> {
    boxes(b"isom")
}

fn boxes(brand: &[u8; 4]) -> Vec<u8> {
    let one = |name: &[u8; 4], content: &[u8]| {
        let length = u32::try_from(content.len() + 8).expect("short").to_be_bytes();
        [&length[..], name, content].concat()
    };
    let kind = [&brand[..], b"\0\0\x02\0", b"isommp42"].concat();
    [one(b"ftyp", &kind), one(b"moov", &one(b"mvhd", &[0; 100])), one(b"mdat", &[7; 500])].concat()
}

/// The first pages of an Ogg stream.
pub fn ogg() -> Vec<u8> {
    [&b"OggS\0\x02"[..], &[0; 20], b"\x01\x13OpusHead\x01\x01\0\0\x80\xbb\0\0\0\0\0", &[0; 200]].concat()
}

/// The head of a WebM file.
pub fn webm() -> Vec<u8> {
    let head = b"\x42\x86\x81\x01\x42\xf7\x81\x01\x42\xf2\x81\x04\x42\xf3\x81\x08\x42\x82\x84webm\x42\x87\x81\x04\x42\x85\x81\x02";
    let length = 0x80 | u8::try_from(head.len()).expect("short");
    [&[0x1a, 0x45, 0xdf, 0xa3, length], &head[..], &[0x18, 0x53, 0x80, 0x67, 0x01, 0xff], &[0; 200]].concat()
}
