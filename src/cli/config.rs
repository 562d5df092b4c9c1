//! `postlint config`: what settings hold for a path, and where each comes from.

use super::{
    Failure,
    args::{ConfigArgs, RuleArgs},
    rules::counted,
    session::Session,
};
use crate::{
    decode,
    engine::{FLOOR, walk},
    model::{fault::clean, rule::Pack},
    settings::{Account, FailOn, Level, Organisation, Reserved, Settings, Voice},
};
use std::{
    io::{self, Write},
    path::Path,
};

pub(super) fn run(args: &ConfigArgs) -> Result<u8, Failure> {
    let session = Session::open(&args.rules, true)?;
    session.check_rules(&args.rules)?;
    let mut lines = Lines { out: Box::new(io::BufWriter::new(io::stdout().lock())) };
    let settings = &session.settings;
    match &settings.file {
        Some(file) => lines.line("settings", &file.name)?,
        None => lines.line("settings", "none: the defaults hold")?,
    }
    let path = args.path.as_deref();
    if let Some(path) = path {
        lines.file(path, settings)?;
    }
    lines.packs(args, &session)?;
    lines.check(&args.rules, settings)?;
    lines.rules(path.unwrap_or(Path::new("")), &session)?;
    lines.organisation(&settings.organisation)?;
    lines.drafts(settings)?;
    lines.suppressions(path, settings)?;
    lines.out.flush()?;
    Ok(0)
}

/// Lines of a name and what it is.
struct Lines {
    out: Box<dyn Write>,
}

impl Lines {
    fn line(&mut self, name: &str, what: &str) -> io::Result<()> {
        writeln!(self.out, "{name:<12} {}", clean(what))
    }

    /// How the file at `path` would be read, or why it is not.
    fn file(&mut self, path: &Path, settings: &Settings) -> io::Result<()> {
        let name = path.display();
        if settings.excludes(path) {
            return self.line("excluded", &format!("{name} is not checked ([check] exclude)"));
        }
        if path.is_dir() {
            return self.line("for", &format!("{name}, a folder; name a file in it to see how it is read"));
        }
        let format = match walk::read(path, decode::Limits::default().bytes) {
            Ok(file) => decode::decoder_for(&file).name(),
            Err(skipped) => return self.line("for", &format!("{name}: {}", skipped.reason)),
        };
        self.line("for", &format!("{name}, which is read as {format}"))
    }

    fn packs(&mut self, args: &ConfigArgs, session: &Session) -> Result<(), Failure> {
        let settings = &session.settings;
        let here = args.path.as_deref().and_then(|path| settings.packs_in(path));
        for pack in &session.set.packs {
            let origin = if args.rules.pack.is_empty() { origin(pack, session)? } else { "--pack".to_owned() };
            let count = format!("{} {} ({}, {origin})", pack.name, pack.version, counted(pack.rules.len(), "rule"));
            let off = here
                .and_then(|names| names.first())
                .filter(|_| here.is_some_and(|names| names.iter().all(|(name, _)| *name != pack.name)));
            match off {
                Some((_, at)) => self.line("pack", &format!("{count}, not here ({})", settings.origin(*at)))?,
                None => self.line("pack", &count)?,
            }
        }
        for id in &args.rules.rule {
            self.line("only", &format!("{id} (--rule)"))?;
        }
        Ok(())
    }

    /// `[check]`, `[reserved]`, `[scorer]`.
    fn check(&mut self, args: &RuleArgs, settings: &Settings) -> io::Result<()> {
        let origin = |said: bool| if said { "settings" } else { "default" };
        let check = &settings.check;
        let fail_on = match check.fail_on {
            None => "error",
            Some(FailOn::From(severity)) => severity.name(),
            Some(FailOn::Never) => "never",
        };
        self.line("fail-on", &format!("{fail_on} ({})", origin(check.fail_on.is_some())))?;
        let (least, said) = match (args.min_confidence, check.min_confidence) {
            (Some(least), _) => (least, "--min-confidence"),
            (None, least) => (least.unwrap_or(FLOOR), origin(least.is_some())),
        };
        self.line("confidence", &format!("{least} and above ({said})"))?;
        if !check.exclude.patterns().is_empty() {
            self.line("exclude", &check.exclude.patterns().join(", "))?;
        }
        let status = match check.skip_status.as_slice() {
            [] => "posts of every status are checked (default)".to_owned(),
            skipped => format!("posts that are {} are left out (settings)", skipped.join(", ")),
        };
        self.line("status", &status)?;
        let sizes = settings.sizes;
        for (key, size) in [
            ("file-mib", sizes.file_mib),
            ("unpacked-mib", sizes.unpacked_mib),
            ("unpacked-ratio", sizes.unpacked_ratio),
            ("rows", sizes.rows),
            ("posts", sizes.posts),
            ("findings", sizes.findings),
            ("nesting", sizes.nesting),
            ("line-mib", sizes.line_mib),
        ] {
            if let Some(size) = size {
                self.line("limit", &format!("{key} = {size} (settings)"))?;
            }
        }
        if settings.scorer.enabled == Some(false) {
            self.line("scorer", "off (settings)")?;
        }
        match settings.reserved {
            Reserved::Report => Ok(()),
            Reserved::Note => self.line("reserved", "values that nobody can own are advice (settings)"),
            Reserved::Ignore => self.line("reserved", "values that nobody can own are not reported (settings)"),
        }
    }

    /// What is set about rules.
    fn rules(&mut self, path: &Path, session: &Session) -> io::Result<()> {
        let settings = &session.settings;
        for rule in session.set.packs.iter().flat_map(|p| &p.rules) {
            let id = &rule.meta.id;
            if let Some((level, at)) = settings.level(path, id) {
                let level = match level {
                    Level::Off => "off",
                    Level::On(severity) => severity.name(),
                };
                self.line("rule", &format!("{id} = {level} ({})", settings.origin(at)))?;
            }
        }
        for rule in &settings.rules {
            for (phrase, at) in &rule.allow_phrases {
                self.line("allowed", &format!("{}: “{phrase}” ({})", rule.id, settings.origin(*at)))?;
            }
        }
        Ok(())
    }

    /// What is the organisation's own, and public.
    fn organisation(&mut self, own: &Organisation) -> io::Result<()> {
        if let Some(name) = &own.name {
            self.line("organisation", name)?;
        }
        for (key, values) in [
            ("domains", &own.domains),
            ("public-numbers", &own.public_numbers),
            ("public-addresses", &own.public_addresses),
            ("public-postcodes", &own.public_postcodes),
            ("role-mailboxes", &own.role_mailboxes),
            ("names", &own.names),
        ] {
            if !values.is_empty() {
                self.line("organisation", &format!("{key}: {}", values.join("; ")))?;
            }
        }
        Ok(())
    }

    /// What drafts are measured against: columns, accounts, channels, periods.
    fn drafts(&mut self, settings: &Settings) -> io::Result<()> {
        for column in &settings.columns {
            let (format, at) = &column.format;
            let what = format!("{format}: “{}” holds the {} ({})", column.name, column.role.0, settings.origin(*at));
            self.line("column", &what)?;
        }
        if settings.accounts.is_empty() {
            self.line("accounts", "none: rules about accounts and officers are silent")?;
        }
        for (name, account) in &settings.accounts {
            self.line("account", &format!("{name}: {}", told(account)))?;
        }
        for limit in &settings.limits {
            let (channel, at) = &limit.channel;
            self.line("channel", &format!("{channel}: {} = {} ({})", limit.field.0, limit.max, settings.origin(*at)))?;
        }
        for period in &settings.periods {
            let days = format!("{} from {} to {}", period.name, period.from, period.to);
            self.line("period", &format!("{days} ({})", settings.origin(period.at)))?;
        }
        Ok(())
    }

    /// What is let through: in the file at `path`, or anywhere.
    fn suppressions(&mut self, path: Option<&Path>, settings: &Settings) -> io::Result<()> {
        let holds = |paths: &crate::settings::Globs| path.is_none_or(|path| paths.holds(&settings.relative(path)));
        for suppress in settings.suppress.iter().filter(|s| holds(&s.paths)) {
            let rules: Vec<&str> = suppress.rules.iter().map(|(r, _)| r.as_str()).collect();
            let until = suppress.until.map_or_else(String::new, |day| format!(" until {day}"));
            let origin = settings.origin(suppress.at);
            self.line("suppress", &format!("{}{until}: {} ({origin})", rules.join(", "), suppress.reason))?;
        }
        Ok(())
    }
}

/// Where the settings ask for `pack`.
fn origin(pack: &Pack, session: &Session) -> Result<String, Failure> {
    let settings = &session.settings;
    let named = settings.packs.names.iter().flatten().find(|(name, _)| pack.builtin && *name == pack.name);
    if let Some((_, at)) = named {
        return Ok(settings.origin(*at));
    }
    let file = pack.rules.first().and_then(|rule| session.set.files.get(rule.at.file));
    let file = file.filter(|_| !pack.builtin).map_or(Path::new(""), |file| Path::new(&file.name));
    let places = settings.pack_places()?;
    let place = places.iter().find(|(path, _)| path == file || file.parent() == Some(path.as_path()));
    Ok(place.map_or_else(|| "default".to_owned(), |(_, at)| settings.origin(*at)))
}

/// What is set about an account.
fn told(account: &Account) -> String {
    let day = |channel: &str| account.from.iter().find(|(name, _)| name == channel).map(|(_, day)| *day);
    let channel = |name: &str| day(name).map_or_else(|| name.to_owned(), |day| format!("{name} from {day}"));
    let channels: Vec<String> = account.channels.iter().map(|(name, _)| channel(name)).collect();
    let channels = if channels.is_empty() { "on no channel".to_owned() } else { channels.join(", ") };
    let mut told = vec![channels, counted(account.officers.len(), "officer")];
    told.extend(account.voice.map(|voice| match voice {
        Voice::Corporate => "corporate voice".to_owned(),
        Voice::Signed => "signed voice".to_owned(),
    }));
    if !account.approval_for.is_empty() {
        told.push(format!("approval for {}", account.approval_for.join(", ")));
    }
    if !account.services.is_empty() {
        let services: Vec<&str> = account.services.keys().map(String::as_str).collect();
        told.push(format!("services {}", services.join(", ")));
    }
    told.extend(account.profile.as_ref().map(|profile| format!("profile {profile}")));
    told.join("; ")
}
