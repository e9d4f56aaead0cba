//! What a widget may be told to look like and say.

use kernel::wire::WidgetSettings;
use kernel::{Error, Result};

/// Most characters of each text.
const TEXTS: [(&str, usize); 5] =
    [("title", 60), ("tagline", 120), ("greeting", 500), ("launcher_label", 30), ("locale", 16)];

/// Refuses settings that could not be shown.
pub fn check(settings: &WidgetSettings) -> Result<()> {
    let texts = [&settings.title, &settings.tagline, &settings.greeting, &settings.launcher_label, &settings.locale];
    for ((field, most), text) in TEXTS.into_iter().zip(texts) {
        if text.chars().count() > most || text.chars().any(|c| c.is_control() && c != '\n') {
            return Err(Error::field(
                field,
                "invalid_text",
                format!("{field} may have {most} characters and no control characters."),
            ));
        }
    }
    let hex = settings.color.strip_prefix('#').unwrap_or_default();
    if hex.len() != 6 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(Error::field("color", "invalid_color", "Write the colour as #rrggbb."));
    }
    if !(0..=200).contains(&settings.offset_x) || !(0..=200).contains(&settings.offset_y) {
        return Err(Error::field("offset_x", "out_of_range", "Offsets lie between 0 and 200 pixels."));
    }
    let tag = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if settings.locale.is_empty() || !settings.locale.chars().all(tag) {
        return Err(Error::field("locale", "invalid_locale", "The locale is auto or a language tag such as pt-BR."));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_settings_that_can_be_shown_are_taken() {
        let fine = WidgetSettings::default();
        assert!(check(&fine).is_ok());
        let bad = [
            WidgetSettings { color: "red".into(), ..fine.clone() },
            WidgetSettings { color: "#12345é".into(), ..fine.clone() },
            WidgetSettings { title: "x".repeat(61), ..fine.clone() },
            WidgetSettings { offset_x: -1, ..fine.clone() },
            WidgetSettings { locale: "../../x".into(), ..fine },
        ];
        assert!(bad.iter().all(|settings| check(settings).is_err()));
    }
}
