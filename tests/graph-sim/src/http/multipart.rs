//! `multipart/form-data`, as much of it as an upload needs.

/// One part of a form.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// The field's name.
    pub name: String,
    /// The file's name, if it is a file.
    pub filename: Option<String>,
    /// The declared type.
    pub content_type: Option<String>,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// The parts of a form; `None` when it is not one.
pub fn parts(content_type: &str, body: &[u8]) -> Option<Vec<Part>> {
    let boundary = content_type.split("boundary=").nth(1)?.split(';').next()?.trim().trim_matches('"');
    let mark = format!("--{boundary}").into_bytes();
    let mut found = Vec::new();
    let mut rest = &body[find(body, &mark)? + mark.len()..];
    while !rest.starts_with(b"--") {
        let next = find(rest, &mark)?;
        found.extend(part(rest[..next].strip_prefix(b"\r\n")?));
        rest = &rest[next + mark.len()..];
    }
    Some(found)
}

fn part(bytes: &[u8]) -> Option<Part> {
    let end = find(bytes, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let body = &bytes[end + 4..];
    let mut part = Part { bytes: body.strip_suffix(b"\r\n").unwrap_or(body).to_vec(), ..Part::default() };
    for line in head.lines() {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        match name.to_ascii_lowercase().as_str() {
            "content-disposition" => {
                part.name = attribute(value, "name").unwrap_or_default();
                part.filename = attribute(value, "filename");
            }
            "content-type" => part.content_type = Some(value.trim().to_owned()),
            _ => {}
        }
    }
    Some(part)
}

fn attribute(value: &str, name: &str) -> Option<String> {
    let mut parts = value.split(';').map(str::trim);
    let found = parts.find_map(|part| part.strip_prefix(name)?.strip_prefix('='))?;
    Some(found.trim_matches('"').to_owned())
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}
