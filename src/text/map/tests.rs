//! Maps stay in range, compose, and lead back.

use super::*;
use crate::text::span::{Folded, Plain, Source};
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Step {
    Copy(usize),
    Replace(usize, usize),
    Skip(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        (1..6usize).prop_map(Step::Copy),
        (1..4usize, 1..5usize).prop_map(|(a, b)| Step::Replace(a, b)),
        (1..3usize).prop_map(Step::Skip),
    ];
    prop::collection::vec(step, 1..12)
}

fn build<A, B>(steps: &[Step]) -> (OffsetMap<A, B>, usize, usize) {
    let (mut built, mut src) = (MapBuilder::new(), 0);
    for step in steps {
        match *step {
            Step::Copy(n) => {
                built.copy(n, src);
                src += n;
            }
            Step::Replace(n, m) => {
                built.replace(n, src, m);
                src += m;
            }
            Step::Skip(n) => src += n,
        }
    }
    let len = built.len();
    (built.finish(), len, src)
}

#[test]
fn what_is_copied_in_a_row_is_one_piece() {
    let mut built = MapBuilder::<Plain, Source>::new();
    built.copy(2, 3);
    built.copy(4, 5);
    assert_eq!(built.pieces.len(), 1);
    built.copy(1, 10);
    assert_eq!(built.pieces.len(), 2);
}

#[test]
fn what_is_behind_a_text_is_not_in_it() {
    let mut built = MapBuilder::<Plain, Source>::new();
    built.replace(1, 0, 2);
    built.copy(5, 2);
    let map = built.finish();
    // The text ends before the map does: it is a part of what was decoded.
    assert_eq!(map.unmap(Span::new(2, 5), 4), Some(Span::new(1, 4)));
    assert_eq!(map.unmap(Span::new(2, 6), 4), None);
    assert_eq!(map.unmap(Span::new(6, 6), 4), None);
}

proptest! {
    #[test]
    fn maps_stay_in_range_and_are_monotone(steps in steps()) {
        let (map, len, src) = build::<Plain, Source>(&steps);
        let mut last = 0;
        for at in 0..len {
            let one = map.map(Span::new(at, at + 1));
            prop_assert!(one.end <= src && !one.is_empty());
            prop_assert!(one.start >= last);
            last = one.start;
        }
    }

    #[test]
    fn composing_equals_mapping_twice(first in steps(), second in steps()) {
        let (outer, mid, _) = build::<Plain, Source>(&second);
        let (inner, len, reach) = build::<Folded, Plain>(&first);
        prop_assume!(reach <= mid);
        let both = inner.then(&outer);
        for start in 0..len {
            for end in start + 1..=len {
                let span = Span::new(start, end);
                prop_assert_eq!(both.map(span), outer.map(inner.map(span)));
            }
        }
    }

    #[test]
    fn what_a_span_maps_to_leads_back_to_it(steps in steps()) {
        let (map, len, _) = build::<Plain, Source>(&steps);
        for start in 0..len {
            for end in start + 1..=len {
                let origin = map.map(Span::new(start, end));
                let back = map.unmap(origin, len).unwrap();
                prop_assert!(back.contains(Span::new(start, end)));
                prop_assert_eq!(map.map(back), origin);
            }
        }
    }

    #[test]
    fn parts_cover_what_the_span_covers(steps in steps()) {
        let (map, len, _) = build::<Plain, Source>(&steps);
        prop_assume!(len > 0);
        let all = map.map(Span::new(0, len));
        let parts = map.parts(Span::new(0, len));
        prop_assert_eq!(parts.first().map(|p| p.start), Some(all.start));
        prop_assert_eq!(parts.last().map(|p| p.end), Some(all.end));
    }
}

#[test]
fn what_was_replaced_is_not_copied() {
    let mut built = MapBuilder::<Folded, Plain>::new();
    built.copy(4, 0);
    built.replace(1, 4, 3);
    built.copy(5, 7);
    let map = built.finish();
    let copied = |start, end| map.is_copied(Span::new(start, end));
    assert!(copied(0, 4) && copied(5, 10));
    assert!(!copied(4, 5) && !copied(3, 5) && !copied(4, 6) && !copied(0, 10));
    assert!(OffsetMap::<Folded, Plain>::identity().is_copied(Span::new(0, 9)));
}
