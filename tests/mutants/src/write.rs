//! Writes the switches into a file.

use crate::place::{How, Switch};
use std::fmt::Write as _;

/// The text with all switches, and for each mutant its place in it (see [`crate`]).
///
/// Only one mutant is on at a time, so what a mutant writes has no switches in it, and what is there otherwise has all.
pub fn rewritten(text: &str, mut switches: Vec<Switch>) -> (String, Vec<String>) {
    // Outer ones first; of those with the same place, an arm's guard is outside the mutants of the guard.
    switches.sort_by_key(|s| (s.at.start, std::cmp::Reverse(s.at.end), s.how != How::Guard));
    let mut writer = Writer { text, out: String::new(), at: 0, places: Vec::new() };
    let mut open: Vec<Open> = Vec::new();
    for switch in switches {
        while let Some(last) =
            open.pop_if(|o| o.end < switch.at.start || (o.end == switch.at.start && !switch.at.is_empty()))
        {
            writer.close(last);
        }
        writer.copy_to(switch.at.start);
        let first = writer.out.len();
        let mut own = Vec::new();
        let mut ends = "";
        match switch.how {
            How::Body => {
                for (number, put) in switch.mutants {
                    own.push(writer.put(&format!("if crate::switched::on({number}) {{ return "), number, &put, "; } "));
                }
            }
            How::Guard => {
                let (number, _) = switch.mutants[0];
                let on = format!("!crate::switched::on({number})");
                let bare = switch.at.is_empty();
                own.push(writer.put(if bare { " if " } else { "" }, number, &on, if bare { " " } else { " && (" }));
                ends = if bare { "" } else { ")" };
            }
            How::Expression => {
                writer.out.push('(');
                for (number, put) in switch.mutants {
                    own.push(writer.put(&format!("if crate::switched::on({number}) {{ "), number, &put, " } else "));
                }
                writer.out.push_str("{ ");
                ends = " })";
            }
        }
        open.push(Open { end: switch.at.end, first, ends, own });
    }
    while let Some(last) = open.pop() {
        writer.close(last);
    }
    writer.copy_to(text.len());
    (writer.out, writer.places)
}

/// A switch whose end is not yet written.
struct Open {
    end: usize,
    first: usize,
    ends: &'static str,
    own: Vec<String>,
}

struct Writer<'t> {
    text: &'t str,
    out: String,
    at: usize,
    places: Vec<String>,
}

impl Writer<'_> {
    fn copy_to(&mut self, end: usize) {
        self.out.push_str(&self.text[self.at..end]);
        self.at = end;
    }

    /// Writes a mutant; says where it is.
    fn put(&mut self, before: &str, number: usize, put: &str, after: &str) -> String {
        self.out.push_str(before);
        let start = self.out.len();
        self.out.push_str(put);
        let end = self.out.len();
        self.out.push_str(after);
        format!("{number} {start} {end}")
    }

    fn close(&mut self, open: Open) {
        self.copy_to(open.end);
        self.out.push_str(open.ends);
        for own in open.own {
            let mut place = format!("{} {} ", open.first, self.out.len());
            let _ = write!(place, "{own}");
            self.places.push(place);
        }
    }
}
