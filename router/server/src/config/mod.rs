//! The configuration file: one YAML file, every key known, every value read once.

mod mistake;
mod names;
mod settings;
mod subgraphs;
mod value;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use serde::Deserialize;

pub(crate) use names::Names;
pub(crate) use settings::{Cors, Environment, ROWS, Row, SECTIONS, Settings};
pub(crate) use subgraphs::{Source, Subgraph, Subgraphs};
pub(crate) use value::Count;

/// What the file and the environment say.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// The folder that relative paths start from.
    pub(crate) folder: PathBuf,
    /// The file of the supergraph.
    pub(crate) supergraph: Option<PathBuf>,
    /// Where clients are served.
    pub(crate) listen: Option<String>,
    /// Where probes and metrics are served.
    pub(crate) admin_listen: Option<String>,
    /// Which limits are set.
    pub(crate) profile: Option<Profile>,
    /// The subgraphs, by name.
    pub(crate) subgraphs: Subgraphs,
    /// Everything that has a default.
    pub(crate) settings: Settings,
}

/// A set of limits for a place where the router runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Profile {
    /// Operations are only measured.
    Dev,
    /// Operations are limited.
    Staging,
    /// Operations are limited, their cost more closely.
    Production,
}

/// The limits of operations that a profile sets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ProfileLimits {
    pub(crate) cost: Option<NonZeroUsize>,
    pub(crate) depth: Option<NonZeroUsize>,
    pub(crate) width: Option<NonZeroUsize>,
}

impl Profile {
    /// The limits that the profile sets; without them, operations are only measured.
    pub(crate) fn limits(self) -> ProfileLimits {
        let cost = match self {
            Profile::Dev => return ProfileLimits::default(),
            Profile::Staging => 1_000,
            Profile::Production => 500,
        };
        let (cost, depth, width) =
            (NonZeroUsize::new(cost), NonZeroUsize::new(10), NonZeroUsize::new(50));
        ProfileLimits { cost, depth, width }
    }
}

/// The limits of operations, which can be measured without being enforced.
const MEASURED: &[&str] =
    &["cost", "depth", "width", "root_fields", "aliases", "price", "fetches", "waves"];

/// The keys of the file, in the order of the reference page.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct File {
    federation_version: Option<subgraphs::FederationVersion>,
    subgraphs: Option<Subgraphs>,
    supergraph: Option<PathBuf>,
    listen: Option<String>,
    admin_listen: Option<String>,
    profile: Option<Profile>,
    expose: settings::Expose,
    cors: settings::Cors,
    limits: settings::Limits,
    planning: settings::Planning,
    caches: settings::Caches,
    upstream: settings::Upstream,
    traffic: Traffic,
    shutdown: settings::Shutdown,
    log: settings::Log,
}

/// The section `traffic`.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct Traffic {
    coalesce: settings::Coalesce,
}

impl Config {
    /// Whether the schema of any subgraph is behind an address.
    pub(crate) fn asks_for_schemas(&self) -> bool {
        let mut all = self.subgraphs.iter();
        all.any(|(_, subgraph)| matches!(subgraph.schema, Some(Source::Ask(_))))
    }

    /// Reads the file, if there is one, and what the environment overrides.
    ///
    /// # Errors
    /// A text that names the file and the place in it, or the variable.
    pub(crate) fn read(file: Option<&Path>, environment: &Environment) -> Result<Self, String> {
        let mut config = match file {
            Some(file) => Self::read_file(file, environment)?,
            None => Self::default(),
        };
        config.settings.override_by(environment)?;
        let unknown = |name: &&String| !MEASURED.contains(&name.as_str());
        if let Some(name) = config.settings.limits.measured.0.iter().find(unknown) {
            return Err(format!(
                "limits.measured: `{name}` is no limit of operations; there are {}",
                MEASURED.join(", ")
            ));
        }
        Ok(config)
    }

    fn read_file(path: &Path, environment: &Environment) -> Result<Self, String> {
        let shown = path.display();
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("{shown} can't be read: {error}"))?;
        let mut config = Self::parse(&shown.to_string(), &text, environment)?;
        config.folder = path.parent().map(Path::to_owned).unwrap_or_default();
        Ok(config)
    }

    fn parse(name: &str, text: &str, environment: &Environment) -> Result<Self, String> {
        let options = serde_saphyr::Options::default().with_properties(environment.clone());
        let file: File = match serde_saphyr::from_str_with_options::<Option<File>>(text, options) {
            Ok(file) => file.unwrap_or_default(),
            Err(error) => return Err(mistake::tell(name, text, &error)),
        };
        let File {
            expose, cors, limits, planning, caches, upstream, traffic, shutdown, log, ..
        } = file;
        let Traffic { coalesce } = traffic;
        Ok(Self {
            folder: PathBuf::new(),
            supergraph: file.supergraph,
            listen: file.listen,
            admin_listen: file.admin_listen,
            profile: file.profile,
            subgraphs: file.subgraphs.unwrap_or_default(),
            settings: Settings {
                expose,
                cors,
                limits,
                planning,
                caches,
                upstream,
                coalesce,
                shutdown,
                log,
            },
        })
    }

    /// A path of the file, from where the process runs.
    pub(crate) fn resolve(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Config, String> {
        let environment = Environment::from([("HOST".to_owned(), "users".to_owned())]);
        Config::parse("t.yaml", text, &environment)
    }

    #[test]
    fn variables_of_the_environment_stand_in_values() {
        let text = "subgraphs:\n  u:\n    routing_url: http://${HOST}:${PORT:-4001}/\n    \
                    schema: {sdl: 'type Query { a: Int }'}\n";
        let config = parse(text).unwrap();
        assert_eq!(config.subgraphs["u"].url(), Some("http://users:4001/"));
        let error = parse("listen: ${NOWHERE}\n").unwrap_err();
        assert!(error.contains("NOWHERE") && error.contains("t.yaml:1:"), "{error}");
    }

    #[test]
    fn a_rover_file_alone_is_valid() {
        let text = "federation_version: =2.9.0\nsubgraphs:\n  users:\n    \
                    routing_url: http://u/\n    schema: {file: ./u.graphql}\n  posts:\n    \
                    schema: {subgraph_url: 'http://p/'}\n";
        let config = parse(text).unwrap();
        assert_eq!(config.subgraphs["users"].url(), Some("http://u/"));
        assert_eq!(config.subgraphs["posts"].url(), Some("http://p/"));
        assert_eq!(config.subgraphs["users"].schema, Some(Source::File("./u.graphql".into())));
        assert_eq!(config.settings.limits.body_bytes.bytes().get(), 2_000_000);
    }

    #[test]
    fn an_empty_file_is_all_defaults() {
        for text in ["", "# nothing\n", "{}\n"] {
            let config = parse(text).unwrap();
            assert!(config.subgraphs.is_empty() && config.listen.is_none());
        }
    }

    #[test]
    fn mistakes_name_their_place() {
        let cases = [
            ("limits:\n  body_byte: 2MB\n", "t.yaml:2:", "did you mean `body_bytes`"),
            ("limits:\n  body_bytes: much\n", "t.yaml:2:", "is no size"),
            ("limits: {request_timeout: 30}\n", "t.yaml:1:", "is no time"),
            ("subgraphs:\n  a:\n    schema: {graphref: x@y}\n", "t.yaml:3:", "not supported"),
            ("subgraphs:\n  a:\n    schema: a.graphql\n", "t.yaml:3:", "{ file: a.graphql }"),
            ("subgraphs:\n  a:\n    schema: {file: x, sdl: y}\n", "t.yaml:3:", "exactly one"),
            ("federation_version: 1\n", "t.yaml:1:", "not supported"),
            ("profile: fast\n", "t.yaml:1:", "fast"),
        ];
        for (text, line, what) in cases {
            let error = parse(text).unwrap_err();
            assert!(error.contains(line) && error.contains(what), "{text}: {error}");
        }
    }

    #[test]
    fn every_section_of_the_table_is_a_key_of_the_file() {
        for row in ROWS {
            let default = if row.default.is_empty() { "null" } else { row.default };
            let sections = row.section.replace('.', ": {");
            let closing = "}".repeat(row.section.matches('.').count());
            let text = format!("{sections}: {{{}: {default}}}{closing}\n", row.key);
            assert!(parse(&text).is_ok(), "{text}");
        }
    }
}
