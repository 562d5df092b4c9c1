//! What most commands begin with: settings found, packs loaded, rules compiled, or an error with its place.

use super::{
    Failure,
    args::{DraftArgs, ModeArg, RuleArgs, ShowArg},
    asked, learn,
};
use crate::{
    channel,
    check::scorer::Model,
    decode,
    engine::{FINDINGS, FLOOR, Linter, Options, message::TEXT},
    model::{
        document::{Located, Meta, Mode},
        rule_id,
        value::Fault,
    },
    pack::{self, Examples, PackErrors, PackSet, Request},
    settings::{self, Settings, Sizes},
    text::moment,
};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

/// Packs that run where neither settings nor arguments name any.
pub(super) const DEFAULT_PACKS: &[&str] = &["confidential", "reputation", "opinion", "conduct"];

/// Checks on so many threads; without a number on one for each core.
pub(super) fn use_threads(threads: Option<usize>) {
    if let Some(threads) = threads {
        // Fails only when a pool exists already; the first one then stays.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    }
}

/// Settings and packs of a run.
pub(super) struct Session {
    pub(super) settings: Settings,
    pub(super) set: PackSet,
    /// How long finding the settings took.
    pub(super) settled: Duration,
}

impl Session {
    /// Finds settings (unless told not to) and loads the packs that they or the arguments name. `walk_up` says whether
    /// a settings file is looked for in the working folder and above.
    pub(super) fn open(args: &RuleArgs, walk_up: bool) -> Result<Self, Failure> {
        Self::open_with(args, walk_up, Examples::LeftOut)
    }

    /// The same, with or without the examples of the built-in packs.
    pub(super) fn open_with(args: &RuleArgs, walk_up: bool, examples: Examples) -> Result<Self, Failure> {
        let start = Instant::now();
        let settings = find_settings(args, walk_up)?;
        check_channels(&settings)?;
        settings.check_packs(&pack::names(), &pack::names())?;
        let settled = start.elapsed();
        let set = pack::load_with(&requests(args, &settings)?, examples).map_err(|errors| {
            let outside = if args.pack.is_empty() { packs_outside(&settings) } else { Vec::new() };
            hidden(errors, &outside)
        })?;
        Ok(Self { settings, set, settled })
    }

    /// Compiles the rules.
    pub(super) fn linter(&self, args: &RuleArgs, drafts: &DraftArgs) -> Result<Linter, Failure> {
        self.check_rules(args)?;
        asked::drafts(drafts)?;
        let named = &self.settings;
        if !named.rules.is_empty() || !named.suppress.is_empty() || !named.overrides.is_empty() {
            // Settings may speak of rules of packs that this run leaves out.
            let builtin = builtin()?;
            named.check_rule_ids(&ids(&self.set).chain(ids(&builtin)).collect::<Vec<_>>())?;
        }
        let options = Options {
            min_confidence: args.min_confidence.or(self.settings.check.min_confidence).unwrap_or(FLOOR),
            only: args.rule.clone(),
            settings: self.settings.clone(),
            ignore_suppressions: args.ignore_suppressions,
            today: Some(jiff::Zoned::now().date()),
            defaults: defaults(drafts),
            model: self.model()?,
            findings: self.settings.sizes.findings.unwrap_or(FINDINGS),
            decode: decode_options(&self.settings)?,
        };
        Linter::new(&self.set, options).map_err(|faults| PackErrors::from_faults(&self.set.files, faults).into())
    }

    /// Every rule that `--rule` names must be one that is loaded.
    pub(super) fn check_rules(&self, args: &RuleArgs) -> Result<(), Failure> {
        let stranger = args.rule.iter().find(|id| !ids(&self.set).any(|known| known == id.as_str()));
        stranger.map_or(Ok(()), |id| Err(unknown_rule(id, &self.set)))
    }

    /// The scorer that settings name.
    fn model(&self) -> Result<Option<Arc<Model>>, Failure> {
        let Some((name, at)) = &self.settings.scorer.model else { return Ok(None) };
        let model = learn::model(&self.settings.base.join(name)).map_err(|error| {
            let fault = Fault::new(*at, format!("the model of the scorer cannot be read: {}", error.why()));
            let help = "`postlint learn` writes models; the path starts at the folder of the settings file";
            self.settings.errors(vec![fault.code("unreadable").help(help)])
        })?;
        Ok(Some(Arc::new(model)))
    }
}

/// Refuses to show what sensitive rules matched in a CI job, unless that is what is asked for.
pub(super) fn may_show(asked: Option<ShowArg>) -> Result<(), Failure> {
    let ci = std::env::var_os("CI").is_some_and(|v| !v.is_empty() && v != "false" && v != "0");
    if ci && asked == Some(ShowArg::Ask) {
        let help = "others read the log of a CI job; leave --show-values out, or write --show-values=force";
        return Err(Failure::usage("--show-values is refused, since CI is set", help));
    }
    Ok(())
}

/// What settings load from outside their own folder, in words: a stranger's settings must not read there unseen.
pub(super) fn strange_reads(settings: &Settings) -> Vec<String> {
    let model =
        settings.scorer.model.as_ref().map(|(name, _)| settings.base.join(name)).filter(|m| is_outside(settings, m));
    let packs = packs_outside(settings).into_iter().map(|path| ("a pack", path));
    let all = packs.chain(model.map(|path| ("a model", path)));
    all.map(|(what, path)| format!("The settings load {what} from outside their folder: {}", path.display())).collect()
}

fn packs_outside(settings: &Settings) -> Vec<PathBuf> {
    let packs = settings.pack_paths().unwrap_or_default();
    packs.into_iter().filter(|path| is_outside(settings, path)).collect()
}

/// Whether `path` leads out of the folder of the settings, links followed.
fn is_outside(settings: &Settings, path: &Path) -> bool {
    !real(path).starts_with(base(settings))
}

/// The faults of packs; those of a file outside of the settings' folder, which may be no pack at all but somebody's
/// secrets, without a word of it.
fn hidden(errors: PackErrors, outside: &[PathBuf]) -> Failure {
    let names = || errors.0.all().iter().filter_map(|fault| Some(Path::new(&fault.spot()?.name)));
    let Some(path) = outside.iter().find(|path| names().any(|name| name.starts_with(path))) else {
        return errors.into();
    };
    Failure::usage(
        format!("{}, which the settings load from outside their folder, is no sound pack", path.display()),
        format!("check it with `postlint rules test {}`", path.display()),
    )
}

/// Whether a check of `paths` is one of all drafts that the settings hold for.
pub(super) fn takes_in_all(paths: &[PathBuf], settings: &Settings) -> bool {
    let base = base(settings);
    paths.iter().any(|path| base.starts_with(real(path)))
}

/// The folder of the settings.
fn base(settings: &Settings) -> PathBuf {
    real(if settings.base.as_os_str().is_empty() { Path::new(".") } else { &settings.base })
}

/// A path without links, as far as it can be followed.
fn real(path: &Path) -> PathBuf {
    std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned())
}

/// The ids of all rules in `set`.
fn ids(set: &PackSet) -> impl Iterator<Item = &str> {
    set.packs.iter().flat_map(|p| &p.rules).map(|r| r.meta.id.as_str())
}

/// All packs that come with the program.
fn builtin() -> Result<PackSet, PackErrors> {
    let all: Vec<Request> = pack::names().iter().map(|n| Request::Name((*n).to_owned())).collect();
    pack::load_with(&all, Examples::LeftOut)
}

/// Refuses a run in which no rule would look at any of `paths`: what it says would be no answer. A run without paths looks
/// at nothing, whatever its rules.
pub(super) fn some_rule_runs<'p>(
    linter: &Linter,
    mut paths: impl ExactSizeIterator<Item = &'p Path>,
) -> Result<(), Failure> {
    if paths.len() == 0 || paths.any(|path| !linter.is_idle(path)) {
        return Ok(());
    }
    let (message, help) = if linter.all_rules().next().is_none() {
        ("the packs that were loaded have none", "name other packs with --pack, or in [packs] of the settings")
    } else {
        (
            "the settings turn off every rule that was asked for",
            "see [rules] and [[overrides]] of the settings; [check] exclude leaves files out on purpose",
        )
    };
    Err(Failure::usage(format!("no rule runs: {message}"), help))
}

/// The error for a rule id that no pack of `set` has.
pub(super) fn unknown_rule(id: &str, set: &PackSet) -> Failure {
    let builtin = builtin().unwrap_or_default();
    if ids(&builtin).any(|known| known == id) {
        let pack = rule_id::parts(id).0;
        let help =
            format!("its pack is not loaded: add `--pack {pack}`, or \"{pack}\" to [packs] use in postlint.toml");
        return Failure::usage(format!("the rule `{id}` does not run"), help);
    }
    let known: Vec<&str> = ids(set).chain(ids(&builtin)).collect();
    Failure::usage(format!("there is no rule `{id}`"), rule_id::suggestion(id, &known))
}

fn find_settings(args: &RuleArgs, walk_up: bool) -> Result<Settings, Failure> {
    settings_of(args.config.as_ref(), args.no_config || !walk_up)
}

/// The settings of a file, or of the nearest one unless none is to be looked for.
pub(super) fn settings_of(config: Option<&PathBuf>, alone: bool) -> Result<Settings, Failure> {
    let path = match config {
        Some(path) => Some(path.clone()),
        None if alone => None,
        None => std::env::current_dir().ok().and_then(|here| settings::find(&here)),
    };
    Ok(path.map_or_else(|| Ok(Settings::default()), |path: PathBuf| settings::load(&path))?)
}

fn requests(args: &RuleArgs, settings: &Settings) -> Result<Vec<Request>, Failure> {
    if !args.pack.is_empty() {
        return Ok(args.pack.iter().map(|p| Request::from_argument(p)).collect());
    }
    let chosen = settings.packs.names.as_ref().map(|names| names.iter().map(|(n, _)| n.clone()).collect::<Vec<_>>());
    let names = chosen.unwrap_or_else(|| DEFAULT_PACKS.iter().map(|n| (*n).to_owned()).collect());
    let paths = settings.pack_paths()?;
    Ok(names.into_iter().map(Request::Name).chain(paths.into_iter().map(Request::Path)).collect())
}

/// How the settings want files to be read.
pub(super) fn decode_options(settings: &Settings) -> Result<decode::Options, Failure> {
    let formats: Vec<&str> = decode::DECODERS.iter().map(|d| d.name()).collect();
    settings.check_columns(&formats, &decode::role_names().collect::<Vec<_>>())?;
    let columns = settings.columns.iter().map(|c| decode::Column {
        format: c.format.0.clone(),
        role: c.role.0.clone(),
        name: c.name.clone(),
    });
    Ok(decode::Options {
        columns: columns.collect(),
        skip_status: settings.check.skip_status.clone(),
        limits: limits(&settings.sizes),
    })
}

/// How large a draft may be: as the settings say, else as is the default.
fn limits(sizes: &Sizes) -> decode::Limits {
    let default = decode::Limits::default();
    let bytes = |mib: Option<usize>, default: usize| mib.map_or(default, |mib| mib.saturating_mul(1 << 20));
    decode::Limits {
        bytes: bytes(sizes.file_mib, default.bytes),
        depth: sizes.nesting.unwrap_or(default.depth),
        rows: sizes.rows.unwrap_or(default.rows),
        posts: sizes.posts.unwrap_or(default.posts),
        part_bytes: bytes(sizes.unpacked_mib, default.part_bytes),
        part_ratio: sizes.unpacked_ratio.unwrap_or(default.part_ratio),
    }
}

fn defaults(drafts: &DraftArgs) -> Meta {
    Meta {
        channels: drafts.channel.iter().map(|c| Located::given(c.to_lowercase())).collect(),
        account: drafts.account.clone().map(Located::given),
        scheduled: drafts.at.as_deref().map(|at| Located::given(if at == "now" { now() } else { at.to_owned() })),
        mode: drafts.mode.map(|mode| match mode {
            ModeArg::Post => Mode::Post,
            ModeArg::Reply => Mode::Reply,
        }),
        ..Meta::default()
    }
}

/// Every channel that the settings name must be one that is known, by any of its names.
pub(super) fn check_channels(settings: &Settings) -> Result<(), Failure> {
    let named = settings.accounts.values().flat_map(|a| &a.channels).chain(settings.limits.iter().map(|l| &l.channel));
    let named: Vec<&str> = named.map(|(name, _)| name.as_str()).collect();
    // The table of channels is read only where one is named.
    if named.is_empty() {
        return Ok(());
    }
    let own = named.into_iter().filter(|name| channel::find(name).is_some());
    let known: Vec<&str> = channel::names().into_iter().chain(own).collect();
    Ok(settings.check_channels(&known, &channel::field_names())?)
}

/// The time of day in London, as a draft would say it.
fn now() -> String {
    let now = jiff::Zoned::now();
    let london = now.in_tz(moment::ZONE).unwrap_or(now);
    moment::written(london.date(), london.time())
}

/// The path that stands for text from the command line.
pub(super) fn text_path() -> &'static Path {
    Path::new(TEXT)
}
