//! A file of a pack, read as a table.

use super::{builtin, tables};
use crate::model::{
    fault::NamedText,
    toml,
    value::{Fault, Table},
};

/// Whether the examples of rules are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Examples {
    /// They are read, and a rule without any is a fault.
    Read,
    /// Those of the built-in packs are left out, which is several times faster.
    LeftOut,
}

/// A file that makes up a pack, or a part of one.
pub(super) enum File {
    Builtin(&'static builtin::File),
    Given(NamedText),
}

impl File {
    /// Its text, its table as file `number`, and what is wrong in it.
    pub(super) fn read(self, number: usize, examples: Examples) -> (NamedText, Table, Vec<Fault>) {
        let file = match self {
            Self::Given(file) => file,
            Self::Builtin((name, hash, text)) => {
                let file = NamedText::new(*name, *text);
                if examples == Examples::LeftOut
                    && let Some(table) = tables::find(*hash, number, text)
                {
                    return (file, table, Vec::new());
                }
                file
            }
        };
        let (table, faults) = toml::parse(number, &file.text);
        (file, table, faults)
    }
}
