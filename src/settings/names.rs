//! Names that only others know: rules, packs, channels, formats. They are checked once the others are there.

use super::{Named, Settings, SettingsErrors};
use crate::model::{
    rule_id,
    value::{At, Fault, unknown},
};

impl Settings {
    /// Every rule that the settings name must be among `known`, which are full ids.
    pub fn check_rule_ids(&self, known: &[&str]) -> Result<(), SettingsErrors> {
        let set = self.rules.iter().chain(self.overrides.iter().flat_map(|o| &o.rules)).map(|r| (&r.id, r.at));
        let suppressed = self.suppress.iter().flat_map(|s| &s.rules).map(|(id, at)| (id, *at));
        let strangers = set.chain(suppressed).filter(|(id, _)| !known.contains(&id.as_str()));
        let fault = |(id, at): (&String, At)| {
            let fault = Fault::new(at, format!("unknown rule `{id}`")).code("unknown_name");
            fault.help(rule_id::suggestion(id, known))
        };
        self.ok_unless(strangers.map(fault).collect())
    }

    /// Every built-in pack that the settings name must be among `known`; `loaded` are all packs, of paths too, to
    /// which overrides may refer.
    pub fn check_packs(&self, known: &[&str], loaded: &[&str]) -> Result<(), SettingsErrors> {
        let mut faults = strangers(named(self.packs.names.iter().flatten()), known, "pack");
        let overrides = self.overrides.iter().filter_map(|o| o.packs.as_ref()).flatten();
        faults.extend(strangers(named(overrides), loaded, "pack"));
        self.ok_unless(faults)
    }

    /// Every channel that the settings name must be among `known`, and every field of a channel among `fields`.
    pub fn check_channels(&self, known: &[&str], fields: &[&str]) -> Result<(), SettingsErrors> {
        let accounts = self.accounts.values().flat_map(|a| &a.channels);
        let mut faults = strangers(named(accounts.chain(self.limits.iter().map(|l| &l.channel))), known, "channel");
        faults.extend(strangers(named(self.limits.iter().map(|l| &l.field)), fields, "field of a channel"));
        self.ok_unless(faults)
    }

    /// Every format of `[formats]` must be among `formats`, and what its columns hold among `roles`.
    pub fn check_columns(&self, formats: &[&str], roles: &[&str]) -> Result<(), SettingsErrors> {
        let mut faults = strangers(named(self.columns.iter().map(|c| &c.format)), formats, "format");
        faults.extend(strangers(named(self.columns.iter().map(|c| &c.role)), roles, "column role"));
        self.ok_unless(faults)
    }
}

fn named<'a>(names: impl Iterator<Item = &'a Named>) -> impl Iterator<Item = (&'a String, At)> {
    names.map(|(name, at)| (name, *at))
}

fn strangers<'a>(names: impl Iterator<Item = (&'a String, At)>, known: &[&str], what: &str) -> Vec<Fault> {
    names.filter(|(name, _)| !known.contains(&name.as_str())).map(|(name, at)| unknown(at, name, known, what)).collect()
}
