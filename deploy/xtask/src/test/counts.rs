//! Reads how many tests passed from what runners print.

use std::ops::AddAssign;

/// How many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub passed: u32,
    pub failed: u32,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl Count {
    /// The same with what the exit code says: a failure nobody counted, or no test at all, is a failure.
    pub fn judged(self, succeeded: bool) -> Self {
        let is_silent = self.passed + self.failed == 0;
        match is_silent || (!succeeded && self.failed == 0) {
            true => Self { failed: self.failed + 1, ..self },
            false => self,
        }
    }
}

/// The sum of all summary lines: those of cargo test, nextest, vitest, node's own runner, and `N passed, N failed`.
pub fn of(output: &str) -> Count {
    let mut sum = Count::default();
    for line in output.lines().map(plain) {
        sum += of_line(line.trim());
    }
    sum
}

fn of_line(line: &str) -> Count {
    let is_cargo = line.starts_with("test result:");
    let is_nextest = line.starts_with("Summary [");
    let is_vitest = line.strip_prefix("Tests ").is_some_and(|rest| rest.trim_end().ends_with(')'));
    let is_ours = line.starts_with(|c: char| c.is_ascii_digit()) && line.ends_with(" failed");
    let node = |word: &str| line.strip_prefix(word).and_then(|rest| rest.trim().parse().ok());
    match is_cargo || is_nextest || is_vitest || is_ours {
        true => Count { passed: before(line, "passed"), failed: before(line, "failed") + before(line, "timed out") },
        false => Count { passed: node("ℹ pass ").unwrap_or(0), failed: node("ℹ fail ").unwrap_or(0) },
    }
}

/// The number before a word.
fn before(line: &str, word: &str) -> u32 {
    let number = line.split_once(word).and_then(|(left, _)| left.split_whitespace().next_back()?.parse().ok());
    number.unwrap_or(0)
}

/// Without colours.
fn plain(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        out.push_str(before);
        rest = after.split_once(|c: char| c.is_ascii_alphabetic()).map_or("", |(_, after)| after);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_runner_is_understood() {
        let lines = [
            ("test result: FAILED. 5 passed; 2 failed; 1 ignored; 0 measured", 5, 2),
            ("     Summary [   0.123s] 12 tests run: 11 passed (1 slow), 1 failed, 3 skipped", 11, 1),
            ("     Summary [   9.1s] 3/12 tests run: 1 passed, 1 failed, 1 timed out, 3 skipped", 1, 2),
            (
                "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[31m1 failed\u{1b}[39m\u{1b}[22m | \u{1b}[32m12 passed\u{1b}[39m (13)",
                12,
                1,
            ),
            (" Test Files  3 passed (3)", 0, 0),
            ("17 passed, 0 failed", 17, 0),
            ("ℹ pass 4", 4, 0),
            ("the 3 checks that passed", 0, 0),
        ];
        for (line, passed, failed) in lines {
            assert_eq!(of(line), Count { passed, failed }, "{line}");
        }
    }

    #[test]
    fn silence_and_a_bad_end_are_failures() {
        assert_eq!(of("").judged(true), Count { passed: 0, failed: 1 });
        assert_eq!(Count { passed: 3, failed: 0 }.judged(false), Count { passed: 3, failed: 1 });
        assert_eq!(Count { passed: 3, failed: 2 }.judged(false), Count { passed: 3, failed: 2 });
        assert_eq!(Count { passed: 3, failed: 0 }.judged(true), Count { passed: 3, failed: 0 });
    }
}
