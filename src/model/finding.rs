//! What comes out: findings, their fixes, and the report of a run.

use super::document::{Address, Document};
use super::rule::{Policy, RuleMeta, Severity};
use crate::text::span::{Source, Span};
use std::{path::PathBuf, sync::Arc};

/// Something in a post that a rule objects to.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: Arc<RuleMeta>,
    /// What it says about this place. Words of the draft are in it by their place only, so that no writer can print them
    /// unmasked.
    pub message: Vec<Text>,
    /// How grave it is here; confidence may have lowered the rule's own, a disguise raised it.
    pub severity: Severity,
    /// From 0 to 1.
    pub confidence: f32,
    /// How the confidence came about, one step each.
    pub reasons: Vec<String>,
    /// Where it is.
    pub place: Place,
    /// The words that matched; `place` may cover the sentence around them.
    pub core: Span<Source>,
    /// What must be masked besides the place of a sensitive rule: matches of sensitive rules that this finding took in.
    pub hidden: Vec<Span<Source>>,
    /// Other places that belong to it.
    pub related: Vec<Place>,
    /// What to do, in words.
    pub advice: String,
    /// Edits that would mend it, best first.
    pub fixes: Vec<Fix>,
    /// Stable key: a hash of rule, path and matched text, the same after lines moved; of those alike in a file the second
    /// has `-2` behind it, and so on.
    pub fingerprint: String,
    /// The text was disguised.
    pub obfuscated: bool,
    /// The value is of a range that nobody can own (drama numbers, test cards).
    pub reserved: bool,
    /// Ids of other rules that hit the same text.
    pub also: Vec<String>,
    /// The rule that no suppression lets through: its own, or one of those that hit the same text.
    pub locked: Option<Arc<RuleMeta>>,
    /// Set when a suppression covers it; it is then shown only on request.
    pub suppressed: Option<String>,
}

/// A part of a finding's message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// The rule's own words.
    Own(String),
    /// Words of the draft, by their place in the document's source.
    Matched(Span<Source>),
}

/// Where something is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Index of the post in its document.
    pub post: usize,
    /// Where in the file, in the file's own terms.
    pub address: Address,
    /// Bytes of the document's source text.
    pub span: Span<Source>,
}

/// How far a fix may be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Applicability {
    /// Only shown: the format, or the place, cannot be edited.
    Display,
    /// A human should look: the meaning may change.
    Unsafe,
    /// The sentence stays grammatical and its meaning is kept.
    Safe,
}

impl Applicability {
    /// The name in outputs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Display => "display",
            Self::Unsafe => "unsafe",
            Self::Safe => "safe",
        }
    }
}

/// A way to mend a finding. All its edits are made, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Its edits, sorted, not overlapping.
    pub edits: Vec<Edit>,
    /// How far it may be trusted.
    pub applicability: Applicability,
    /// Why it can only be shown, where that is so.
    pub refused: Option<String>,
}

/// Text to put in the place of a span of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// Bytes of the document's source text that go.
    pub span: Span<Source>,
    /// What comes, as a reader would read it; `decode::write` escapes it for its place.
    pub content: String,
}

/// One file of a run: what was read, and what was found.
#[derive(Debug, Clone)]
pub struct FileReport {
    /// Path as the user gave it.
    pub path: PathBuf,
    /// The decoded file; writers take lines, columns and windows from it.
    pub document: Arc<Document>,
    /// Number of posts that were checked.
    pub posts: usize,
    /// Findings by place, then rule.
    pub findings: Vec<Finding>,
    /// Everything that sensitive rules matched, whether it became a finding of this run or not: what no writer may show.
    pub hidden: Vec<Hidden>,
}

impl FileReport {
    /// The same without its text, if nothing in it is left to show, and without room to grow: a run over many files would
    /// hold all of that. A file that says when it goes out keeps its text, since another file may still turn out to go out
    /// at the same minute.
    #[must_use]
    pub fn settled(mut self) -> Self {
        let idle = self.findings.is_empty() && self.hidden.is_empty();
        let document = Arc::make_mut(&mut self.document);
        if idle && document.posts.iter().all(|post| post.meta.scheduled.is_none()) {
            document.forget_text();
        } else {
            document.shrink();
            self.findings.shrink_to_fit();
        }
        self
    }
}

/// Words that a sensitive rule matched.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hidden {
    /// Bytes of the document's source text.
    pub span: Span<Source>,
    /// The words as a reader would read them.
    pub words: String,
}

/// A file that could not be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// Its path.
    pub path: PathBuf,
    /// Why, in words.
    pub reason: String,
    /// What to do about it.
    pub help: Option<String>,
}

/// A pack of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackInfo {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Number of its rules that ran.
    pub rules: usize,
}

/// Everything about a run that a writer may tell.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Files that were checked, by path.
    pub files: Vec<FileReport>,
    /// Paths of those that are no files: standard input, a text of the command line.
    pub texts: Vec<PathBuf>,
    /// Files that could not be.
    pub skipped: Vec<Skipped>,
    /// Packs that were loaded.
    pub packs: Vec<PackInfo>,
    /// Every rule that ran, by id: some outputs list them all.
    pub rules: Vec<Arc<RuleMeta>>,
    /// The policies that rules may cite.
    pub policies: Vec<Policy>,
    /// Other things to say at the end, in words.
    pub notes: Vec<String>,
}

impl Report {
    /// All findings, file by file.
    pub fn findings(&self) -> impl Iterator<Item = (&FileReport, &Finding)> {
        self.files.iter().flat_map(|f| f.findings.iter().map(move |x| (f, x)))
    }

    /// Number of findings of `severity` that are not suppressed.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings().filter(|(_, f)| f.severity == severity && f.suppressed.is_none()).count()
    }

    /// Number of posts that were checked.
    pub fn posts(&self) -> usize {
        self.files.iter().map(|f| f.posts).sum()
    }
}
