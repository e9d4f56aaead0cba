//! Meta's rules for new templates, checked before they are submitted.

use kernel::{Error, Result};

use super::components::{Button, Component, Template};
use super::variables::variables;

/// Refuses what would be rejected, with the reason in words.
pub fn check(template: &Template) -> Result<()> {
    name(&template.name)?;
    language(&template.language)?;
    if !["MARKETING", "UTILITY", "AUTHENTICATION"].contains(&template.category.as_str()) {
        return refuse("category", "unknown_value", "The category is MARKETING, UTILITY or AUTHENTICATION.");
    }
    if template.category == "AUTHENTICATION" {
        return authentication(template);
    }
    let bodies = template.components.iter().filter(|part| matches!(part, Component::Body(_))).count();
    if bodies != 1 {
        return refuse("components", "body_missing", "A template has exactly one text.");
    }
    template.components.iter().try_for_each(|part| component(template.named, part))
}

/// Meta writes the words of codes itself; all that is said of them is how the code is handed over.
fn authentication(template: &Template) -> Result<()> {
    let one = |wanted: fn(&Component) -> bool| template.components.iter().filter(|part| wanted(part)).count() == 1;
    let has_code =
        |part: &Component| matches!(part, Component::Buttons(all) if all.iter().any(|button| button.kind == "OTP"));
    if !one(|part| matches!(part, Component::Body(_))) {
        return refuse("components", "body_missing", "A template has exactly one text.");
    }
    match template.components.iter().any(has_code) {
        true => Ok(()),
        false => {
            refuse("buttons", "code_button_missing", "A template for codes has a button to copy or fill in the code.")
        }
    }
}

fn name(name: &str) -> Result<()> {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    match (1..=512).contains(&name.len()) && name.chars().all(fine) {
        true => Ok(()),
        false => refuse("name", "invalid_name", "A name has lower-case letters, digits and _ only."),
    }
}

fn language(tag: &str) -> Result<()> {
    let fine =
        tag.split('_').all(|part| (2..=4).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()));
    if fine { Ok(()) } else { refuse("language", "invalid_language", "The language looks like en or pt_BR.") }
}

fn component(named: bool, part: &Component) -> Result<()> {
    match part {
        Component::Header(text) => {
            length("header", text, 60)?;
            if variables(text).len() > 1 {
                return refuse("header", "variables", "A heading has one variable at most.");
            }
            gaps(named, "header", text)
        }
        Component::Body(text) => {
            length("body", text, 1_024)?;
            let trimmed = text.trim();
            if trimmed.starts_with("{{") || trimmed.ends_with("}}") {
                return refuse("body", "variables", "A text neither begins nor ends with a variable.");
            }
            gaps(named, "body", text)
        }
        Component::Footer(text) if !variables(text).is_empty() => {
            refuse("footer", "variables", "The small print has no variables.")
        }
        Component::Footer(text) => length("footer", text, 60),
        Component::Buttons(all) => buttons(all),
        Component::Media(format) if !["IMAGE", "VIDEO", "DOCUMENT", "LOCATION"].contains(&format.as_str()) => {
            refuse("header", "unknown_value", "A heading is TEXT, IMAGE, VIDEO, DOCUMENT or LOCATION.")
        }
        Component::Media(_) | Component::Other(_) => Ok(()),
    }
}

/// By place they count from 1 without a hole; by name they are lower-case words. Two side by side are refused.
fn gaps(named: bool, field: &'static str, text: &str) -> Result<()> {
    let found = variables(text);
    let fit = match named {
        true => found.iter().all(|gap| {
            gap.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
                && !gap.starts_with(|c: char| c.is_ascii_digit())
        }),
        false => {
            let mut places: Vec<usize> = found.iter().filter_map(|gap| gap.parse().ok()).collect();
            places.sort_unstable();
            places.len() == found.len() && places.iter().copied().eq(1..=found.len())
        }
    };
    if !fit {
        return refuse(
            field,
            "variables",
            if named {
                "Variables are lower-case words such as {{first_name}}."
            } else {
                "Variables count {{1}}, {{2}} … without a hole."
            },
        );
    }
    match text.contains("}}{{") || text.contains("}} {{") {
        true => refuse(field, "variables", "Two variables need words between them."),
        false => Ok(()),
    }
}

fn buttons(all: &[Button]) -> Result<()> {
    if !(1..=10).contains(&all.len()) {
        return refuse("buttons", "out_of_range", "A template has up to ten buttons.");
    }
    for button in all {
        length("buttons", &button.text, 25)?;
        let ok = match button.kind.as_str() {
            "URL" => button.url.as_deref().is_some_and(|url| url.starts_with("https://") && url.len() <= 2_000),
            "PHONE_NUMBER" => button.phone.as_deref().is_some_and(|phone| (5..=20).contains(&phone.len())),
            _ => true,
        };
        if !ok {
            return refuse(
                "buttons",
                "target_missing",
                "A button that leads somewhere needs its https link or its number.",
            );
        }
    }
    Ok(())
}

fn length(field: &'static str, text: &str, most: usize) -> Result<()> {
    match (1..=most).contains(&text.chars().count()) {
        true => Ok(()),
        false => Err(Error::field(field, "length", format!("This part has 1 to {most} characters."))),
    }
}

fn refuse(field: &'static str, code: &'static str, words: &'static str) -> Result<()> {
    Err(Error::field(field, code, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn template(body: &str) -> Template {
        let components = vec![Component::Body(body.to_owned())];
        Template {
            name: "order_sent".into(),
            language: "en_US".into(),
            category: "UTILITY".into(),
            named: false,
            components,
        }
    }

    #[test]
    fn what_meta_would_take_is_taken() {
        assert!(check(&template("Your order {{1}} is on its way to {{2}}.")).is_ok());
        let named = Template { named: true, ..template("Hello {{first_name}}, welcome.") };
        assert!(check(&named).is_ok());
    }

    #[test]
    fn what_meta_would_reject_is_refused_with_the_reason() {
        let bad = [
            template("{{1}} is on its way."),
            template("On its way: {{1}}"),
            template("Order {{2}} is on its way."),
            template("Order {{1}} {{2}} is on its way."),
            template(&"x".repeat(1_025)),
            template(""),
            Template { name: "Order-Sent".into(), ..template("fine") },
            Template { language: "english".into(), ..template("fine") },
            Template { category: "FUN".into(), ..template("fine") },
            Template { named: true, ..template("Hello {{First Name}}, welcome.") },
            Template { components: vec![], ..template("fine") },
        ];
        for one in bad {
            assert!(check(&one).is_err(), "{one:?}");
        }
    }
}
