//! Conditions on pictures and videos, and on their alternative texts.

use super::kind_field::{Condition, Found, Seen};
use crate::model::document::{Located, Media, Scope};

pub(super) const CONDITIONS: &[Condition] = &[
    ("alt", "missing", &["file"], alt_missing),
    ("alt", "file-name", &[], alt_file_name),
    ("alt", "placeholder", &[], alt_placeholder),
    ("alt", "the-text", &[], alt_repeats_text),
    ("video", "without-captions", &["file"], video_without_captions),
];

const PICTURES: &[&str] =
    &[".png", ".jpg", ".jpeg", ".gif", ".webp", ".heic", ".avif", ".svg", ".bmp", ".tif", ".tiff"];
const VIDEOS: &[&str] = &[".mp4", ".mov", ".m4v", ".webm", ".avi", ".mkv", ".mpg", ".mpeg"];

/// The file's name without its folder, in lower case, without what follows `?`.
fn name(media: &Media) -> String {
    let file = media.file.as_ref().map_or("", |f| f.value.as_str());
    let path = file.split(['?', '#']).next().unwrap_or_default();
    path.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase()
}

fn ends(name: &str, endings: &[&str]) -> bool {
    endings.iter().any(|e| name.ends_with(e))
}

fn alts<'v>(seen: &Seen<'v, '_>) -> impl Iterator<Item = &'v Located> {
    seen.view.post.meta.media.iter().filter_map(|m| m.alt.as_ref()).filter(|a| !a.value.trim().is_empty())
}

fn alt_missing(seen: &Seen<'_, '_>) -> Vec<Found> {
    let bare = seen.view.post.meta.media.iter().filter(|m| m.alt.as_ref().is_none_or(|a| a.value.trim().is_empty()));
    let marked = |m: &Media| m.other.get("decorative").is_some_and(|d| d.value.eq_ignore_ascii_case("true"));
    bare.filter(|m| m.file.is_some() && !ends(&name(m), VIDEOS) && !marked(m))
        .map(|m| Found::at(m.file.as_ref(), vec![("file", name(m))]))
        .collect()
}

/// Whether a text is the name of a file, or what a camera calls its pictures.
fn is_file_name(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let one_word = !lower.contains(' ');
    let camera = ["img_", "img-", "dsc", "dscf", "pxl_", "image", "screenshot", "whatsapp image", "photo-"];
    let numbered = lower.chars().filter(char::is_ascii_digit).count() >= 3;
    (one_word && (ends(&lower, PICTURES) || ends(&lower, VIDEOS)))
        || (numbered && camera.iter().any(|c| lower.starts_with(c)) && lower.split_whitespace().count() <= 5)
}

fn alt_file_name(seen: &Seen<'_, '_>) -> Vec<Found> {
    alts(seen).filter(|a| is_file_name(&a.value)).map(|a| Found::at(Some(a), Vec::new())).collect()
}

/// Words that say only that there is a picture.
const PLACEHOLDERS: &[&str] = &[
    "image",
    "photo",
    "photograph",
    "picture",
    "graphic",
    "poster",
    "logo",
    "untitled",
    "alt",
    "alt text",
    "a photo",
    "an image",
    "a picture",
    "photo.",
    "image.",
    "tbc",
    "todo",
    "n/a",
    "none",
    "video",
    "screenshot",
    "infographic",
    "flyer",
    "a",
    "x",
    "-",
    "image description",
    "insert alt text",
];

fn alt_placeholder(seen: &Seen<'_, '_>) -> Vec<Found> {
    let empty = |a: &&Located| PLACEHOLDERS.contains(&a.value.trim().to_lowercase().as_str());
    alts(seen).filter(empty).map(|a| Found::at(Some(a), Vec::new())).collect()
}

fn alt_repeats_text(seen: &Seen<'_, '_>) -> Vec<Found> {
    let plain = |t: &str| t.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let bodies: Vec<String> =
        seen.view.post.segments.iter().filter(|s| s.scope == Scope::Body).map(|s| plain(&s.text)).collect();
    alts(seen).filter(|a| bodies.contains(&plain(&a.value))).map(|a| Found::at(Some(a), Vec::new())).collect()
}

fn video_without_captions(seen: &Seen<'_, '_>) -> Vec<Found> {
    let captioned = |m: &Media| {
        ["captions", "subtitles", "caption", "srt"]
            .iter()
            .filter_map(|key| m.other.get(*key))
            .any(|v| !["", "false", "no", "none"].contains(&v.value.trim().to_lowercase().as_str()))
    };
    let meta = &seen.view.post.meta;
    let whole = ["captions", "subtitles"].iter().any(|key| meta.other.get(*key).is_some_and(|v| v.value != "false"));
    let videos = meta.media.iter().filter(|m| ends(&name(m), VIDEOS) && !captioned(m) && !whole);
    videos.map(|m| Found::at(m.file.as_ref(), vec![("file", name(m))])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_no_description() {
        for text in ["IMG_2041", "bin-day.png", "Screenshot 2027-03-25 at 09.00", "DSC00123.JPG", "image12345"] {
            assert!(is_file_name(text), "{text}");
        }
        for text in [
            "Image of a bin",
            "A screenshot of the form with 3 boxes to fill in",
            "Bins",
            "images from 1945 to 1950 on a wall",
        ] {
            assert!(!is_file_name(text), "{text}");
        }
    }
}
