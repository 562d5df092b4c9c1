//! Spelling knowledge: inflected forms, and the plain word behind text-speak or a dropped apostrophe.

/// Verbs whose forms do not follow the rules: base form, then all other forms.
const IRREGULAR: &[(&str, &str)] = &[
    ("be", "is am are was were been being"),
    ("beat", "beats beaten beating"),
    ("become", "becomes became becoming"),
    ("begin", "begins began begun beginning"),
    ("bite", "bites bit bitten biting"),
    ("blow", "blows blew blown blowing"),
    ("break", "breaks broke broken breaking"),
    ("bring", "brings brought bringing"),
    ("build", "builds built building"),
    ("buy", "buys bought buying"),
    ("catch", "catches caught catching"),
    ("choose", "chooses chose chosen choosing"),
    ("come", "comes came coming"),
    ("cut", "cuts cutting"),
    ("deal", "deals dealt dealing"),
    ("die", "dies died dying"),
    ("do", "does did done doing"),
    ("draw", "draws drew drawn drawing"),
    ("drink", "drinks drank drunk drinking"),
    ("drive", "drives drove driven driving"),
    ("eat", "eats ate eaten eating"),
    ("fall", "falls fell fallen falling"),
    ("feel", "feels felt feeling"),
    ("fight", "fights fought fighting"),
    ("find", "finds found finding"),
    ("forget", "forgets forgot forgotten forgetting"),
    ("get", "gets got gotten getting"),
    ("give", "gives gave given giving"),
    ("go", "goes went gone going"),
    ("grow", "grows grew grown growing"),
    ("have", "has had having"),
    ("hear", "hears heard hearing"),
    ("hide", "hides hid hidden hiding"),
    ("hit", "hits hitting"),
    ("hold", "holds held holding"),
    ("hurt", "hurts hurting"),
    ("keep", "keeps kept keeping"),
    ("know", "knows knew known knowing"),
    ("lay", "lays laid laying"),
    ("leave", "leaves left leaving"),
    ("let", "lets letting"),
    ("lie", "lies lied lay lain lying"),
    ("lose", "loses lost losing"),
    ("make", "makes made making"),
    ("mean", "means meant meaning"),
    ("meet", "meets met meeting"),
    ("pay", "pays paid paying"),
    ("put", "puts putting"),
    ("quit", "quits quitting"),
    ("read", "reads reading"),
    ("ring", "rings rang rung ringing"),
    ("run", "runs ran running"),
    ("say", "says said saying"),
    ("see", "sees saw seen seeing"),
    ("sell", "sells sold selling"),
    ("send", "sends sent sending"),
    ("set", "sets setting"),
    ("shake", "shakes shook shaken shaking"),
    ("shut", "shuts shutting"),
    ("sink", "sinks sank sunk sinking"),
    ("sit", "sits sat sitting"),
    ("sleep", "sleeps slept sleeping"),
    ("speak", "speaks spoke spoken speaking"),
    ("spend", "spends spent spending"),
    ("split", "splits splitting"),
    ("stand", "stands stood standing"),
    ("steal", "steals stole stolen stealing"),
    ("stick", "sticks stuck sticking"),
    ("swear", "swears swore sworn swearing"),
    ("take", "takes took taken taking"),
    ("tell", "tells told telling"),
    ("think", "thinks thought thinking"),
    ("throw", "throws threw thrown throwing"),
    ("understand", "understands understood understanding"),
    ("wear", "wears wore worn wearing"),
    ("win", "wins won winning"),
    ("write", "writes wrote written writing"),
];

/// How people type, and what they mean. Sorted. Words that are common in their own right (`its`, `were`, `well`, `ill`,
/// `shell`, `wed`) are left out.
const MEANT: &[(&str, &str)] = &[
    ("2day", "today"),
    ("2moro", "tomorrow"),
    ("2morrow", "tomorrow"),
    ("2nite", "tonight"),
    ("4", "for"),
    ("abt", "about"),
    ("aint", "ain't"),
    ("arent", "aren't"),
    ("arnt", "aren't"),
    ("b4", "before"),
    ("cant", "can't"),
    ("coz", "because"),
    ("cos", "because"),
    ("couldnt", "couldn't"),
    ("cuz", "because"),
    ("cud", "could"),
    ("didnt", "didn't"),
    ("doesnt", "doesn't"),
    ("dont", "don't"),
    ("gonna", "going"),
    ("gr8", "great"),
    ("hadnt", "hadn't"),
    ("hasnt", "hasn't"),
    ("havent", "haven't"),
    ("hes", "he's"),
    ("hows", "how's"),
    ("im", "i'm"),
    ("isnt", "isn't"),
    ("ive", "i've"),
    ("l8", "late"),
    ("luv", "love"),
    ("mite", "might"),
    ("nite", "night"),
    ("ppl", "people"),
    ("plz", "please"),
    ("pls", "please"),
    ("r", "are"),
    ("shes", "she's"),
    ("shouldnt", "shouldn't"),
    ("shud", "should"),
    ("thats", "that's"),
    ("theres", "there's"),
    ("theyre", "they're"),
    ("theyve", "they've"),
    ("thx", "thanks"),
    ("tho", "though"),
    ("thru", "through"),
    ("tmrw", "tomorrow"),
    ("tonite", "tonight"),
    ("u", "you"),
    ("ur", "your"),
    ("wasnt", "wasn't"),
    ("werent", "weren't"),
    ("weve", "we've"),
    ("whats", "what's"),
    ("whos", "who's"),
    ("wont", "won't"),
    ("wouldnt", "wouldn't"),
    ("wud", "would"),
    ("yall", "you"),
    ("ya", "you"),
    ("youd", "you'd"),
    ("youll", "you'll"),
    ("youre", "you're"),
    ("youve", "you've"),
    ("yr", "your"),
];

/// Where the words of [`MEANT`] with each first byte begin in it and end, and their lengths as bits: nearly every word is
/// told from all of them at a glance.
#[expect(clippy::indexing_slicing, clippy::cast_possible_truncation, reason = "what is wrong here does not compile")]
const BY_FIRST: [(u8, u8, u32); 256] = {
    let (mut all, mut at) = ([(0, 0, 0); 256], 0);
    while at < MEANT.len() {
        let typed = MEANT[at].0.as_bytes();
        let (start, end, lengths) = all[typed[0] as usize];
        assert!(end == 0 || end as usize == at, "words with the same first letter stand together");
        let start = if end == 0 { at as u8 } else { start };
        all[typed[0] as usize] = (start, at as u8 + 1, lengths | 1 << typed.len());
        at += 1;
    }
    all
};

/// The plain word that somebody means who types `word` (lower case), if it is another.
pub fn meant(word: &str) -> Option<&'static str> {
    let (start, end, lengths) = *BY_FIRST.get(usize::from(*word.as_bytes().first()?))?;
    if lengths >> word.len().min(31) & 1 == 0 {
        return None;
    }
    let alike = MEANT.get(usize::from(start)..usize::from(end))?;
    alike.iter().find(|(typed, _)| *typed == word).map(|(_, plain)| *plain)
}

/// All regular (or known irregular) forms of an English word, itself first.
///
/// # Example
/// ```
/// use postlint::text::spelling::inflections;
/// assert_eq!(inflections("carry"), ["carry", "carries", "carried", "carrying"]);
/// assert_eq!(inflections("stop"), ["stop", "stops", "stopped", "stopping"]);
/// ```
pub fn inflections(word: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned()];
    if let Some((_, rest)) = IRREGULAR.iter().find(|(base, _)| *base == word) {
        forms.extend(rest.split(' ').map(str::to_owned));
        return forms;
    }
    let vowel = |c: char| "aeiou".contains(c);
    let mut back = word.chars().rev();
    let (last, before, third) = (back.next().unwrap_or('x'), back.next().unwrap_or('x'), back.next().unwrap_or('a'));
    let stem = word.get(..word.len() - last.len_utf8()).unwrap_or(word);
    let sibilant = ["s", "x", "z", "ch", "sh"].iter().any(|e| word.ends_with(e));
    let short = word.chars().filter(|c| vowel(*c)).count() == 1;
    if last == 'y' && !vowel(before) {
        forms.extend([format!("{stem}ies"), format!("{stem}ied"), format!("{word}ing")]);
    } else if last == 'e' {
        let ing = if before == 'e' { format!("{word}ing") } else { format!("{stem}ing") };
        forms.extend([format!("{word}s"), format!("{word}d"), ing]);
    } else {
        let doubled = short && vowel(before) && !vowel(third) && !vowel(last) && !"wxy".contains(last);
        let base = if doubled { format!("{word}{last}") } else { word.to_owned() };
        let plural = if sibilant { format!("{word}es") } else { format!("{word}s") };
        forms.extend([plural, format!("{base}ed"), format!("{base}ing")]);
        if last == 'l' && !doubled && !vowel(third) {
            forms.extend([format!("{word}led"), format!("{word}ling")]);
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_follow_the_spelling_rules() {
        for (word, forms) in [
            ("sack", "sack sacks sacked sacking"),
            ("evict", "evict evicts evicted evicting"),
            ("blame", "blame blames blamed blaming"),
            ("miss", "miss misses missed missing"),
            ("cancel", "cancel cancels canceled canceling cancelled cancelling"),
            ("go", "go goes went gone going"),
        ] {
            assert_eq!(inflections(word).join(" "), forms);
        }
    }

    #[test]
    fn text_speak_is_understood() {
        assert_eq!(meant("dont"), Some("don't"));
        assert_eq!(meant("bins"), None);
    }
}
