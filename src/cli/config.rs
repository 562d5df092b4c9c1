//! `postlint config`: what settings hold for a path, and where each comes from.

use super::{
    Failure,
    args::{ConfigArgs, RuleArgs},
    session::Session,
};
use crate::settings::Level;
use std::io::{self, Write};

pub(super) fn run(args: &ConfigArgs) -> Result<u8, Failure> {
    let session = Session::open(&args.rules, true)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    write_config(args, &session, &mut out)?;
    out.flush()?;
    Ok(0)
}

fn write_config(args: &ConfigArgs, session: &Session, out: &mut dyn Write) -> io::Result<()> {
    let settings = &session.settings;
    let RuleArgs { pack, .. } = &args.rules;
    match &settings.file {
        Some(file) => writeln!(out, "settings   {}", file.name)?,
        None => writeln!(out, "settings   none: the defaults hold")?,
    }
    let origin = if !pack.is_empty() {
        "--pack"
    } else if settings.packs.names.is_some() {
        "[packs] in the settings"
    } else {
        "default"
    };
    for pack in &session.set.packs {
        writeln!(out, "pack       {} {} ({} rules, {origin})", pack.name, pack.version, pack.rules.len())?;
    }
    let path = args.path.clone().unwrap_or_default();
    if settings.excludes(&path) {
        writeln!(out, "excluded   {} is not checked ([check] exclude)", path.display())?;
    }
    for rule in session.set.packs.iter().flat_map(|p| &p.rules) {
        if let Some((level, at)) = settings.level(&path, &rule.meta.id) {
            let level = match level {
                Level::Off => "off",
                Level::On(severity) => severity.name(),
            };
            writeln!(out, "rule       {} = {level} ({})", rule.meta.id, settings.origin(at))?;
        }
    }
    if settings.accounts.is_empty() {
        writeln!(out, "accounts   none: rules about accounts and officers are silent")?;
    }
    for (name, account) in &settings.accounts {
        let channels: Vec<&str> = account.channels.iter().map(|(c, _)| c.as_str()).collect();
        writeln!(out, "account    {name}: {}; {} officers", channels.join(", "), account.officers.len())?;
    }
    for period in &settings.periods {
        writeln!(
            out,
            "period     {} from {} to {} ({})",
            period.name,
            period.from,
            period.to,
            settings.origin(period.at)
        )?;
    }
    for suppress in &settings.suppress {
        let rules: Vec<&str> = suppress.rules.iter().map(|(r, _)| r.as_str()).collect();
        writeln!(out, "suppress   {}: {} ({})", rules.join(", "), suppress.reason, settings.origin(suppress.at))?;
    }
    Ok(())
}
