//! How text becomes words that can be found.
//!
//! Both databases get the same words, made here, so that both find the same messages: letters without their accents, in
//! lower case (`Größe` → `grosse`, `Café` → `cafe`); whatever is neither letter nor digit parts them. Scripts without
//! spaces (Chinese, Japanese, Korean, Thai and their neighbours) become pairs of characters, each overlapping the next,
//! and the last one by itself, so that any part of a sentence is found.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest word that is kept; what is longer is cut, here and in what is asked for.
const LONGEST: usize = 32;

/// A word and where in the text it stands, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// Folded.
    pub text: String,
    /// Where it was.
    pub place: Range<usize>,
    /// Characters of a script without spaces.
    pub is_dense: bool,
}

/// The words of a text in their order. Those of dense scripts are single characters: [`tokens`] pairs them.
pub fn words(text: &str) -> Vec<Word> {
    let mut found: Vec<Word> = Vec::new();
    let mut open: Option<Word> = None;
    for (start, c) in text.char_indices() {
        let end = start + c.len_utf8();
        if !is_letter(c) {
            found.extend(open.take());
            continue;
        }
        if is_dense(c) {
            found.extend(open.take());
            found.push(Word { text: folded(c), place: start..end, is_dense: true });
            continue;
        }
        let word = open.get_or_insert_with(|| Word { text: String::new(), place: start..end, is_dense: false });
        word.place.end = end;
        if word.text.chars().count() < LONGEST {
            word.text.push_str(&folded(c));
        }
    }
    found.extend(open);
    found.retain(|word| !word.text.is_empty());
    found
}

/// What a text is found by.
pub fn tokens(text: &str) -> Vec<String> {
    let words = words(text);
    let mut found: Vec<String> = Vec::with_capacity(words.len());
    for (n, word) in words.iter().enumerate() {
        match next_of(&words, n) {
            Some(next) => found.push(format!("{}{}", word.text, next.text)),
            None => found.push(word.text.clone()),
        }
    }
    found
}

/// What must be found for a question: words a text's words begin with. Pairs of a dense script stand for themselves.
pub fn asked(question: &str) -> Vec<String> {
    let words = words(question);
    let mut asked: Vec<String> = Vec::new();
    for (n, word) in words.iter().enumerate() {
        let follows = n > 0 && next_of(&words, n - 1).is_some();
        let text = match next_of(&words, n) {
            Some(next) => format!("{}{}", word.text, next.text),
            // the last character of several is in the pair before it
            None if follows => continue,
            None => word.text.clone(),
        };
        if !asked.contains(&text) {
            asked.push(text);
        }
    }
    asked
}

/// The character right after one of a dense script, if it belongs to it.
fn next_of(words: &[Word], n: usize) -> Option<&Word> {
    let (word, next) = (words.get(n)?, words.get(n + 1)?);
    (word.is_dense && next.is_dense && word.place.end == next.place.start).then_some(next)
}

fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// One character without its accent, in lower case.
fn folded(c: char) -> String {
    match c {
        'ß' | 'ẞ' => return "ss".to_owned(),
        'æ' | 'Æ' => return "ae".to_owned(),
        'œ' | 'Œ' => return "oe".to_owned(),
        'ø' | 'Ø' => return "o".to_owned(),
        'ł' | 'Ł' => return "l".to_owned(),
        'đ' | 'Đ' | 'ð' | 'Ð' => return "d".to_owned(),
        'þ' | 'Þ' => return "th".to_owned(),
        'ı' => return "i".to_owned(),
        'ς' => return "σ".to_owned(),
        _ => (),
    }
    let bare = c.nfkd().filter(|c| !is_accent(*c)).nfc();
    bare.flat_map(char::to_lowercase).filter(|c| !is_accent(*c) && is_letter(*c)).collect()
}

/// Accents of Latin, Greek and Cyrillic; points of Hebrew and Arabic, which people leave out. Vowel signs of other
/// scripts are letters.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}')
}

fn is_dense(c: char) -> bool {
    matches!(u32::from(c),
        0x0e00..=0x0eff // Thai, Lao
        | 0x1000..=0x109f | 0x1780..=0x17ff // Burmese, Khmer
        | 0x1100..=0x11ff | 0xac00..=0xd7af // Korean
        | 0x3040..=0x30ff | 0x31f0..=0x31ff | 0xff66..=0xff9f // Japanese
        | 0x3005..=0x3007 | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x20000..=0x3ffff) // Chinese
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a text is found by a question, as both databases decide it.
    fn finds(question: &str, text: &str) -> bool {
        let tokens = tokens(text);
        let asked = asked(question);
        !asked.is_empty() && asked.iter().all(|word| tokens.iter().any(|token| token.starts_with(word.as_str())))
    }

    #[test]
    fn the_beginning_of_a_word_finds_it() {
        assert!(finds("par", "Where is my parcel?"));
        assert!(finds("parcel where", "Where is my PARCEL?"));
        assert!(!finds("cel", "Where is my parcel?"));
        assert!(!finds("parcel red", "Where is my parcel?"));
    }

    #[test]
    fn accents_and_case_do_not_matter() {
        for (question, text) in [
            ("grosse", "Welche Größe?"),
            ("GRÖSSE", "welche grosse"),
            ("cafe", "Café"),
            ("cafe", "Cafe\u{301}"),
            ("lodz", "Łódź"),
            ("елка", "Ёлка"),
            ("ἀθῆναι", "ΑΘΗΝΑΙ"),
            ("istanbul", "İstanbul"),
            ("ﬁne", "fine"),
        ] {
            assert!(finds(question, text), "{question} does not find {text}: {:?}", tokens(text));
        }
    }

    #[test]
    fn any_part_of_a_script_without_spaces_is_found() {
        let text = "東京都に住んでいます";
        for part in ["東", "京都", "東京都", "住んで", "す"] {
            assert!(finds(part, text), "{part}");
        }
        assert!(!finds("京東", text));
        assert!(finds("배송", "언제배송되나요"));
        assert!(finds("สินค้า", "ดูสินค้าใหม่"));
        assert!(finds("नमस्ते", "आप को नमस्ते"), "vowel signs are part of a word");
    }

    #[test]
    fn what_holds_no_letter_asks_for_nothing() {
        assert!(asked(" ?! … 👋 ").is_empty());
        assert!(tokens("").is_empty());
        assert_eq!(asked("a-a A"), ["a"]);
    }

    #[test]
    fn places_are_those_of_the_text_as_it_was_written() {
        let text = "die Größe „XL“";
        let found = words(text);
        let shown: Vec<_> = found.iter().map(|word| &text[word.place.clone()]).collect();
        assert_eq!(shown, ["die", "Größe", "XL"]);
        assert_eq!(words(&"x".repeat(500))[0].text.len(), LONGEST);
    }
}
