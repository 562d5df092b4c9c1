//! Word files and spreadsheets: zip files of XML parts.
//!
//! Their text is rendered into lines, one for each paragraph or cell, because spans of zipped bytes would help nobody.
//! Addresses say where in the file a line is.

mod beside;
mod line;
mod package;
mod relations;
mod sheet;
mod styles;
mod word;
mod words;
mod xml;

pub(super) use sheet::Xlsx;
pub(super) use word::Docx;
