//! A long text's checks, shared out between threads.

use rayon::prelude::*;
use std::ops::Range;

/// What `work` makes of `0..len`, in order: at one go, or where that is more than `share`, in shares of so many side by
/// side. Nothing may be borrowed or locked around it that `work` of another text would wait for.
pub(super) fn in_shares<T: Send>(len: usize, share: usize, work: impl Fn(Range<usize>) -> Vec<T> + Sync) -> Vec<T> {
    if len <= share {
        return work(0..len);
    }
    let shares = (0..len.div_ceil(share)).into_par_iter().with_max_len(1);
    shares.flat_map_iter(|number| work(number * share..len.min((number + 1) * share))).collect()
}

/// What `aside` makes, on other threads if that `is_worth` it while this one is `here`.
pub(super) fn beside<A: Default + Send>(is_worth: bool, aside: impl FnOnce() -> A + Send, here: impl FnOnce()) -> A {
    if !is_worth {
        here();
        return aside();
    }
    let mut made = A::default();
    rayon::in_place_scope(|scope| {
        scope.spawn(|_| made = aside());
        here();
    });
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_come_in_order_and_leave_nothing_out() {
        for len in [0, 1, 7, 8, 100] {
            assert_eq!(in_shares(len, 7, Iterator::collect), (0..len).collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_is_made_aside_is_there_in_the_end() {
        for is_worth in [false, true] {
            let mut done = 0;
            assert_eq!((beside(is_worth, || 1, || done = 2), done), (1, 2));
        }
    }
}
