//! A hash of texts for tables that are kept in files: the same on every machine.

/// Goes on from `hash` with `text`, eight bytes at a time, each time multiplied and mixed.
#[inline]
pub(super) fn hash(hash: u64, text: &str) -> u64 {
    let (eights, rest) = text.as_bytes().as_chunks::<8>();
    let last = rest.iter().rfold(text.len() as u64, |all, b| all << 8 | u64::from(*b));
    let all = eights.iter().map(|eight| u64::from_le_bytes(*eight)).chain([last]);
    all.fold(hash, |hash, eight| {
        let product = (hash.rotate_left(23) ^ eight).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        product ^ product >> 32
    })
}
