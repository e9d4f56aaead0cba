//! Under which names WhatsApp speaks of one person.
//!
//! A person is a set of aliases. A phone number may be missing altogether, `wa_id` is not the phone number in three
//! countries, and the business-scoped id changes when the number does: look up by the id, then by `wa_id`, then by
//! every way the number is written.

/// One name of a person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Alias {
    /// Business-scoped user id, such as `US.13491208655302741918`: known to one portfolio.
    User(String),
    /// The same for linked portfolios, `US.ENT.…`.
    Parent(String),
    /// What Meta addresses them by: digits, no `+`.
    Wa(String),
    /// Several people together, who are one contact here.
    Group(String),
}

impl Alias {
    /// The word kept in tables.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Parent(_) => "parent",
            Self::Wa(_) => "wa",
            Self::Group(_) => "group",
        }
    }

    /// The name itself.
    pub fn value(&self) -> &str {
        match self {
            Self::User(value) | Self::Parent(value) | Self::Wa(value) | Self::Group(value) => value,
        }
    }

    /// Reads what stands where an id stands: some senders put a business-scoped id where a phone belongs, or an empty
    /// text where nothing does. Phone rules never touch such an id.
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        if is_scoped(text) {
            let linked = text.split('.').nth(1) == Some("ENT");
            return Some(if linked { Self::Parent(text.to_owned()) } else { Self::User(text.to_owned()) });
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        (5..=20).contains(&digits.len()).then_some(Self::Wa(digits))
    }
}

/// Two capital letters, a dot, and something.
fn is_scoped(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() > 3 && bytes[..2].iter().all(u8::is_ascii_uppercase) && bytes[2] == b'.' && text.len() <= 160
}

/// Every way the same line may be written: Brazil's ninth digit, Mexico's 1, Argentina's 9. The given one comes first.
pub fn variants(wa: &str) -> Vec<String> {
    let mut all = vec![wa.to_owned()];
    all.extend(brazil(wa).into_iter().chain(inserted(wa, "52", "1", 10)).chain(inserted(wa, "54", "9", 10)));
    all
}

/// `55 DD [9]XXXXXXXX`; landlines (first digit 2 to 5) never have a ninth.
fn brazil(wa: &str) -> Option<String> {
    let rest = wa.strip_prefix("55")?;
    let (area, line) = rest.split_at_checked(2)?;
    let is_mobile = |line: &str| line.starts_with(['6', '7', '8', '9']);
    match line.len() {
        8 if is_mobile(line) => Some(format!("55{area}9{line}")),
        9 => line.strip_prefix('9').filter(|line| is_mobile(line)).map(|line| format!("55{area}{line}")),
        _ => None,
    }
}

/// A country that puts a digit between its code and `length` digits of number.
fn inserted(wa: &str, country: &str, digit: &str, length: usize) -> Option<String> {
    let rest = wa.strip_prefix(country)?;
    match rest.strip_prefix(digit).filter(|line| line.len() == length) {
        Some(line) => Some(format!("{country}{line}")),
        None => (rest.len() == length).then(|| format!("{country}{digit}{rest}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_never_taken_for_a_phone_number() {
        assert_eq!(Alias::of("US.13491208655302741918"), Some(Alias::User("US.13491208655302741918".into())));
        assert_eq!(Alias::of("US.ENT.1349"), Some(Alias::Parent("US.ENT.1349".into())));
        assert_eq!(Alias::of("+1 (650) 555-1234 "), Some(Alias::Wa("16505551234".into())));
        assert_eq!(Alias::of(""), None);
        assert_eq!(Alias::of("12"), None);
    }

    #[test]
    fn national_spellings_of_one_line_meet() {
        for (a, b) in
            [("5511987654321", "551187654321"), ("5215512345678", "525512345678"), ("5491122334455", "541122334455")]
        {
            assert_eq!(variants(a), [a, b]);
            assert_eq!(variants(b), [b, a]);
        }
        assert_eq!(variants("551133334444"), ["551133334444"], "a landline has no ninth digit");
        assert_eq!(variants("4915112345678"), ["4915112345678"]);
    }
}
