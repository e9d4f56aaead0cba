//! Random words in every text of a tenant: wherever one turns up, somebody saw what was not theirs.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::http::{Answer, Ask};

/// Letters of the mark every word of a side begins with, and of the rest.
const MARK: usize = 9;
const REST: usize = 9;

/// The words of one side.
pub struct Canaries {
    mark: String,
    dice: StdRng,
    planted: BTreeMap<String, String>,
    /// Words visitors of the tenant may see: the widget's own, and names of those who answer.
    public: BTreeSet<String>,
}

impl Canaries {
    /// None yet; `nonce` differs from run to run.
    pub fn new(nonce: u64) -> Self {
        let mut dice = StdRng::seed_from_u64(nonce);
        let mark = letters(&mut dice, MARK);
        Self { mark, dice, planted: BTreeMap::new(), public: BTreeSet::new() }
    }

    /// A new word, and where it will stand.
    pub fn plant(&mut self, at: &str) -> String {
        let word = format!("{}{}", self.mark, letters(&mut self.dice, REST));
        self.planted.insert(word.clone(), at.to_owned());
        word
    }

    /// The same for a place visitors of the tenant may see.
    pub fn plant_public(&mut self, at: &str) -> String {
        let word = self.plant(at);
        self.public.insert(word.clone());
        word
    }

    /// Every word with its place.
    pub fn all(&self) -> &BTreeMap<String, String> {
        &self.planted
    }

    /// Whether visitors of the tenant may see it.
    pub fn is_public(&self, word: &str) -> bool {
        self.public.contains(word)
    }

    /// Words of this side in a text.
    pub fn words_in<'a>(&self, text: &'a str) -> Vec<&'a str> {
        let mut found: Vec<_> =
            text.match_indices(&self.mark).filter_map(|(at, _)| text.get(at..at + MARK + REST)).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Where a word stands.
    pub fn place(&self, word: &str) -> &str {
        self.planted.get(word).map_or("somewhere of theirs", String::as_str)
    }
}

/// Small letters that no word of a language begins with.
fn letters(dice: &mut StdRng, count: usize) -> String {
    let mut word = String::from("q");
    word.extend((1..count).map(|_| char::from(b'a' + dice.random_range(0..26_u8))));
    word
}

/// Ids in a text, as 32 hexadecimal digits, with or without hyphens.
pub fn ids_in(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !(c.is_ascii_digit() || ('a'..='f').contains(&c) || c == '-'))
        .filter(|run| run.len() >= 32)
        .map(|run| run.replace('-', ""))
        .filter(|run| run.len() == 32)
}

/// What belongs to the other side: words and ids.
pub struct Hunted {
    /// Their words.
    pub canaries: Canaries,
    /// Their ids, digits alone.
    pub ids: HashSet<String>,
    /// Those visitors of the tenant may see: the widget's, and of whoever answers.
    pub public_ids: HashSet<String>,
}

impl Hunted {
    /// What an answer shows of the other side beyond what the question said itself. `of_theirs`: the one who asks is a
    /// visitor of that side and may see what all visitors see.
    pub fn seen(&self, ask: &Ask, answer: &Answer, of_theirs: bool) -> Vec<String> {
        let mut seen = self.seen_in(&answer.text, of_theirs, &|text| ask.says(text));
        for (name, value) in &answer.headers {
            let inside = self.seen_in(value, of_theirs, &|text| ask.says(text));
            seen.extend(inside.into_iter().map(|what| format!("in the header {name}: {what}")));
        }
        seen
    }

    /// The same in any text, such as a frame of a socket.
    pub fn seen_in(&self, text: &str, of_theirs: bool, said: &dyn Fn(&str) -> bool) -> Vec<String> {
        let words = self.canaries.words_in(text).into_iter();
        let words = words.filter(|word| !(said(word) || of_theirs && self.canaries.is_public(word)));
        let mut seen: Vec<_> =
            words.map(|word| format!("the word {word}, planted in {}", self.canaries.place(word))).collect();
        let ids = ids_in(text).filter(|id| self.ids.contains(id) && !(of_theirs && self.public_ids.contains(id)));
        seen.extend(ids.filter(|id| !said(id)).map(|id| format!("the id {id}")));
        seen.sort();
        seen.dedup();
        seen
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_wherever_it_stands_unless_the_question_said_it() {
        let mut canaries = Canaries::new(7);
        let word = canaries.plant("a note");
        let hunted = Hunted { canaries, ids: HashSet::new(), public_ids: HashSet::new() };
        let text = format!("{{\"x\":\"…{word}!\"}}");
        assert_eq!(hunted.seen_in(&text, false, &|_| false), [format!("the word {word}, planted in a note")]);
        assert!(hunted.seen_in(&text, false, &|said| said == word).is_empty());
        assert!(hunted.seen_in("nothing of theirs", false, &|_| false).is_empty());
    }

    #[test]
    fn ids_are_found_with_and_without_hyphens() {
        let text = "cnv_01890a5d3f2b7c4d8e9fa0b1c2d3e4f5 and 01890a5d-3f2b-7c4d-8e9f-a0b1c2d3e4f6, not abc-def";
        let found: Vec<_> = ids_in(text).collect();
        assert_eq!(found, ["01890a5d3f2b7c4d8e9fa0b1c2d3e4f5", "01890a5d3f2b7c4d8e9fa0b1c2d3e4f6"]);
    }
}
