//! Numbers that Meta writes differently from how they are dialled.

/// The wa_id of a dialled number: Brazil loses the ninth digit outside the big area codes, Mexico gains a 1,
/// Argentina a 9.
pub fn canonical(phone: &str) -> String {
    let (country, rest) = phone.split_at(phone.len().min(2));
    match (country, rest.len()) {
        ("55", 11) if rest[2..].starts_with('9') && &rest[..2] >= "31" => format!("55{}{}", &rest[..2], &rest[3..]),
        ("52", 10) => format!("521{rest}"),
        ("54", 10) => format!("549{rest}"),
        _ => phone.to_owned(),
    }
}

/// Every way one number may be written.
pub fn variants(phone: &str) -> Vec<String> {
    let mut all = vec![phone.to_owned(), canonical(phone)];
    let (country, rest) = phone.split_at(phone.len().min(2));
    match (country, rest.len()) {
        ("55", 11) if rest[2..].starts_with('9') => all.push(format!("55{}{}", &rest[..2], &rest[3..])),
        ("55", 10) if rest.as_bytes()[2] >= b'6' => all.push(format!("55{}9{}", &rest[..2], &rest[2..])),
        ("52", 11) if rest.starts_with('1') => all.push(format!("52{}", &rest[1..])),
        ("54", 11) if rest.starts_with('9') => all.push(format!("54{}", &rest[1..])),
        _ => {}
    }
    all.dedup();
    all
}
