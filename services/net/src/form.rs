//! A form with one file, written as it is sent: nobody holds the file.

use bytes::Bytes;
use futures::stream::{self, BoxStream, StreamExt};
use kernel::Result;
use reqwest::{Body, RequestBuilder};

/// A form with one file in it.
pub struct Form<'a> {
    /// Its other fields.
    pub fields: &'a [(&'a str, &'a str)],
    /// The name of the field that holds the file.
    pub field: &'a str,
    /// What the file is called.
    pub name: &'a str,
    /// What it is.
    pub media_type: &'a str,
    /// How many bytes it has; the body must have as many.
    pub length: u64,
    /// Its bytes.
    pub body: BoxStream<'static, Result<Bytes>>,
}

impl Form<'_> {
    /// Puts it on a request, with its length: Meta takes no body of unknown length.
    pub(crate) fn onto(self, request: RequestBuilder) -> RequestBuilder {
        // random, so that no file can hold it on purpose
        let boundary = kernel::random_token("porchlight-");
        let (head, tail) = (Bytes::from(self.head(&boundary)), Bytes::from(format!("\r\n--{boundary}--\r\n")));
        let length = head.len() as u64 + self.length + tail.len() as u64;
        let body = stream::iter([Ok(head)]).chain(self.body).chain(stream::iter([Ok(tail)]));
        request
            .header("content-type", format!("multipart/form-data; boundary={boundary}"))
            .header("content-length", length)
            .body(Body::wrap_stream(body))
    }

    fn head(&self, boundary: &str) -> String {
        let field = |(name, value): &(&str, &str)| {
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"\r\n\r\n{}\r\n",
                quoted(name),
                one_line(value)
            )
        };
        let fields: String = self.fields.iter().map(field).collect();
        format!(
            "{fields}--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\nContent-Type: {}\r\n\r\n",
            quoted(self.field),
            quoted(self.name),
            one_line(self.media_type)
        )
    }
}

/// As browsers write names of files.
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_writes_a_header_of_its_own() {
        let body = stream::empty().boxed();
        let form = Form {
            fields: &[("type", "image/png\r\nX-Evil: 1")],
            field: "file",
            name: "a\"; name=\"b\r\nX-Evil: 1",
            media_type: "image/png",
            length: 0,
            body,
        };
        let head = form.head("B");
        assert!(!head.lines().any(|line| line.starts_with("X-Evil")), "{head}");
        assert!(head.contains("filename=\"a%22; name=%22b%0D%0AX-Evil: 1\""), "{head}");
    }
}
