//! The signature vectors of the dossier, byte for byte.

use data_encoding::BASE64;
use graph_sim::webhook::{escaped, sha256_hex, write};
use serde_json::Value;

const KEY: &str = "test_app_secret";

fn vectors() -> Vec<(String, Vec<u8>, String)> {
    let all: Value = serde_json::from_str(include_str!("vectors.json")).expect("the vectors");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let bytes = |value: &Value| BASE64.decode(text(value).as_bytes()).expect("base64");
    all.as_object()
        .expect("an object")
        .iter()
        .map(|(name, v)| (name.clone(), bytes(&v["body_b64"]), text(&v["sig"])))
        .collect()
}

#[test]
fn every_vector_is_signed_as_the_dossier_says() {
    assert_eq!(vectors().len(), 3);
    for (name, body, signature) in vectors() {
        assert_eq!(format!("sha256={}", sha256_hex(KEY, &body)), signature, "{name}");
    }
    let empty = br#"{"object":"whatsapp_business_account","entry":[]}"#;
    assert_eq!(sha256_hex(KEY, empty), "dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756");
}

#[test]
fn the_writer_escapes_as_the_vectors_do() {
    let forms = [("meta_wire_escaped", "meta", 604), ("utf8", "utf8", 553), ("u_escaped_plain_slash", "escaped", 603)];
    for (name, form, length) in forms {
        let (_, body, _) = vectors().into_iter().find(|(known, ..)| known == name).expect("a vector");
        assert_eq!(body.len(), length);
        // keys as they come in the vector: a text that only differs in its escaping is rebuilt byte for byte
        let plain = String::from_utf8(vectors().into_iter().find(|(known, ..)| known == "utf8").expect("one").1)
            .expect("UTF-8");
        let words = serde_json::from_str::<Value>(&plain).expect("JSON");
        let caption = &words["entry"][0]["changes"][0]["value"]["messages"][0]["image"]["caption"];
        let written = String::from_utf8(write(caption, form, None)).expect("UTF-8");
        assert!(String::from_utf8_lossy(&body).contains(&written), "{written}");
        if form == "escaped" {
            assert_eq!(escaped(&plain).as_bytes(), body);
        }
        assert_eq!(serde_json::from_slice::<Value>(&body).expect("JSON"), words);
    }
}
