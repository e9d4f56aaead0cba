//! Chance from a seed: splitmix64, written out so that no release of a library changes what a seed means.

/// A seeded source of chance.
#[derive(Clone)]
pub struct Dice(u64);

impl Dice {
    /// The same seed throws the same numbers.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `most`.
    pub fn below(&mut self, most: usize) -> usize {
        (self.throw() % most.max(1) as u64) as usize
    }

    /// True as often as `chance` says.
    pub fn chance(&mut self, chance: f64) -> bool {
        ((self.throw() >> 11) as f64 / (1u64 << 53) as f64) < chance
    }

    /// Digits, the first not 0.
    pub fn digits(&mut self, count: usize) -> String {
        let mut all: Vec<u8> = (0..count).map(|_| b'0' + self.below(10) as u8).collect();
        all[0] = b'1' + self.below(9) as u8;
        String::from_utf8_lossy(&all).into_owned()
    }

    /// Letters and digits.
    pub fn letters(&mut self, count: usize) -> String {
        const ALL: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        (0..count).map(|_| char::from(ALL[self.below(62)])).collect()
    }

    /// Upper-case hexadecimal digits.
    pub fn hex(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b"0123456789ABCDEF"[self.below(16)])).collect()
    }

    /// Puts a list into chance order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for last in (1..list.len()).rev() {
            list.swap(last, self.below(last + 1));
        }
    }
}
