//! Finds the expression that each mutant changes.

use proc_macro2::{LineColumn, Span};
use serde_json::Value;
use std::{collections::HashMap, error::Error, ops::Range};
use syn::{
    Arm, Expr, ExprBinary, ExprStruct, ExprUnary,
    spanned::Spanned as _,
    visit::{self, Visit},
};

/// How a place is made to switch.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum How {
    /// An expression: one of several.
    Expression,
    /// The statements of a function: returns early. The place is empty, before the first of them.
    Body,
    /// An arm of a match: a guard that fails. The place is the guard, or is empty, after the pattern.
    Guard,
}

/// A place of the source, in bytes, and the mutants of it: number, and what they put there.
pub struct Switch {
    pub how: How,
    pub at: Range<usize>,
    pub mutants: Vec<(usize, String)>,
}

/// Where all mutants of one file stand. Those in the chain of an `if let` have no place: a switch cannot stand there, and
/// what they would write does not compile.
pub fn switches(text: &str, mutants: &[(usize, &Value)]) -> Result<Vec<Switch>, Box<dyn Error>> {
    let lines = Lines::new(text);
    let mut expressions = Expressions { lines: &lines, whole: HashMap::new() };
    expressions.visit_file(&syn::parse_file(text)?);
    let mut found: HashMap<(How, usize, usize), Switch> = HashMap::new();
    for (number, mutant) in mutants {
        let changed = lines.bytes(&mutant["span"]).ok_or("a mutant without a span")?;
        let replacement = mutant["replacement"].as_str().ok_or("a mutant without a replacement")?;
        let genre = mutant["genre"].as_str().unwrap_or_default();
        let (how, at, put) = if genre == "FnValue" {
            // `impl Trait` is one type: two ways cannot return two.
            if mutant["function"]["return_type"].as_str().is_some_and(|t| t.contains("impl ")) {
                continue;
            }
            (How::Body, changed.start..changed.start, replacement.to_owned())
        } else {
            let Some((how, whole)) = expressions.whole.get(&(genre, changed.start)).cloned() else { continue };
            let put = match how {
                How::Guard => String::new(),
                _ => put(text, &whole, &changed, replacement),
            };
            (how, whole, put)
        };
        let switch = found.entry((how, at.start, at.end)).or_insert(Switch { how, at, mutants: Vec::new() });
        switch.mutants.push((*number, put));
    }
    Ok(found.into_values().collect())
}

/// The text of `whole` with `changed` in it replaced; a field takes its comma along.
fn put(text: &str, whole: &Range<usize>, changed: &Range<usize>, replacement: &str) -> String {
    let rest = &text[changed.end..whole.end];
    let is_field = replacement.is_empty() && rest.starts_with(',');
    format!("{} {replacement} {}", &text[whole.start..changed.start], &rest[usize::from(is_field)..])
}

struct Expressions<'l> {
    lines: &'l Lines<'l>,
    /// By kind of mutant, and the first byte that it changes.
    whole: HashMap<(&'static str, usize), (How, Range<usize>)>,
}

impl Expressions<'_> {
    fn add(&mut self, genre: &'static str, changed: Span, whole: Span) {
        let (changed, whole) = (self.lines.range(changed), self.lines.range(whole));
        self.whole.insert((genre, changed.start), (How::Expression, whole));
    }
}

impl<'a> Visit<'a> for Expressions<'_> {
    fn visit_expr_binary(&mut self, binary: &'a ExprBinary) {
        if !chains(&binary.left) && !chains(&binary.right) {
            self.add("BinaryOperator", binary.op.span(), binary.span());
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_unary(&mut self, unary: &'a ExprUnary) {
        self.add("UnaryOperator", unary.op.span(), unary.span());
        visit::visit_expr_unary(self, unary);
    }

    fn visit_expr_struct(&mut self, made: &'a ExprStruct) {
        for field in &made.fields {
            self.add("StructField", field.span(), made.span());
        }
        visit::visit_expr_struct(self, made);
    }

    fn visit_arm(&mut self, arm: &'a Arm) {
        let start = self.lines.range(arm.span()).start;
        if let Some((_, guard)) = &arm.guard {
            self.whole.insert(("MatchArm", start), (How::Guard, self.lines.range(guard.span())));
            if !chains(guard) {
                self.add("MatchArmGuard", guard.span(), guard.span());
            }
        } else {
            let end = self.lines.range(arm.pat.span()).end;
            self.whole.insert(("MatchArm", start), (How::Guard, end..end));
        }
        visit::visit_arm(self, arm);
    }
}

/// Whether an expression is a `let` or a chain with one.
fn chains(expression: &Expr) -> bool {
    match expression {
        Expr::Let(_) => true,
        Expr::Binary(binary) => chains(&binary.left) || chains(&binary.right),
        _ => false,
    }
}

/// Bytes of lines and columns.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, starts: std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect() }
    }

    /// The byte of a line, from one, and a column, from zero, in characters.
    fn byte(&self, line: usize, column: usize) -> usize {
        let start = self.starts[line - 1];
        start + self.text[start..].chars().take(column).map(char::len_utf8).sum::<usize>()
    }

    fn range(&self, span: Span) -> Range<usize> {
        let at = |place: LineColumn| self.byte(place.line, place.column);
        at(span.start())..at(span.end())
    }

    /// What cargo-mutants calls a span: its columns begin with one.
    fn bytes(&self, span: &Value) -> Option<Range<usize>> {
        let at = |end: &str| {
            let number = |key| span[end][key].as_u64().and_then(|n| usize::try_from(n).ok());
            Some(self.byte(number("line")?, number("column")? - 1))
        };
        Some(at("start")?..at("end")?)
    }
}
