//! A run over many files: read, lint and collect in parallel, report in the order of the paths.

use super::{Linter, around, walk};
use crate::{
    check::meter::{Stage, timed},
    model::{
        document::Document,
        finding::{FileReport, Report, Skipped},
    },
};
use rayon::prelude::*;
use std::path::{Path, PathBuf};

impl Linter {
    /// Checks `files`, in parallel; the report is in their order.
    pub fn run(&self, files: &[PathBuf]) -> Report {
        self.run_told(files, &|| {})
    }

    /// The same, and calls `done` after each file, from any thread.
    pub fn run_told(&self, files: &[PathBuf], done: &(dyn Fn() + Sync)) -> Report {
        let run = |path: &PathBuf| {
            let result = self.run_file(path);
            done();
            result
        };
        let results: Vec<Result<FileReport, Vec<Skipped>>> = files.par_iter().map(run).collect();
        let mut report = self.report();
        for result in results {
            match result {
                Ok(file) => self.collect(file, &mut report),
                Err(skipped) => report.skipped.extend(skipped),
            }
        }
        self.recheck_clashes(&mut report);
        report
    }

    /// Checks those files again whose posts meet a post of another file at the same minute.
    fn recheck_clashes(&self, report: &mut Report) {
        let documents: Vec<(&Path, &Document)> =
            report.files.iter().map(|f| (f.path.as_path(), f.document.as_ref())).collect();
        let together = around::clashes(&documents);
        for (file, clashes) in report.files.iter_mut().zip(together) {
            let alone = around::clashes(&[(file.path.as_path(), file.document.as_ref())]).concat();
            if alone != clashes {
                *file = self.lint_among(&file.path, Document::clone(&file.document), &clashes);
            }
        }
    }

    /// A report without files, which says what was loaded.
    pub fn report(&self) -> Report {
        Report {
            packs: self.packs().to_vec(),
            rules: self.rules(),
            policies: self.policies().to_vec(),
            ..Report::default()
        }
    }

    /// Adds a checked file to `report`; parts of it that could not be read are told as skipped.
    pub fn collect(&self, file: FileReport, report: &mut Report) {
        for fault in &file.document.faults {
            let address = fault.address.to_string();
            let reason =
                if address.is_empty() { fault.message.clone() } else { format!("{address}: {}", fault.message) };
            report.skipped.push(Skipped { path: file.path.clone(), reason, help: None });
        }
        report.files.push(file);
    }

    fn run_file(&self, path: &Path) -> Result<FileReport, Vec<Skipped>> {
        let read = || walk::read(path, self.options().decode.limits.bytes);
        let file = timed(self.meter(), Stage::Read, read).map_err(|skipped| vec![skipped])?;
        let document = self.decode(&file).map_err(|error| vec![error.skipped(path)])?;
        // The document has its own text: while it is checked, the file's need not be kept.
        drop(file);
        Ok(self.lint_document(path, document).settled())
    }
}
