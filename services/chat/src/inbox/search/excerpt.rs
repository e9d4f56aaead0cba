//! The words around what was looked for.

use std::ops::Range;

use kernel::wire::Stretch;

use super::words::{Word, words};

/// Characters shown before the first hit, and in all.
const BEFORE: usize = 40;
const SHOWN: usize = 180;

/// The part of a text around the first hit, with the hits in it; `None` when a word that was asked for is not there.
pub fn excerpt(texts: &[&str], asked: &[String]) -> Option<Vec<Stretch>> {
    let hits: Vec<_> = texts.iter().map(|text| hits(text, asked)).collect();
    let is_there = |n: &usize| hits.iter().flatten().any(|(which, _)| which.contains(n));
    if !(0..asked.len()).all(|n| is_there(&n)) {
        return None;
    }
    let (text, hits) = texts.iter().zip(&hits).find(|(_, hits)| !hits.is_empty())?;
    Some(cut(text, &joined(hits.iter().map(|(_, place)| place.clone()))))
}

/// Which of the asked words begin here, and where they stand.
fn hits(text: &str, asked: &[String]) -> Vec<(Vec<usize>, Range<usize>)> {
    let words = words(text);
    let mut hits = Vec::new();
    for (n, word) in words.iter().enumerate() {
        let next = words.get(n + 1).filter(|next| follows(word, next));
        let pair = next.map(|next| format!("{}{}", word.text, next.text));
        let full = pair.as_deref().unwrap_or(&word.text);
        let which: Vec<_> = (0..asked.len()).filter(|n| full.starts_with(asked[*n].as_str())).collect();
        if which.is_empty() {
            continue;
        }
        let is_pair = which.iter().any(|n| asked[*n].len() > word.text.len());
        let end = next.filter(|_| is_pair).map_or(word.place.end, |next| next.place.end);
        hits.push((which, word.place.start..end));
    }
    hits
}

fn follows(word: &Word, next: &Word) -> bool {
    word.is_dense && next.is_dense && word.place.end == next.place.start
}

/// Places that touch are one.
fn joined(places: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    for place in places {
        match all.last_mut() {
            Some(last) if place.start <= last.end => last.end = last.end.max(place.end),
            _ => all.push(place),
        }
    }
    all
}

fn cut(text: &str, hits: &[Range<usize>]) -> Vec<Stretch> {
    let first = hits.first().map_or(0, |hit| hit.start);
    let from = text[..first].char_indices().rev().take(BEFORE).last().map_or(first, |(at, _)| at);
    let to = text[from..].char_indices().nth(SHOWN).map_or(text.len(), |(at, _)| from + at);
    let mut shown = Vec::new();
    let mut at = from;
    for hit in hits.iter().filter(|hit| hit.start < to) {
        add(&mut shown, &text[at..hit.start], false);
        at = hit.end.min(to);
        add(&mut shown, &text[hit.start..at], true);
    }
    add(&mut shown, &text[at..to], false);
    if let (true, Some(first)) = (from > 0, shown.first_mut()) {
        first.text.insert(0, '…');
    }
    if let (true, Some(last)) = (to < text.len(), shown.last_mut()) {
        last.text.push('…');
    }
    shown
}

fn add(shown: &mut Vec<Stretch>, text: &str, hit: bool) {
    if !text.is_empty() {
        let text = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        shown.push(Stretch { text, hit });
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::asked;
    use super::*;

    fn shown(text: &str, question: &str) -> Option<String> {
        let mark = |stretch: &Stretch| match stretch.hit {
            true => format!("[{}]", stretch.text),
            false => stretch.text.clone(),
        };
        Some(excerpt(&[text], &asked(question))?.iter().map(mark).collect())
    }

    #[test]
    fn what_was_looked_for_is_told_from_the_rest() {
        assert_eq!(shown("Where is my Parcel?", "par").as_deref(), Some("Where is my [Parcel]?"));
        assert_eq!(shown("die Größe\nXL", "grosse xl").as_deref(), Some("die [Größe] [XL]"));
        assert_eq!(shown("私は東京都に住む", "東京都").as_deref(), Some("私は[東京都]に住む"));
        assert_eq!(shown("Where is it?", "parcel"), None);
        assert_eq!(shown("<b>par</b>", "b").as_deref(), Some("<[b]>par</[b]>"), "text stays text");
    }

    #[test]
    fn a_long_text_is_cut_around_the_first_hit() {
        let text = format!("{} needle {}", "straw ".repeat(200), "hay ".repeat(200));
        let shown = shown(&text, "needle").expect("found");
        assert!(shown.starts_with('…') && shown.ends_with('…') && shown.contains("[needle]"), "{shown}");
        assert!(shown.chars().count() < 200);
    }

    #[test]
    fn all_that_was_asked_for_must_be_there_in_one_text_or_another() {
        assert!(excerpt(&["red lamp", "bill.pdf"], &asked("lamp bill")).is_some());
        assert!(excerpt(&["red lamp", "bill.pdf"], &asked("lamp order")).is_none());
    }
}
