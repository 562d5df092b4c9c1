//! What a part of an office file says about other parts: comments of a sheet, drawings on it, addresses of links.

use super::{
    package::Package,
    xml::{Piece, walk},
};
use crate::decode::DecodeError;

/// A relation of a part.
pub(super) struct Relation {
    /// Its name in the part.
    pub(super) id: String,
    /// The last step of its type: `comments`, `drawing`, `hyperlink`, …
    pub(super) kind: String,
    /// The name of the other part, or an address outside of the file.
    pub(super) target: String,
    /// Whether it leads out of the file.
    pub(super) is_external: bool,
}

/// The relations of the part called `part`, in order.
///
/// # Errors
///
/// If they are no XML, or over a limit.
pub(super) fn of(package: &mut Package<'_>, part: &str, depth: usize) -> Result<Vec<Relation>, DecodeError> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let name = format!("{folder}/_rels/{file}.rels");
    let mut all = Vec::new();
    if let Some(xml) = package.part(&name)? {
        walk(&xml, &name, depth, &mut |piece, _| {
            if let Piece::Open("Relationship", a) = piece
                && let (Some(id), Some(target)) = (a.get("Id"), a.get("Target"))
            {
                let kind = a.get("Type").unwrap_or_default();
                let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
                let is_external = a.get("TargetMode").is_some_and(|m| m == "External");
                let target = if is_external { target } else { resolved(folder, &target) };
                all.push(Relation { id, kind, target, is_external });
            }
        })?;
    }
    Ok(all)
}

/// The name of the part that `target` means for a part in `folder`: relative to it, or, with a slash, to the file.
fn resolved(folder: &str, target: &str) -> String {
    let mut steps: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_relative_to_the_part() {
        for target in ["worksheets/s.xml", "./worksheets/s.xml", "/xl/worksheets/s.xml", "../xl/worksheets/./s.xml"] {
            assert_eq!(resolved("xl", target), "xl/worksheets/s.xml");
        }
        assert_eq!(resolved("xl/worksheets", "../comments1.xml"), "xl/comments1.xml");
    }
}
