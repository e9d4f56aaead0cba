//! What a widget may be told to look like and say.

use kernel::wire::{WidgetFiles, WidgetSettings};
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
    check_files(&settings.files)
}

/// Numbers that could be meant. Whether the tenant allows as much is asked when somebody attaches: that may change later.
fn check_files(files: &WidgetFiles) -> Result<()> {
    if files.most.is_some_and(|most| !(0..=100).contains(&most)) {
        return Err(Error::field("files", "out_of_range", "A message may have up to 100 files."));
    }
    if files.max_bytes.is_some_and(|most| !(1..=1 << 30).contains(&most)) {
        return Err(Error::field("files", "out_of_range", "A file may have up to a gigabyte."));
    }
    let is_ending = |one: &String| {
        (1..=8).contains(&one.len()) && one.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    if files.types.as_ref().is_some_and(|types| types.len() > 50 || !types.iter().all(is_ending)) {
        return Err(Error::field("files", "unknown_type", "Types are endings of names such as pdf, without the dot."));
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
            WidgetSettings { locale: "../../x".into(), ..fine.clone() },
            WidgetSettings { files: WidgetFiles { most: Some(-1), ..WidgetFiles::default() }, ..fine.clone() },
            WidgetSettings { files: WidgetFiles { max_bytes: Some(0), ..WidgetFiles::default() }, ..fine.clone() },
            WidgetSettings {
                files: WidgetFiles { types: Some(vec![".PDF".into()]), ..WidgetFiles::default() },
                ..fine
            },
        ];
        assert!(bad.iter().all(|settings| check(settings).is_err()));
    }
}
