//! What people and sites say about a person, checked before it is kept.

use kernel::wire::{Context, PageSeen};
use kernel::{Email, Error, Name, Result};
use serde_json::{Map, Value};
use url::Url;

use super::tables::contact;

/// What to change about a person; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct Profile {
    /// Name.
    pub name: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Phone number: digits, blanks and `+-()./`.
    pub phone: Option<String>,
    /// Flat values, up to 20; `null` removes one.
    pub attributes: Option<Map<String, Value>>,
    /// Page the person is on.
    pub page: Option<PageSeen>,
    /// Language tag.
    pub locale: Option<String>,
}

impl Profile {
    /// Checks everything and writes it into `row`. Returns whether anything differs.
    pub(super) fn apply(&self, row: &mut contact::Model) -> Result<bool> {
        let before = row.clone();
        if let Some(name) = &self.name {
            row.name = Some(Name::parse(name)?.into_string());
        }
        if let Some(email) = &self.email {
            row.email = Some(Email::parse(email)?.as_str().to_owned());
        }
        if let Some(phone) = &self.phone {
            row.phone = Some(check_phone(phone)?);
        }
        if let Some(attributes) = &self.attributes {
            row.attributes = merge(&row.attributes, attributes)?;
        }
        if let Some(page) = &self.page {
            row.page = Some(serde_json::to_string(&clean_page(page)?).map_err(Error::internal)?);
        }
        if let Some(locale) = &self.locale {
            row.locale = Some(check_locale(locale)?);
        }
        Ok(*row != before)
    }
}

fn check_phone(text: &str) -> Result<String> {
    let phone = text.trim();
    let fine = |c: char| c.is_ascii_digit() || " +-()./".contains(c);
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    if phone.len() > 32 || !(4..=20).contains(&digits) || !phone.chars().all(fine) {
        return Err(Error::field("phone", "invalid_phone", "Write a phone number such as +44 20 7946 0958."));
    }
    Ok(phone.to_owned())
}

fn check_locale(text: &str) -> Result<String> {
    if text.is_empty() || text.len() > 35 || !text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
        return Err(Error::field("locale", "invalid_locale", "Write a language tag such as pt-BR."));
    }
    Ok(text.to_owned())
}

fn merge(have: &str, change: &Map<String, Value>) -> Result<String> {
    let mut attributes: Map<String, Value> = serde_json::from_str(have).map_err(Error::internal)?;
    for (key, value) in change {
        check_attribute(key, value)?;
        match value {
            Value::Null => drop(attributes.remove(key)),
            _ => drop(attributes.insert(key.clone(), value.clone())),
        }
    }
    if attributes.len() > 20 {
        return Err(Error::field("attributes", "too_many", "A contact may have 20 attributes."));
    }
    serde_json::to_string(&attributes).map_err(Error::internal)
}

fn check_attribute(key: &str, value: &Value) -> Result<()> {
    let key_fine =
        (1..=40).contains(&key.len()) && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    let value_fine = match value {
        Value::String(text) => text.chars().count() <= 200 && !text.chars().any(char::is_control),
        Value::Array(_) | Value::Object(_) => false,
        _ => true,
    };
    match key_fine && value_fine {
        true => Ok(()),
        false => Err(Error::field(
            "attributes",
            "invalid_attribute",
            "Attributes are flat: names of 1 to 40 letters, texts up to 200 characters.",
        )),
    }
}

/// A page without its query and fragment, which may hold anything.
pub fn clean_page(page: &PageSeen) -> Result<PageSeen> {
    let mut url = web_url("page", &page.url)?;
    url.set_query(None);
    url.set_fragment(None);
    let title = page.title.chars().filter(|c| !c.is_control()).take(200).collect();
    Ok(PageSeen { url: url.into(), title })
}

/// What the visitor talks about, with every text within its length and only web addresses.
pub fn clean_context(context: &Context) -> Result<Context> {
    let title: String = context.title.trim().chars().filter(|c| !c.is_control()).collect();
    if title.is_empty() || title.chars().count() > 200 {
        return Err(Error::field("context", "invalid_title", "The context's title has 1 to 200 characters."));
    }
    if context.price.as_ref().is_some_and(|price| price.chars().count() > 40 || price.chars().any(char::is_control)) {
        return Err(Error::field("context", "invalid_price", "The context's price has up to 40 characters."));
    }
    let url = context.url.as_deref().map(|url| web_url("context", url).map(String::from)).transpose()?;
    let image = context.image.as_deref().map(|url| web_url("context", url).map(String::from)).transpose()?;
    Ok(Context { title, image, price: context.price.clone(), url })
}

fn web_url(field: &'static str, text: &str) -> Result<Url> {
    let bad = || Error::field(field, "invalid_url", "Write a web address that starts with https:// or http://.");
    if text.len() > 2000 {
        return Err(bad());
    }
    let url = Url::parse(text).map_err(|_| bad())?;
    match url.scheme() {
        "https" | "http" if url.username().is_empty() && url.password().is_none() => Ok(url),
        _ => Err(bad()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_loses_its_query_and_scripts_are_no_pages() {
        let page = |url: &str| clean_page(&PageSeen { url: url.into(), title: "Shoes\u{7}".into() });
        let clean = page("https://shop.test/p/1?token=abc#x").expect("a page");
        assert_eq!((clean.url.as_str(), clean.title.as_str()), ("https://shop.test/p/1", "Shoes"));
        for bad in ["javascript:alert(1)", "data:text/html,x", "https://a:b@shop.test/", "nonsense"] {
            assert!(page(bad).is_err(), "{bad} was taken");
        }
    }

    #[test]
    fn attributes_stay_flat_and_few() {
        let map = |json: serde_json::Value| json.as_object().cloned().unwrap_or_default();
        assert_eq!(
            merge("{}", &map(serde_json::json!({"plan": "pro", "seats": 3}))).ok().as_deref(),
            Some(r#"{"plan":"pro","seats":3}"#)
        );
        assert_eq!(merge(r#"{"plan":"pro"}"#, &map(serde_json::json!({"plan": null}))).ok().as_deref(), Some("{}"));
        assert!(merge("{}", &map(serde_json::json!({"deep": {"a": 1}}))).is_err());
        assert!(merge("{}", &map(serde_json::json!({"a b": 1}))).is_err());
        let many: Map<String, Value> = (0..21).map(|n| (format!("k{n}"), Value::from(n))).collect();
        assert!(merge("{}", &many).is_err());
    }
}
