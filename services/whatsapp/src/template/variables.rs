//! The gaps in a text: `{{1}}` by place, or `{{first_name}}` by name.

/// How a template calls its gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `{{1}}`, `{{2}}` …
    ByPlace,
    /// `{{name}}`.
    ByName,
}

/// The gaps in the order in which they first appear, each once.
pub fn variables(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else { break };
        let name = name.trim().to_owned();
        if !name.is_empty() && !found.contains(&name) {
            found.push(name);
        }
        rest = after;
    }
    found
}

/// The text with its gaps filled; a gap without a value stays as it is.
pub fn filled(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else { break };
        out.push_str(before);
        match value(name.trim()) {
            Some(value) => out.push_str(&value),
            None => out.push_str(&format!("{{{{{name}}}}}")),
        }
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_found_once_and_in_order() {
        assert_eq!(variables("Hi {{ name }}, {{2}} of {{name}} {{"), ["name", "2"]);
        assert_eq!(variables("{{}} none"), Vec::<String>::new());
        assert_eq!(filled("Hi {{name}}, {{2}}", |name| (name == "name").then(|| "{{2}}".into())), "Hi {{2}}, {{2}}");
    }
}
