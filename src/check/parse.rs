//! Reading the phrase syntax: a text of a pack becomes a [`Tree`]. What each sign means stands in `docs/writing-rules.md`.

use super::phrase::{Compiler, Scope, Tree};
use crate::{
    model::value::{At, Fault},
    text::{spelling, token::is_emoji},
};

/// Reads a folded phrase that stands at `place` of its pack.
///
/// # Errors
/// A fault at `place` for unbalanced brackets, an unknown list, or a sign that means nothing.
pub(super) fn parse(text: &str, place: At, compiler: &mut Compiler, scope: Scope<'_>) -> Result<Tree, Fault> {
    Parser { chars: text.chars().collect(), at: 0, place, compiler, scope }.alternatives(0)
}

struct Parser<'c, 'l> {
    chars: Vec<char>,
    at: usize,
    place: At,
    compiler: &'c mut Compiler,
    scope: Scope<'l>,
}

/// So many spellings may one word have: each bracket that is joined to it doubles them.
const MOST_FORMS: usize = 256;

/// Marks that stand for themselves in a phrase.
const MARKS: &str = ",?!:;-.&/%";

impl Parser<'_, '_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::new(self.place, message)
    }

    /// `a|b c|`, up to a closing bracket or the end.
    fn alternatives(&mut self, depth: usize) -> Result<Tree, Fault> {
        if depth > 16 {
            return Err(self.fault("brackets are nested more than 16 deep"));
        }
        let mut nodes = vec![self.sequence(depth)?];
        while self.eat('|') {
            nodes.push(self.sequence(depth)?);
        }
        if depth == 0 && self.peek().is_some() {
            return Err(self.fault("`)` without `(` in the phrase"));
        }
        if nodes.len() == 1 { Ok(nodes.swap_remove(0)) } else { Ok(self.compiler.alternatives(nodes)) }
    }

    fn sequence(&mut self, depth: usize) -> Result<Tree, Fault> {
        let mut parts = Vec::new();
        while let Some(c) = self.peek() {
            match c {
                '|' | ')' => break,
                c if c.is_whitespace() => self.at += 1,
                '(' if !self.is_word_bracket() => parts.push(self.group(depth)?),
                '{' => parts.push(self.list()?),
                '^' => parts.push(self.single(Tree::Start)),
                '$' => parts.push(self.single(Tree::End)),
                '*' => {
                    parts.push(self.single(Tree::Any));
                    if self.peek().is_some_and(char::is_alphanumeric) {
                        return Err(
                            self.fault("`*` before a word means any word: an ending such as `*ing` cannot be matched")
                        );
                    }
                }
                '.' if self.chars.get(self.at..self.at + 3) == Some(&['.'; 3]) => {
                    self.at += 2;
                    parts.push(self.single(Tree::Mark('…')));
                }
                '.' if self.chars.get(self.at + 1) == Some(&'.') => parts.push(self.gap()?),
                '?' if self.is_misplaced_question() => {
                    return Err(self
                        .fault("`?` inside a phrase is a question mark: write `(word)` for a word that may be there"));
                }
                c if MARKS.contains(c) => parts.push(self.single(Tree::Mark(c))),
                c if is_emoji(c) => parts.push(self.emoji()),
                '\'' if self.is_behind_bracket() => self.ending()?,
                '"' | '\'' => self.at += 1,
                c if c.is_alphanumeric() || "(£$€@#".contains(c) => parts.extend(self.words()?),
                c => return Err(self.fault(format!("`{c}` means nothing in a phrase"))),
            }
        }
        if parts.len() == 1 { Ok(parts.swap_remove(0)) } else { Ok(Tree::Seq(parts)) }
    }

    /// An apostrophe or letter right behind `)` or `}`.
    fn is_behind_bracket(&self) -> bool {
        matches!(self.at.checked_sub(1).and_then(|i| self.chars.get(i)), Some(')' | '}'))
    }

    /// What follows a bracket behind an apostrophe: `'s` is stepped over, since a word matches its `'s` form; a closing
    /// quotation mark too.
    fn ending(&mut self) -> Result<(), Fault> {
        let letters: String =
            self.chars.get(self.at + 1..).unwrap_or_default().iter().take_while(|c| c.is_alphanumeric()).collect();
        match letters.as_str() {
            "" => self.at += 1,
            "s" => self.at += 2,
            _ => return Err(self.fault("an ending behind a bracket: write the whole words, `(it'll|it will)`")),
        }
        Ok(())
    }

    /// A question mark joined to a word, with more words behind it.
    fn is_misplaced_question(&self) -> bool {
        let joined = self.at.checked_sub(1).and_then(|i| self.chars.get(i)).is_some_and(|c| c.is_alphanumeric());
        let rest = self.chars.get(self.at + 1..).unwrap_or_default();
        joined && rest.iter().take_while(|c| **c != '|' && **c != ')').any(|c| c.is_alphanumeric())
    }

    fn single(&mut self, node: Tree) -> Tree {
        self.at += 1;
        node
    }

    fn emoji(&mut self) -> Tree {
        let from = self.at;
        while self.peek().is_some_and(|c| is_emoji(c) && !c.is_whitespace()) {
            self.at += 1;
        }
        Tree::Emoji(self.chars.get(from..self.at).unwrap_or_default().iter().collect::<String>().into())
    }

    fn gap(&mut self) -> Result<Tree, Fault> {
        self.at += 2;
        let from = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        let digits: String = self.chars.get(from..self.at).unwrap_or_default().iter().collect();
        match digits.parse::<usize>() {
            Ok(n) if (1..=20).contains(&n) => Ok(Tree::Gap(n)),
            _ => Err(self.fault("a gap is written `..N` with N from 1 to 20")),
        }
    }

    /// Brackets with `|` choose one; without, what is in them may be there.
    fn group(&mut self, depth: usize) -> Result<Tree, Fault> {
        self.at += 1;
        let choice = self.has_choice();
        let inner = self.alternatives(depth + 1)?;
        if !self.eat(')') {
            return Err(self.fault("`(` without `)` in the phrase"));
        }
        if choice { Ok(inner) } else { Ok(self.compiler.alternatives(vec![inner, Tree::Seq(Vec::new())])) }
    }

    /// Whether the group that begins here has a `|` of its own.
    fn has_choice(&self) -> bool {
        let mut depth = 0;
        for c in self.chars.get(self.at..).unwrap_or_default() {
            match c {
                '(' => depth += 1,
                ')' if depth == 0 => return false,
                ')' => depth -= 1,
                '|' if depth == 0 => return true,
                _ => {}
            }
        }
        false
    }

    fn list(&mut self) -> Result<Tree, Fault> {
        self.at += 1;
        let from = self.at;
        while self.peek().is_some_and(|c| c != '}') {
            self.at += 1;
        }
        let name: String = self.chars.get(from..self.at).unwrap_or_default().iter().collect();
        if !self.eat('}') {
            return Err(self.fault("`{` without `}` in the phrase"));
        }
        self.compiler.list(&name, self.place, self.scope)
    }

    /// A bracket that is part of a word: `(re)open`. One behind a word, `councillor(s)`, is met while reading the word.
    fn is_word_bracket(&self) -> bool {
        let rest = self.chars.get(self.at + 1..).unwrap_or_default();
        let inside = rest.iter().take_while(|c| c.is_alphanumeric()).count();
        inside > 0 && rest.get(inside) == Some(&')') && rest.get(inside + 1).is_some_and(|c| c.is_alphanumeric())
    }

    /// A word with its endings, or several words joined by hyphens.
    fn words(&mut self) -> Result<Vec<Tree>, Fault> {
        let mut nodes = Vec::new();
        loop {
            let mut forms = self.word_forms()?;
            if self.eat('+') {
                forms = forms.iter().flat_map(|f| spelling::inflections(f)).collect();
            } else if self.peek() == Some('*') && forms.len() == 1 {
                self.at += 1;
                if self.peek().is_some_and(char::is_alphanumeric) {
                    return Err(
                        self.fault("`*` inside a word: only the end of a word may be left open, as in `evict*`")
                    );
                }
                nodes.extend(forms.pop().map(|f| Tree::Prefix(f.into())));
                break;
            }
            nodes.push(Tree::Words(forms.iter().map(|f| self.compiler.words.intern(f)).collect()));
            let joined = self.peek() == Some('-') && self.chars.get(self.at + 1).is_some_and(|c| c.is_alphanumeric());
            if !joined {
                break;
            }
            self.at += 1;
        }
        Ok(nodes)
    }

    /// All spellings of the word that begins here: `exec(utive)` is two.
    fn word_forms(&mut self) -> Result<Vec<String>, Fault> {
        let mut forms = vec![String::new()];
        while let Some(c) = self.peek() {
            if c.is_alphanumeric() || c == '\'' || "£€@#".contains(c) || self.is_inner_mark(c) {
                for form in &mut forms {
                    form.extend(c.to_lowercase());
                }
                self.at += 1;
            } else if c == '(' {
                let endings = self.endings()?;
                if forms.len() * endings.len() > MOST_FORMS {
                    return Err(self.fault(format!("the word has more than {MOST_FORMS} spellings")));
                }
                forms = forms.iter().flat_map(|f| endings.iter().map(move |e| format!("{f}{e}"))).collect();
            } else {
                break;
            }
        }
        for form in &mut forms {
            form.truncate(form.trim_end_matches('\'').len());
        }
        forms.retain(|f| !f.is_empty());
        if forms.is_empty() { Err(self.fault("a word was expected in the phrase")) } else { Ok(forms) }
    }

    /// `.`, `,`, `:` or `%` inside a number or a dotted word, `$` before more of it: `7.30pm`, `1,000`, `100%`, `US$5`.
    fn is_inner_mark(&self, c: char) -> bool {
        let digit = |i: Option<&char>| i.is_some_and(char::is_ascii_digit);
        let before = self.at.checked_sub(1).and_then(|i| self.chars.get(i));
        let after = self.chars.get(self.at + 1);
        (".,:/".contains(c) && digit(before) && digit(after))
            || (c == '%' && digit(before))
            // At the end of a word it is the end of the sentence.
            || (c == '$' && after.is_some_and(|c| c.is_alphanumeric()))
    }

    /// `(s)`, `(s|ed)` behind a word: the endings, nothing among them.
    fn endings(&mut self) -> Result<Vec<String>, Fault> {
        self.at += 1;
        let from = self.at;
        while self.peek().is_some_and(|c| c != ')') {
            self.at += 1;
        }
        let inside: String = self.chars.get(from..self.at).unwrap_or_default().iter().collect();
        if !self.eat(')') {
            return Err(self.fault("`(` without `)` in the phrase"));
        }
        if inside.chars().any(|c| !(c.is_alphanumeric() || c == '\'' || c == '|')) {
            return Err(self.fault(format!("`({inside})` is joined to a word: leave a space before the bracket")));
        }
        let mut endings: Vec<String> = inside.split('|').map(str::to_lowercase).collect();
        if !inside.contains('|') {
            endings.push(String::new());
        }
        Ok(endings)
    }
}
