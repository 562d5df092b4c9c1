//! Tables of words that `build.rs` makes: where a word's hash stands among those of all words.

/// Hashes in ascending order.
pub(super) struct Keys {
    /// The hashes.
    pub(super) keys: &'static [u64],
    /// Where hashes with these upper 12 bits begin.
    pub(super) starts: &'static [u16; (1 << 12) + 1],
}

impl Keys {
    /// The place of `key`, if it is there.
    pub(super) fn place(&self, key: u64) -> Option<usize> {
        let upper = usize::try_from(key >> 52).ok()?;
        let (from, to) = (usize::from(*self.starts.get(upper)?), usize::from(*self.starts.get(upper + 1)?));
        self.keys.get(from..to)?.iter().position(|k| *k == key).map(|at| from + at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_found_among_its_like() {
        static STARTS: [u16; (1 << 12) + 1] = {
            let mut starts = [3; (1 << 12) + 1];
            starts[0] = 0;
            starts
        };
        let keys = Keys { keys: &[4, 8, 15], starts: &STARTS };
        assert_eq!(
            [keys.place(8), keys.place(15), keys.place(9), keys.place(u64::MAX)],
            [Some(1), Some(2), None, None]
        );
    }
}
