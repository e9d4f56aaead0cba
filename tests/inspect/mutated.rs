//! Thousands of files that nearly are what they say, looked at in this process: nothing may panic, nothing may take
//! long. `MUTATIONS=20000` looks longer. The child is there for what is not found here.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use harness::files;
use inspect::{Shape, format_of, judge};

/// Numbers that are the same in every run.
struct Dice(u64);
impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (below.max(1) as u64)).unwrap_or(0)
    }

    fn byte(&mut self) -> u8 {
        [0x00, 0xff, 0x7f, 0x80, 0x01, 0x3b, 0x2c][self.roll(7)]
    }
}

/// One to eight wounds: bits, bytes that often matter, cuts, repetitions, pieces in other places.
fn wounded(whole: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..=dice.roll(8) {
        let (at, length) = (dice.roll(bytes.len()), dice.roll(40));
        let end = (at + length).min(bytes.len());
        match dice.roll(7) {
            0 | 1 if !bytes.is_empty() => bytes[at] ^= 1 << dice.roll(8),
            2 if !bytes.is_empty() => bytes[at] = dice.byte(),
            3 => bytes.truncate(at.max(8)),
            4 => drop(bytes.drain(at..end)),
            5 => {
                let piece = bytes[at..end].to_vec();
                let place = dice.roll(bytes.len());
                bytes.splice(place..place, piece);
            }
            _ => bytes[at..end].fill(dice.byte()),
        }
    }
    bytes
}

fn seeds() -> Vec<(Shape, Vec<u8>)> {
    let shape = |name: &str| format_of(name).expect("a row").shape;
    let ordinary = files::ordinary().into_iter().map(|(name, _, bytes)| (shape(name), bytes));
    let more = vec![
        (Shape::Jpeg, files::jpeg_with_gps()),
        (Shape::Png, files::png_with_words(30, 30)),
        (Shape::Png, files::png_see_through(33, 17)),
        (Shape::Webp, files::webp(40, 40)),
        (Shape::Gif, files::gif_js()),
        (Shape::Word, files::bomb_within(2)),
        (Shape::Word, files::docx_with_macro()),
    ];
    ordinary.chain(more).collect()
}

#[test]
fn no_wounded_file_makes_us_panic_or_dawdle() {
    let runs: u64 = std::env::var("MUTATIONS").ok().and_then(|runs| runs.parse().ok()).unwrap_or(250);
    let (mut fine, mut refused) = (0, 0);
    for (seed, (shape, whole)) in seeds().iter().enumerate() {
        for run in 0..runs {
            let mut dice = Dice(0x9e37_79b9_7f4a_7c15 ^ (seed as u64) << 32 ^ (run + 1));
            let bytes = wounded(whole, &mut dice);
            let began = Instant::now();
            let judged = catch_unwind(AssertUnwindSafe(|| judge(*shape, &bytes).is_ok()));
            let took = began.elapsed();
            assert!(took < Duration::from_secs(10), "{shape:?}, seed {seed}, run {run} took {took:?}");
            match judged {
                Ok(true) => fine += 1,
                Ok(false) => refused += 1,
                Err(_) => panic!("{shape:?}, seed {seed}, run {run} panics"),
            }
        }
    }
    assert!(fine > 100 && refused > 1_000, "the wounds are neither all deadly nor all harmless: {fine}, {refused}");
}

#[test]
fn no_cut_makes_us_panic() {
    for (shape, whole) in seeds() {
        let step = (whole.len() / 150).max(1);
        for length in (0..whole.len()).step_by(step) {
            let judged = catch_unwind(AssertUnwindSafe(|| judge(shape, &whole[..length]).is_ok()));
            assert!(judged.is_ok(), "{shape:?} cut at {length} panics");
        }
    }
}
