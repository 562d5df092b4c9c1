//! Closed-class knowledge about names: common British first names, titles, months, weekdays, street types.
//!
//! Small on purpose: a gazetteer of a council's own people and places belongs in its settings.

/// First names in wide use in Britain that are seldom anything else. Lower case, sorted.
/// *Source:* common knowledge of the ONS and NRS baby-name rankings of many years; names of all communities.
#[rustfmt::skip] // many to a line
const FIRST_NAMES: &[&str] = &[
    "aaliyah", "aaron", "abdul", "abdullah", "abigail", "adam", "adebayo", "adele", "adrian", "agnes", "agnieszka",
    "ahmed", "aidan", "aiden", "aisha", "alan", "alana", "alastair", "albert", "alec", "alex", "alexander",
    "alexandra", "alfie", "alfred", "ali", "alice", "alicia", "alina", "alison", "alistair", "allan", "amanda",
    "amara", "amelia", "amina", "amir", "amit", "amy", "ana", "andrea", "andrew", "andy", "angela", "angus", "anil",
    "anita", "ann", "anna", "anne", "annie", "anthony", "antonio", "anya", "archie", "arjun", "arthur", "asha",
    "asif", "audrey", "ayaan", "ayesha", "barbara", "barry", "beatrice", "becky", "ben", "benjamin", "bernadette",
    "bernard", "bethany", "betty", "beverley", "bilal", "billy", "bob", "bogdan", "brenda", "brendan", "brian",
    "bridget", "bronwen", "bruce", "bryan", "callum", "calum", "cameron", "carl", "carla", "carol", "caroline",
    "carolyn", "catherine", "cathy", "catriona", "cecilia", "ceri", "charles", "charlie", "charlotte", "cheryl",
    "chidi", "chloe", "chris", "christian", "christina", "christine", "christopher", "ciara", "claire", "clara",
    "clare", "claude", "clive", "colette", "colin", "colleen", "connor", "conor", "craig", "cynthia", "cyril",
    "damian", "dan", "daniel", "danielle", "danny", "daphne", "darren", "dave", "david", "davina", "debbie",
    "deborah", "declan", "deepa", "deirdre", "denise", "dennis", "derek", "desmond", "devon", "diana", "diane",
    "dilip", "dipika", "dmitri", "dominic", "donald", "donna", "doreen", "doris", "dorothy", "doug", "douglas",
    "duncan", "dylan", "eamon", "ebony", "eddie", "edith", "edna", "edward", "edwin", "eileen", "eilidh", "elaine",
    "eleanor", "elena", "eli", "elijah", "elizabeth", "ella", "ellen", "ellie", "elliot", "elsie", "emily", "emma",
    "enid", "eric", "erin", "ernest", "esme", "esther", "ethan", "ethel", "eugene", "eva", "evan", "eve", "evelyn",
    "evie", "ewan", "farah", "fatima", "felicity", "felix", "fergus", "finlay", "finn", "fiona", "frances",
    "francesca", "francis", "fraser", "fred", "freddie", "freya", "gabriel", "gail", "gareth", "gary", "gavin",
    "gemma", "geoff", "geoffrey", "george", "georgia", "gerald", "gerard", "gethin", "giles", "gillian", "giovanni",
    "gita", "gladys", "glen", "glenda", "glenys", "glyn", "gordon", "graham", "grazyna", "greg", "gregory",
    "gurpreet", "gwen", "gwyneth", "hamish", "hannah", "harold", "harpreet", "harriet", "harry", "harvey", "hassan",
    "hayley", "hazel", "heather", "hector", "helen", "helena", "henry", "hilary", "hilda", "howard", "hugh", "hugo",
    "hussain", "iain", "ian", "ibrahim", "idris", "imogen", "imran", "ingrid", "iqbal", "irene", "irina", "isaac",
    "isabel", "isabella", "isla", "ismail", "ivan", "ivor", "iwona", "jackie", "jacob", "jacqueline", "jake", "jamal",
    "james", "jamie", "jan", "jane", "janet", "janice", "jason", "javed", "jean", "jeanette", "jeff", "jeffrey",
    "jemima", "jennifer", "jenny", "jeremy", "jerome", "jess", "jessica", "jill", "jim", "jimmy", "joan", "joanna",
    "joanne", "jodie", "joe", "joel", "john", "johnny", "jon", "jonah", "jonathan", "jordan", "jose", "joseph",
    "josephine", "josh", "joshua", "joyce", "juan", "judith", "judy", "julia", "julian", "julie", "juliet", "june",
    "justin", "kai", "kamal", "karen", "karim", "karl", "kasia", "kate", "katherine", "kathleen", "kathryn", "kathy",
    "katie", "kavita", "kay", "kayleigh", "keira", "keith", "kelly", "ken", "kenneth", "kerry", "kevin", "khadija",
    "khalid", "kieran", "kim", "kirsten", "kirsty", "kofi", "krystyna", "kumar", "kwame", "kyle", "lakshmi", "lara",
    "laura", "lauren", "laurence", "lawrence", "layla", "leah", "leanne", "lee", "leila", "len", "lena", "leo",
    "leon", "leonard", "leroy", "lesley", "leslie", "lewis", "liam", "libby", "lilian", "linda", "lindsay", "lionel",
    "lisa", "liz", "lloyd", "logan", "lorna", "lorraine", "louis", "louisa", "louise", "luca", "lucia", "lucy",
    "luke", "lydia", "lynda", "lynn", "lynne", "mabel", "maggie", "malcolm", "mandy", "manjit", "marcus", "margaret",
    "maria", "marie", "marion", "marjorie", "marlene", "marta", "martha", "mary", "maryam", "mateusz", "matilda",
    "matt", "matthew", "maureen", "maurice", "mavis", "maxine", "meera", "megan", "mehmet", "melanie", "melissa",
    "mercy", "meredith", "michael", "michelle", "miguel", "mike", "mildred", "millie", "miriam", "mohammad",
    "mohammed", "moira", "molly", "monica", "morag", "muhammad", "muriel", "myra", "nadia", "nadine", "naomi",
    "nasreen", "natalie", "natasha", "nathan", "neil", "nelson", "ngozi", "nia", "niall", "nicholas", "nicola",
    "nicole", "nigel", "nikhil", "nina", "noah", "noel", "nora", "noreen", "norma", "norman", "oleksandr", "olena",
    "olga", "oliver", "olivia", "olu", "omar", "oscar", "osman", "owen", "paddy", "pamela", "parveen", "patricia",
    "patrick", "paul", "paula", "pauline", "pavel", "pedro", "penelope", "percy", "peter", "petra", "phil", "philip",
    "philippa", "phillip", "phoebe", "phyllis", "pierre", "piotr", "pippa", "polly", "poppy", "precious", "priya",
    "rachel", "rahul", "raj", "rajesh", "ralph", "ramesh", "raymond", "rebecca", "reg", "reginald", "rhian",
    "rhiannon", "rhona", "rhys", "richard", "rita", "rob", "robbie", "robert", "roberta", "rodney", "roger", "rohan",
    "roisin", "roland", "ron", "ronald", "ronnie", "rory", "rosa", "rosalind", "rosemary", "rosie", "ross", "rowena",
    "roy", "rukhsana", "rupert", "russell", "ruth", "ryan", "sabrina", "sadie", "safiya", "sajid", "saleem", "sally",
    "sam", "samantha", "samina", "samir", "samuel", "sanjay", "saoirse", "sara", "sarah", "scott", "seamus", "sean",
    "selina", "shabana", "shannon", "sharon", "shaun", "sheila", "shirley", "shona", "sian", "sidney", "simon",
    "simone", "sinead", "siobhan", "sofia", "sonia", "sophia", "sophie", "stacey", "stan", "stanislaw", "stanley",
    "stella", "stephanie", "stephen", "steve", "steven", "stuart", "sue", "suleiman", "sunil", "surinder", "susan",
    "sushila", "suzanne", "sylvia", "tanya", "tariq", "tasha", "ted", "terence", "teresa", "teri", "terry", "tessa",
    "thelma", "theo", "theresa", "thomas", "tim", "timothy", "tina", "toby", "tom", "tomasz", "tommy", "tony",
    "tracey", "tracy", "trevor", "trish", "trudy", "ursula", "usha", "uzma", "valerie", "vanessa", "vera", "vernon",
    "vicky", "victor", "vijay", "vikram", "vincent", "viv", "vivian", "vivien", "walter", "wanda", "wayne", "wendy",
    "wilfred", "william", "winifred", "winston", "xavier", "yasmin", "yusuf", "yvette", "yvonne", "zac", "zachary",
    "zainab", "zara", "zeinab", "zoe", "zofia",
];

/// First names that are also words, months, places or flowers: a name only with a surname or in a clear place.
#[rustfmt::skip] // many to a line
const DOUBLE_MEANING: &[&str] = &[
    "alma", "amber", "angel", "april", "art", "ashley", "august", "autumn", "basil", "bella", "bill", "blake", "bram",
    "brook", "chase", "cherry", "clay", "cliff", "coral", "crystal", "daisy", "dale", "dawn", "dean", "destiny",
    "dick", "dot", "drew", "earl", "faith", "fern", "flora", "florence", "frank", "gale", "gene", "ginger", "glory",
    "grace", "grant", "guy", "heath", "holly", "hope", "hunter", "iris", "ivy", "jack", "jade", "jasmine", "jay",
    "jo", "joy", "kent", "kit", "lily", "mark", "martin", "mason", "max", "may", "melody", "merry", "miles", "nick",
    "olive", "opal", "paris", "pat", "patience", "pearl", "peg", "penny", "ray", "reece", "rich", "robin", "rocky",
    "rose", "rowan", "ruby", "rusty", "sandy", "skip", "skye", "star", "sterling", "summer", "taylor", "trinity",
    "troy", "victoria", "viola", "violet", "will", "willow", "winter", "woody",
];

/// Titles that stand before a surname.
#[rustfmt::skip] // many to a line
pub const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "cllr", "councillor", "sir", "dame", "rev",
    "reverend", "pc", "sgt", "lord", "lady",
];

/// Last words of street names. *Source:* the common street types of BS 7666 gazetteers.
#[rustfmt::skip] // many to a line
pub const STREET_TYPES: &[&str] = &[
    "road", "rd", "street", "st", "avenue", "ave", "close", "drive", "lane", "way", "court", "crescent", "gardens",
    "grove", "place", "terrace", "walk", "hill", "green", "square", "mews", "park", "rise", "row", "parade", "view",
    "croft", "fold", "yard", "wynd", "brae", "gate", "quay", "passage", "villas", "buildings", "house", "flats",
];

/// Months, full and short, in lower case.
#[rustfmt::skip] // many to a line
pub const MONTHS: &[&str] = &[
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december", "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
];

/// Weekdays, full and short, in lower case.
#[rustfmt::skip] // many to a line
pub const WEEKDAYS: &[&str] = &[
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "tues", "wed", "weds",
    "thu", "thur", "thurs", "fri", "sat", "sun",
];

/// The first eight bytes of each of [`FIRST_NAMES`].
#[expect(clippy::indexing_slicing, reason = "the compiler works it out")]
static HEADS: [u64; FIRST_NAMES.len()] = {
    let (mut heads, mut at) = ([0; FIRST_NAMES.len()], 0);
    while at < heads.len() {
        heads[at] = head(FIRST_NAMES[at]);
        at += 1;
    }
    heads
};

/// The first eight bytes of a word as one number; such numbers are in the order of the words.
const fn head(word: &str) -> u64 {
    let (mut rest, mut head, mut read) = (word.as_bytes(), 0, 0);
    while read < 8 {
        head <<= 8;
        if let [first, tail @ ..] = rest {
            head |= *first as u64;
            rest = tail;
        }
        read += 1;
    }
    head
}

/// Whether `word` (lower case) is a first name and hardly anything else. Asked of most words of a text.
pub fn is_first_name(word: &str) -> bool {
    let head = head(word);
    let at = HEADS.partition_point(|h| *h < head);
    let alike = HEADS.iter().zip(FIRST_NAMES).skip(at).take_while(|(h, _)| **h == head);
    alike.map(|(_, name)| *name).any(|name| name == word)
}

/// Whether `word` (lower case) is a first name that is also a common word.
pub fn is_double_meaning(word: &str) -> bool {
    DOUBLE_MEANING.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_names_are_sorted() {
        for pair in FIRST_NAMES.windows(2) {
            assert!(pair[0] < pair[1], "{pair:?}");
        }
    }

    #[test]
    fn a_first_name_is_known_to_its_last_letter() {
        assert!(FIRST_NAMES.iter().all(|name| is_first_name(name)));
        for other in ["", "a", "jo", "priyanka", "christia", "christinas", "stanisla", "zzz", "\u{1F600}"] {
            assert!(!is_first_name(other), "{other}");
        }
    }
}
