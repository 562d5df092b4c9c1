//! What a sheet says beside its cells: comments on them, text boxes, titles of charts, what pictures show, and the lines
//! above and below each printed page.

use super::{
    package::Package,
    relations,
    xml::{Attributes, Piece, walk},
};
use crate::{
    decode::{DecodeError, table::letter},
    model::document::Scope,
};
use std::ops::Range;

/// Words beside the cells, and where they stand: `comment on B4`.
pub(super) struct Said {
    pub(super) place: String,
    pub(super) scope: Scope,
    pub(super) text: String,
}

/// What the comments and drawings of the sheet in `part` say.
///
/// # Errors
///
/// If one of their parts is no XML, or over a limit.
pub(super) fn read(package: &mut Package<'_>, part: &str, depth: usize) -> Result<Vec<Said>, DecodeError> {
    let related = relations::of(package, part, depth)?;
    let (mut said, threads) = (Vec::new(), related.iter().any(|r| r.kind == "threadedComment"));
    for relation in related.iter().filter(|r| !r.is_external) {
        match relation.kind.as_str() {
            "threadedComment" => comments(package, &relation.target, depth, &mut said)?,
            "comments" => {
                let before = said.len();
                comments(package, &relation.target, depth, &mut said)?;
                // For old programs a thread stands here again, behind an explanation.
                let mut at = 0;
                said.retain(|s: &Said| {
                    at += 1;
                    at <= before || !threads || !s.text.starts_with("[Threaded comment]")
                });
            }
            "drawing" => drawing(package, &relation.target, depth, &mut said)?,
            _ => {}
        }
    }
    Ok(said)
}

fn comments(package: &mut Package<'_>, part: &str, depth: usize, said: &mut Vec<Said>) -> Result<(), DecodeError> {
    let Some(xml) = package.part(part)? else { return Ok(()) };
    // In a thread the words stand in `<text>` itself, elsewhere in the runs inside it.
    let (mut open, mut in_text, mut words) = (None, false, "t");
    walk(&xml, part, depth, &mut |piece, range| match piece {
        Piece::Open(name @ ("comment" | "threadedComment"), a) => {
            words = if name == "comment" { "t" } else { "text" };
            open = Some((a.get("ref").unwrap_or_default(), String::new()));
        }
        Piece::Close("comment" | "threadedComment") => {
            if let Some((cell, text)) = open.take() {
                let scope = Scope::Field("comment".to_owned());
                said.push(Said { place: format!("comment on {cell}"), scope, text });
            }
        }
        Piece::Open(name, _) if name == words => in_text = true,
        Piece::Close(name) if name == words => in_text = false,
        piece => {
            if let Some((_, text)) = open.as_mut().filter(|_| in_text) {
                put(text, &piece, &xml, range);
            }
        }
    })
}

/// The words of a drawing, and of the charts and diagrams in it.
fn drawing(package: &mut Package<'_>, part: &str, depth: usize, said: &mut Vec<Said>) -> Result<(), DecodeError> {
    shapes(package, part, depth, "text box", said)?;
    for relation in relations::of(package, part, depth)?.iter().filter(|r| !r.is_external) {
        match relation.kind.as_str() {
            "chart" | "chartEx" => shapes(package, &relation.target, depth, "chart", said)?,
            "diagramData" => shapes(package, &relation.target, depth, "diagram", said)?,
            _ => {}
        }
    }
    Ok(())
}

fn shapes(
    package: &mut Package<'_>,
    part: &str,
    depth: usize,
    what: &'static str,
    said: &mut Vec<Said>,
) -> Result<(), DecodeError> {
    let Some(xml) = package.part(part)? else { return Ok(()) };
    let mut shapes = Shapes {
        xml: &xml,
        what,
        said,
        corner: None,
        number: String::new(),
        is_corner: false,
        text: String::new(),
        in_text: false,
    };
    walk(&xml, part, depth, &mut |piece, range| shapes.take(piece, range))
}

/// Reads paragraphs of drawings.
struct Shapes<'x, 's> {
    xml: &'x str,
    what: &'static str,
    said: &'s mut Vec<Said>,
    /// Column and row, from 0, that the shape is fastened to; the number that is being read.
    corner: Option<(usize, usize)>,
    number: String,
    is_corner: bool,
    /// The paragraph that is being read.
    text: String,
    in_text: bool,
}

impl Shapes<'_, '_> {
    fn take(&mut self, piece: Piece<'_>, range: Range<usize>) {
        match piece {
            Piece::Open("from", _) => (self.corner, self.is_corner) = (Some((0, 0)), true),
            Piece::Close("from") => self.is_corner = false,
            Piece::Open("col" | "row", _) => self.number.clear(),
            Piece::Close(name @ ("col" | "row")) if self.is_corner => self.fasten(name),
            Piece::Open("cNvPr", a) => self.picture(&a),
            Piece::Open("t", _) => self.in_text = true,
            Piece::Close("t") => self.in_text = false,
            Piece::Open("br", _) => self.text.push('\n'),
            Piece::Close("p") => {
                let text = std::mem::take(&mut self.text);
                let scope = if self.what == "chart" { Scope::Title } else { Scope::Field(self.what.to_owned()) };
                self.tell(self.what, scope, text);
            }
            piece if self.in_text => put(&mut self.text, &piece, self.xml, range),
            piece if self.is_corner => put(&mut self.number, &piece, self.xml, range),
            _ => {}
        }
    }

    fn fasten(&mut self, name: &str) {
        // A sheet has a million rows.
        let number = self.number.trim().parse().unwrap_or(0).min(1 << 20);
        if let Some((column, row)) = &mut self.corner {
            *(if name == "col" { column } else { row }) = number;
        }
    }

    fn picture(&mut self, attributes: &Attributes<'_>) {
        let alt = attributes.get("descr").or_else(|| attributes.get("title")).unwrap_or_default();
        self.tell("alternative text", Scope::Alt, alt);
    }

    fn tell(&mut self, what: &str, scope: Scope, text: String) {
        if !text.trim().is_empty() {
            let at = self.corner.map(|(column, row)| format!(" at {}{}", letter(column), row.saturating_add(1)));
            self.said.push(Said { place: format!("{what}{}", at.unwrap_or_default()), scope, text });
        }
    }
}

fn put(text: &mut String, piece: &Piece<'_>, xml: &str, range: Range<usize>) {
    match piece {
        Piece::Text => text.push_str(xml.get(range).unwrap_or_default()),
        Piece::Entity(entity) => text.push_str(entity),
        _ => {}
    }
}

/// What programs write around the number of a page by themselves.
const PAGES: &[&str] = &["page", "sheet", "of", "/", "-"];

/// The words of a header or footer, without the codes in it, and none where it only numbers pages: `&L` begins its left
/// part, `&"Arial"` names a font, `&12` a size, `&K` a colour, `&P` is the number of the page, `&&` is `&`. *Source:*
/// ECMA-376, part 1, 18.3.1.46.
pub(super) fn margin(coded: &str) -> String {
    let (mut out, mut rest) = (String::new(), coded);
    while let Some((before, behind)) = rest.split_once('&') {
        out.push_str(before);
        let code = behind.chars().next().unwrap_or(' ');
        let tail = behind.get(code.len_utf8()..).unwrap_or_default();
        rest = match code {
            '&' => {
                out.push('&');
                tail
            }
            'L' | 'C' | 'R' => {
                out.push('\n');
                tail
            }
            '"' => tail.split_once('"').map_or("", |(_, rest)| rest),
            'K' => tail.get(6..).unwrap_or_default(),
            c if c.is_ascii_digit() => tail.trim_start_matches(|c: char| c.is_ascii_digit()),
            c if c.is_ascii_alphabetic() => tail,
            _ => {
                out.push('&');
                behind
            }
        };
    }
    out.push_str(rest);
    let says = out.split_whitespace().any(|word| !PAGES.contains(&word.to_ascii_lowercase().as_str()));
    if says { out.trim().to_owned() } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_a_header_are_no_words() {
        for (coded, text) in [
            ("&LDraft&CThey", "Draft\nThey"),
            ("&L&\"Arial,Bold\"&14Bins && more&K01+000 late&R&P of &N", "Bins & more late\n of"),
            ("&CPage &P of &N", ""),
            ("Tea & cake", "Tea & cake"),
            ("&\"open", ""),
            ("&", "&"),
        ] {
            assert_eq!(margin(coded), text, "{coded}");
        }
    }
}
