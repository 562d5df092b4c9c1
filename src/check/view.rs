//! A post as rules see it: each segment read once, its words looked up once.

use super::{
    Lexicon, deobfuscate, digits,
    gate::Gate,
    matcher::Words,
    meter::{Meter, Stage, timed, timed_rule},
    pieces::Pieces,
    scorer::{self, Model},
    seen::Seen,
    targets::Spelled,
    vocabulary::Readings,
};
use crate::{
    model::{
        document::{Post, Segment},
        facts::Facts,
    },
    text::{moment::Moment, reading::Reading},
};
use std::sync::OnceLock;

/// So many tokens are a long text: a check of one takes longer than to wake a thread.
pub(super) const LONG: usize = 4000;

/// A post, read for checking.
#[derive(Debug)]
pub struct View<'p> {
    /// The post.
    pub post: &'p Post,
    /// Its segments.
    pub segments: Vec<SegmentView<'p>>,
    /// The words and phrases of all rules.
    pub lexicon: &'p Lexicon,
    /// The rules that are asked.
    pub asked: Asked<'p>,
    /// What is known besides the post.
    pub around: Around<'p>,
    /// Where guards have looked for their phrases.
    pub(super) seen: Seen,
}

/// The rules that a post is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'p> {
    /// Whether each rule holds for the post, by number.
    pub active: &'p [bool],
    /// What notes the time, if anybody wants to know it.
    pub meter: Option<&'p Meter>,
}

impl Asked<'_> {
    /// Whether rule `number` holds for this post.
    pub fn holds(&self, number: usize) -> bool {
        self.active.get(number).copied().unwrap_or(false)
    }

    /// Does `work` for rule `number`.
    pub(super) fn timed<T>(&self, number: usize, work: impl FnOnce() -> T) -> T {
        timed_rule(self.meter, number, work)
    }
}

/// What is known besides a post.
#[derive(Debug, Clone, Copy)]
pub struct Around<'p> {
    /// The organisation.
    pub facts: &'p Facts,
    /// When the post goes out, if it says so in a way that can be read.
    pub when: Option<Moment>,
    /// Another post of the file that goes out on the same account at the same minute, as people call it.
    pub clash: Option<&'p str>,
}

/// A segment, read for checking.
#[derive(Debug)]
pub struct SegmentView<'p> {
    /// The segment.
    pub segment: &'p Segment,
    /// Its text as rules read it.
    pub reading: Reading<'p>,
    /// What each token may be read as.
    pub ids: Vec<Readings>,
    letters: OnceLock<Option<deobfuscate::Letters<'p>>>,
    digits: OnceLock<Option<digits::Digits>>,
    lower: OnceLock<String>,
    pieces: OnceLock<Pieces>,
    raw_pieces: OnceLock<Pieces>,
    digit_pieces: OnceLock<Pieces>,
    scores: OnceLock<Vec<[f32; 3]>>,
}

impl<'p> View<'p> {
    /// Reads `post`.
    pub fn new(post: &'p Post, lexicon: &'p Lexicon, asked: Asked<'p>, around: Around<'p>) -> Self {
        let segments = || {
            post.segments
                .iter()
                .map(|segment| {
                    let reading = Reading::new(&segment.text);
                    let ids = lexicon.words.look_up(&reading);
                    SegmentView {
                        segment,
                        reading,
                        ids,
                        letters: OnceLock::new(),
                        digits: OnceLock::new(),
                        lower: OnceLock::new(),
                        pieces: OnceLock::new(),
                        raw_pieces: OnceLock::new(),
                        digit_pieces: OnceLock::new(),
                        scores: OnceLock::new(),
                    }
                })
                .collect()
        };
        Self {
            post,
            segments: timed(asked.meter, Stage::Words, segments),
            lexicon,
            asked,
            around,
            seen: Seen::default(),
        }
    }

    /// Whether rule `number` holds for this post.
    pub fn holds(&self, number: usize) -> bool {
        self.asked.holds(number)
    }

    /// Whether the post is so long that its checks are worth sharing out between threads.
    pub(super) fn is_long(&self) -> bool {
        self.segments.iter().map(|s| s.reading.tokens.len()).sum::<usize>() >= LONG
    }

    /// A segment's tokens, ready for matching.
    pub fn words(&self, segment: usize) -> Option<Words<'_, 'p>> {
        let view = self.segments.get(segment)?;
        Some(self.lexicon.read(&view.reading, &view.ids))
    }
}

impl<'p> SegmentView<'p> {
    /// The segment with disguised words spelled out, if any word of it may be disguised: `w*nk`, `sh1t`, `m 0 r 0 n`.
    pub(super) fn letters(&self, targets: Spelled<'_>) -> Option<&deobfuscate::Letters<'p>> {
        self.letters.get_or_init(|| deobfuscate::letters(&self.reading, &self.ids, targets)).as_ref()
    }

    /// The folded text with spelled-out and lettered digits as digits, if it has any.
    pub fn digits(&self) -> Option<&digits::Digits> {
        self.digits.get_or_init(|| digits::digits(&self.reading)).as_ref()
    }

    /// The folded text in pieces.
    pub(super) fn pieces(&self, gate: &Gate) -> &Pieces {
        self.pieces.get_or_init(|| Pieces::new(self.reading.text(), gate))
    }

    /// The text as it was typed, in pieces.
    pub(super) fn raw_pieces(&self, gate: &Gate) -> &Pieces {
        if self.reading.text() == self.segment.text {
            return self.pieces(gate);
        }
        self.raw_pieces.get_or_init(|| Pieces::new(&self.segment.text, gate))
    }

    /// The text of [`Self::digits`] in pieces.
    pub(super) fn digit_pieces(&self, digits: &digits::Digits, gate: &Gate) -> &Pieces {
        self.digit_pieces.get_or_init(|| Pieces::new(&digits.text, gate))
    }

    /// The scorer's scores of each sentence.
    pub fn scores(&self, model: &Model) -> &[[f32; 3]] {
        // Not in the cell's keeping: who waits for the threads that score a long text may do other work that asks for it.
        if self.scores.get().is_none() {
            let _ = self.scores.set(scorer::scores(model, &self.reading));
        }
        self.scores.get().map(Vec::as_slice).unwrap_or_default()
    }

    /// The folded text with ASCII letters in lower case.
    pub fn lower(&self) -> &str {
        self.lower.get_or_init(|| self.reading.text().to_ascii_lowercase())
    }
}
