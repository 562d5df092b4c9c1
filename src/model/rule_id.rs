//! Ids of rules that people mistype: `pack/name`, and what they may have meant.
//!
//! Ids of one pack begin alike, so that as whole words all of them are near each other. Here the name behind the slash is
//! what counts: the same name in another pack, then a near one in the same pack, then a very near one anywhere.

use super::value::nearest;

/// How near a name of another pack must be, from 0 to 1.
const VERY_NEAR: f64 = 0.93;

/// Ids that are told at most.
const TOLD: usize = 3;

/// The pack of a rule, and its name there; without a slash the pack is empty.
pub fn parts(id: &str) -> (&str, &str) {
    id.split_once('/').unwrap_or(("", id))
}

/// What to write instead of `id`, which is none of `known`: what is near it, else where all are listed.
pub fn suggestion(id: &str, known: &[&str]) -> String {
    if let Some(question) = question(id, known) {
        return question;
    }
    let mut packs: Vec<&str> = known.iter().map(|id| parts(id).0).collect();
    packs.sort_unstable();
    packs.dedup();
    format!("`postlint rules list --pack PACK` lists the rules of a pack: {}", packs.join(", "))
}

/// The question whether something near `id` was meant; nothing where nothing is near.
pub fn question(id: &str, known: &[&str]) -> Option<String> {
    let near: Vec<String> = near(id, known).iter().map(|id| format!("`{id}`")).collect();
    (!near.is_empty()).then(|| format!("did you mean {}?", near.join(" or ")))
}

/// The ids that `id` may have meant.
fn near<'a>(id: &str, known: &[&'a str]) -> Vec<&'a str> {
    let (pack, name) = parts(id);
    let mut same: Vec<&str> = known.iter().copied().filter(|id| parts(id).1 == name).collect();
    same.sort_unstable();
    same.dedup();
    same.truncate(TOLD);
    if !same.is_empty() {
        return same;
    }
    let own: Vec<&str> = known.iter().filter(|id| parts(id).0 == pack).map(|id| parts(id).1).collect();
    if let Some(near) = nearest(name, &own) {
        return known.iter().copied().filter(|id| parts(id) == (pack, near)).take(1).collect();
    }
    let scored = known.iter().map(|id| (strsim::jaro_winkler(name, parts(id).1), *id));
    let best = scored.filter(|(score, _)| *score > VERY_NEAR).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, id)| id).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[&str] =
        &["conduct/threat", "opinion/first-person-view", "opinion/scorer", "opinion/taste", "reputation/scorer"];

    #[test]
    fn the_name_counts_and_then_the_pack() {
        let told = |id: &str| suggestion(id, KNOWN);
        assert_eq!(told("first-person-view"), "did you mean `opinion/first-person-view`?");
        assert_eq!(told("conduct/scorer"), "did you mean `opinion/scorer` or `reputation/scorer`?");
        assert_eq!(told("opinion/first-person"), "did you mean `opinion/first-person-view`?");
        assert_eq!(told("opinion/tsate"), "did you mean `opinion/taste`?");
        assert_eq!(told("first-person-veiw"), "did you mean `opinion/first-person-view`?");
    }

    #[test]
    fn where_nothing_is_near_no_rule_is_told() {
        let told = suggestion("opinion/nope", KNOWN);
        assert!(told.ends_with("of a pack: conduct, opinion, reputation") && !told.contains("scorer"), "{told}");
    }
}
