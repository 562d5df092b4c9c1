//! What rules about who, where and when depend on and no draft says: the accounts of an organisation, its officers, its
//! calendar. Settings say it; the engine hands it to the rules.

use jiff::civil::Date;
use std::collections::BTreeMap;

/// What is known besides the drafts. The default knows nothing, and then rules that need it are silent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Accounts by name.
    pub accounts: BTreeMap<String, Account>,
    /// The calendar.
    pub periods: Vec<Period>,
    /// Limits of the organisation's own: channel, field and number.
    pub limits: Vec<(String, String, usize)>,
}

/// A social-media account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Channels on which it is approved, by their name in the table of channels where they are in it.
    pub channels: Vec<String>,
    /// Channels that are approved from a day on, with that day.
    pub from: Vec<(String, Date)>,
    /// Who may post there.
    pub officers: Vec<String>,
    /// Services that post there, each with its officers; no officers means those of the account.
    pub services: BTreeMap<String, Vec<String>>,
    /// Categories and tags of posts that need an approval.
    pub approval_for: Vec<String>,
    /// Officers sign their replies (`^JB`).
    pub signed: bool,
    /// Name of a profile that sets it apart, such as that of a partnership.
    pub profile: Option<String>,
}

/// A stretch of days in which other rules hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: String,
    /// First day.
    pub from: Date,
    /// Last day, inclusive.
    pub to: Date,
}

impl Period {
    /// Whether rules may call it `name`: by its own name or by its kind.
    pub fn is(&self, name: &str) -> bool {
        self.name == name || self.kind == name
    }

    /// Whether `day` is in it.
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }
}

impl Facts {
    /// The account that a draft calls `name`, with its name in settings. A draft that names none means the only account.
    pub fn account(&self, name: Option<&str>) -> Option<(&String, &Account)> {
        match name {
            Some(name) => {
                let name = name.trim().trim_start_matches('@').to_lowercase();
                self.accounts.iter().find(|(own, _)| own.to_lowercase() == name)
            }
            None => self.accounts.iter().next().filter(|_| self.accounts.len() == 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_without_an_account_means_the_only_one() {
        let mut facts = Facts::default();
        facts.accounts.insert("council".into(), Account::default());
        assert_eq!(facts.account(None).map(|(n, _)| n.as_str()), Some("council"));
        assert_eq!(facts.account(Some("@Council ")).map(|(n, _)| n.as_str()), Some("council"));
        facts.accounts.insert("csp".into(), Account::default());
        assert_eq!(facts.account(None), None);
        assert_eq!(facts.account(Some("parks")), None);
    }
}
