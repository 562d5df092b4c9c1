//! Hits: what rules find, before guards and scores make findings of them.

use crate::text::span::{Folded, Plain, Source, Span};

/// Something a rule found, before it is a finding.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Number of the rule.
    pub rule: usize,
    /// Where.
    pub spot: Spot,
    /// The words that matched, where the hit covers more than them.
    pub core: Option<Span<Folded>>,
    /// Captures of a pattern: name or number, and place.
    pub captures: Vec<(String, Span<Folded>)>,
    /// What stood near, if the rule asks for it: segment and place.
    pub near: Option<(usize, Span<Folded>)>,
    /// What to write instead, if the kind knows.
    pub replacement: Option<String>,
    /// Words for placeholders of the message that the kind knows: `length`, `channels`. Nothing of the draft's text.
    pub says: Vec<(&'static str, String)>,
    /// It is about the post as a whole, or a stretch of it, and not about these words: it stands beside other findings.
    pub apart: bool,
    /// What a validator judges, where that is not the folded text: the digits behind `oh seven seven`.
    pub value: Option<String>,
    /// The scorer's score, if the hit is its own.
    pub score: Option<f32>,
    /// From 0 to 1.
    pub confidence: f32,
    /// How the confidence came about.
    pub reasons: Vec<String>,
    /// The text was disguised.
    pub obfuscated: bool,
    /// The value is of a range that nobody can own.
    pub reserved: bool,
}

/// Where a hit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// In a segment's folded text.
    Text {
        /// Index of the segment in its post.
        segment: usize,
        /// Where in its folded text.
        span: Span<Folded>,
    },
    /// In a segment's text as it was typed.
    Raw {
        /// Index of the segment in its post.
        segment: usize,
        /// Where in its decoded text.
        span: Span<Plain>,
    },
    /// In the file, outside of the post's text: a value of its front matter, a cell.
    Source(Span<Source>),
    /// The post as a whole.
    Post,
}

impl Hit {
    /// A bare hit about the post as a whole, or at a place of its own.
    pub fn apart(rule: usize, spot: Spot, says: Vec<(&'static str, String)>) -> Self {
        Self { spot, says, apart: true, ..Self::new(rule, 0, Span::new(0, 0)) }
    }

    /// A bare hit in a segment.
    pub fn new(rule: usize, segment: usize, span: Span<Folded>) -> Self {
        Self {
            rule,
            spot: Spot::Text { segment, span },
            core: None,
            captures: Vec::new(),
            near: None,
            replacement: None,
            says: Vec::new(),
            apart: false,
            value: None,
            score: None,
            confidence: 0.0,
            reasons: Vec::new(),
            obfuscated: false,
            reserved: false,
        }
    }
}

/// What a hit apart says.
fn told(hit: &Hit) -> Option<&[(&'static str, String)]> {
    hit.apart.then_some(hit.says.as_slice())
}

/// Of hits of one rule on the same text, keeps the longest, then the first. Hits apart that say different things stay: of
/// two channels that an account has not, each is told.
pub(super) fn thin(hits: &mut Vec<Hit>) {
    let key = |hit: &Hit| match hit.spot {
        Spot::Text { segment, span } => {
            let core = hit.core.unwrap_or(span);
            (segment, core.start, core.end)
        }
        Spot::Raw { segment, span } => (segment, span.start, span.end),
        Spot::Source(span) => (usize::MAX - 1, span.start, span.end),
        Spot::Post => (usize::MAX, 0, 0),
    };
    let order = |hit: &Hit| {
        let (segment, start, end) = key(hit);
        (hit.rule, segment, start, std::cmp::Reverse(end))
    };
    // What says the same then stands together.
    hits.sort_by(|a, b| order(a).cmp(&order(b)).then_with(|| told(a).cmp(&told(b))));
    hits.dedup_by(|next, kept| {
        let (a, b) = (key(kept), key(next));
        let same_words = kept.rule == next.rule && a.0 == b.0 && b.1 < a.2.max(a.1 + 1);
        let same = same_words && !(kept.apart && next.apart && kept.says != next.says);
        if same && b.2 - b.1 > a.2 - a.1 {
            std::mem::swap(kept, next);
        }
        same
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(rule: usize, start: usize, end: usize) -> Hit {
        Hit::new(rule, 0, Span::new(start, end))
    }

    #[test]
    fn a_hit_apart_is_where_it_was_put() {
        let hit = Hit::apart(3, Spot::Post, vec![("length", "300".to_owned())]);
        assert_eq!((hit.rule, hit.spot, hit.apart), (3, Spot::Post, true));
    }

    #[test]
    fn of_hits_on_the_same_words_the_longest_stays() {
        let mut hits = vec![hit(1, 0, 3), hit(1, 2, 9), hit(1, 9, 12), hit(0, 1, 4), hit(1, 2, 5)];
        thin(&mut hits);
        let kept: Vec<_> = hits.iter().map(|h| (h.rule, h.spot)).collect();
        let text = |start, end| Spot::Text { segment: 0, span: Span::new(start, end) };
        assert_eq!(kept, [(0, text(1, 4)), (1, text(2, 9)), (1, text(9, 12))]);
    }

    #[test]
    fn hits_apart_that_say_different_things_all_stay() {
        let about = |channel: &str| Hit::apart(1, Spot::Post, vec![("channel", channel.to_owned())]);
        let mut hits = vec![about("TikTok"), about("Facebook"), about("TikTok")];
        thin(&mut hits);
        assert_eq!(hits.iter().map(|h| h.says[0].1.as_str()).collect::<Vec<_>>(), ["Facebook", "TikTok"]);
    }
}
