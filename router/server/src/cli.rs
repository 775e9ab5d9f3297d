//! The command line: what can be said, and what `--help` teaches.

use std::path::PathBuf;

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Args, Parser, Subcommand, ValueEnum};

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Green.on_default().bold())
    .usage(AnsiColor::Green.on_default().bold())
    .literal(AnsiColor::Cyan.on_default().bold())
    .placeholder(AnsiColor::Cyan.on_default());

/// One graph out of many GraphQL services.
///
/// Tributary composes the schemas of subgraphs into one supergraph, plans each operation over the
/// subgraphs, and serves the answers at one address.
#[derive(Debug, Parser)]
#[command(name = "tributary", version, styles = STYLES, verbatim_doc_comment)]
#[command(subcommand_required = true, arg_required_else_help = true)]
#[command(after_help = "\
Examples:
  Compose the subgraphs that a file lists, and serve them with the page GraphiQL:
    tributary serve --config supergraph.yaml --dev

  Compose once, serve the result:
    tributary compose --config supergraph.yaml --output supergraph.graphql
    tributary serve --supergraph supergraph.graphql

  See how an operation would be answered:
    tributary plan --supergraph supergraph.graphql query.graphql

NO_COLOR=1 turns colours off; a pipe gets none.")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Compose(Compose),
    Explain(Explain),
    Plan(Plan),
    Serve(Serve),
    #[command(subcommand)]
    Supergraph(Supergraph),
}

/// Compose subgraph schemas into one supergraph
///
/// The file lists the subgraphs in rover's format; paths in it are relative to it:
///
///   federation_version: =2.9.0
///   subgraphs:
///     users:
///       routing_url: http://127.0.0.1:4001/graphql
///       schema:
///         file: ./users.graphql
///     posts:
///       schema:
///         subgraph_url: http://127.0.0.1:4002/graphql   # asked for its schema
///
/// Exit status: 0 when the supergraph was written, 1 when the subgraphs don't compose or can't be
/// read (then nothing is written), 2 when the command line is wrong.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
#[command(after_help = "\
Examples:
  tributary compose --config supergraph.yaml --output supergraph.graphql
  tributary compose --config supergraph.yaml > supergraph.graphql
  tributary compose --config supergraph.yaml --format json --output supergraph.graphql
  tributary compose --config supergraph.yaml --format github --output supergraph.graphql  # in CI
  tributary compose --config supergraph.yaml --include-tags partner --output partner.graphql
  tributary compose --explain INVALID_FIELD_SHARING")]
pub(crate) struct Compose {
    /// The file that lists the subgraphs
    #[arg(long, short, value_name = "FILE", required_unless_present = "explain")]
    pub(crate) config: Option<PathBuf>,
    /// Where the supergraph is written; standard output if left out, nowhere with --format json
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// How errors and hints are told: JSON on standard output, the rest on standard error
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub(crate) format: ReportFormat,
    /// Tell hints of the least weight too; JSON has them anyway, with their level
    #[arg(long)]
    pub(crate) verbose: bool,
    /// Show clients only what has one of these tags (`@tag`), or whose type has; separated by commas
    #[arg(long, value_name = "TAGS", value_delimiter = ',')]
    pub(crate) include_tags: Vec<String>,
    /// Hide from clients what has one of these tags, whatever else it has; separated by commas
    #[arg(long, value_name = "TAGS", value_delimiter = ',')]
    pub(crate) exclude_tags: Vec<String>,
    /// Say what a code means, why its rule exists, and compose nothing
    #[arg(long, value_name = "CODE", conflicts_with_all = ["config", "output"])]
    pub(crate) explain: Option<String>,
}

/// How a report of composition looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// With the lines that it speaks of, for people
    Text,
    /// One JSON object
    Json,
    /// Annotations of GitHub Actions
    Github,
}

/// Show how an operation would be answered
///
/// Nothing is sent to any subgraph.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tributary plan --supergraph supergraph.graphql query.graphql
  tributary plan --supergraph supergraph.graphql query.graphql --operation Feed --format json
  tributary plan --supergraph supergraph.graphql query.graphql --disable reviews
  tributary plan --supergraph supergraph.graphql query.graphql --variables '{\"withPosts\": true}'
  echo '{ me { name } }' | tributary plan --supergraph supergraph.graphql -
  tributary plan diff --old old.graphql --new new.graphql --operations queries")]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Plan {
    #[command(subcommand)]
    pub(crate) command: Option<PlanCommand>,
    #[command(flatten)]
    pub(crate) of: Option<Planned>,
    /// How the plan looks
    #[arg(long, value_enum, default_value_t = PlanFormat::Text)]
    pub(crate) format: PlanFormat,
}

/// What else is done with plans.
#[derive(Debug, Subcommand)]
pub(crate) enum PlanCommand {
    Diff(PlanDiff),
}

/// List which operations are planned otherwise over another supergraph, and what they cost then
///
/// A gate for CI: the exit status is 1 when an operation became dearer than the threshold allows,
/// or can't be answered any more. Each file of the folder that ends in .graphql holds one operation
/// or several; a file of the same name that ends in .json gives the variables of @skip and
/// @include, which are true otherwise.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tributary plan diff --old old.graphql --new new.graphql --operations queries
  tributary plan diff --old old.graphql --new new.graphql --operations queries --threshold 10")]
pub(crate) struct PlanDiff {
    /// The supergraph that is served
    #[arg(long, value_name = "FILE")]
    pub(crate) old: PathBuf,
    /// The supergraph that is to be served
    #[arg(long, value_name = "FILE")]
    pub(crate) new: PathBuf,
    /// The folder of the operations
    #[arg(long, value_name = "FOLDER")]
    pub(crate) operations: PathBuf,
    /// By how many percent a price may grow
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0, value_parser = percent)]
    pub(crate) threshold: f64,
    /// How it looks
    #[arg(long, value_enum, default_value_t = PlanFormat::Text)]
    pub(crate) format: PlanFormat,
}

/// A number of percent, at least 0.
fn percent(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "that is no number".to_owned())?;
    (number >= 0.0 && number.is_finite())
        .then_some(number)
        .ok_or("it must be at least 0".to_owned())
}

/// What is planned.
#[derive(Args, Debug)]
pub(crate) struct Planned {
    /// The supergraph
    #[arg(long, short, value_name = "FILE")]
    pub(crate) supergraph: PathBuf,
    /// The file of the operation; `-` reads standard input
    #[arg(value_name = "OPERATION")]
    pub(crate) document: PathBuf,
    /// The operation's name, where the document has several
    #[arg(long, value_name = "NAME")]
    pub(crate) operation: Option<String>,
    /// Variables as JSON; only those of @skip and @include shape a plan
    #[arg(long, value_name = "JSON", default_value = "{}")]
    pub(crate) variables: String,
    /// Never take a field from a subgraph, as `Type.field@subgraph`; may be given several times
    #[arg(long, value_name = "HINT")]
    pub(crate) avoid: Vec<String>,
    /// Take a field from one subgraph only, as `Type.field@subgraph`; may be given several times
    #[arg(long, value_name = "HINT")]
    pub(crate) pin: Vec<String>,
    /// Let requests to a subgraph count more or less, as `subgraph=2.5`, or a field from one, as
    /// `Type.field@subgraph=30`; may be given several times
    #[arg(long, value_name = "HINT=NUMBER")]
    pub(crate) weigh: Vec<String>,
    /// Plan as if a subgraph were away; may be given several times
    #[arg(long, value_name = "SUBGRAPH")]
    pub(crate) disable: Vec<String>,
}

/// Explain what an operation costs, where its time goes, and what could be changed
///
/// Shows the plan as a tree with what each request is expected to carry, which of them the whole
/// waits for, and what it would cost to take fields from other subgraphs.
///
/// With --analyze, a running router executes the operation, and what each request took stands
/// beside what was expected. The router must allow it: --dev, or the key `expose.plan`.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  tributary explain --supergraph supergraph.graphql query.graphql
  tributary explain --supergraph supergraph.graphql query.graphql --format json
  tributary explain --supergraph supergraph.graphql query.graphql --avoid Post.createdAt@feed
  tributary explain --supergraph supergraph.graphql query.graphql --latency 5 --latency posts=40
  tributary explain --supergraph supergraph.graphql query.graphql --metrics metrics.txt
  tributary explain --supergraph supergraph.graphql query.graphql --analyze --endpoint http://127.0.0.1:4000/graphql")]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) of: Planned,
    /// How it looks
    #[arg(long, value_enum, default_value_t = PlanFormat::Text)]
    pub(crate) format: PlanFormat,
    /// How many items a list has of which nothing is said
    #[arg(long, value_name = "NUMBER", default_value = "10")]
    pub(crate) list_size: std::num::NonZeroU64,
    /// How many milliseconds requests take: `12` for all, `posts=12` for those to one subgraph; may be
    /// given several times [default: 10]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) latency: Vec<String>,
    /// A file with what a router says at /metrics: each subgraph takes as long as it took on average
    #[arg(long, value_name = "FILE")]
    pub(crate) metrics: Option<PathBuf>,
    /// Have a running router execute the operation
    #[arg(long, requires = "endpoint")]
    pub(crate) analyze: bool,
    /// Where that router serves GraphQL
    #[arg(long, value_name = "URL", requires = "analyze")]
    pub(crate) endpoint: Option<String>,
    /// A header for that router, as `name: value`; may be given several times
    #[arg(long = "header", value_name = "HEADER", requires = "analyze")]
    pub(crate) headers: Vec<String>,
}

/// How a plan looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlanFormat {
    /// For people
    Text,
    /// One JSON object
    Json,
}

/// Serve a supergraph
///
/// The supergraph comes from --supergraph, else from the key `supergraph` of the configuration,
/// else it is composed at start from the configuration's `subgraphs`.
///
/// GraphQL is served at /graphql. Probes (/livez, /readyz) and /metrics are served at an address
/// of their own. SIGTERM and SIGINT let requests in flight end; a second signal stops at once.
#[derive(Args, Debug)]
#[command(verbatim_doc_comment)]
#[command(after_help = "\
Examples:
  tributary serve --supergraph supergraph.graphql
  tributary serve --config supergraph.yaml --dev
  tributary serve --config tributary.yaml --listen 0.0.0.0:4000

  curl http://127.0.0.1:4000/graphql -H 'content-type: application/json' \\
      -d '{\"query\": \"{ __typename }\"}'

Every key of the configuration and its default: docs/reference/configuration.md")]
pub(crate) struct Serve {
    /// The configuration, one YAML file; a file for `compose` will do
    #[arg(long, short, value_name = "FILE", env = "TRIBUTARY_CONFIG", hide_env_values = true)]
    pub(crate) config: Option<PathBuf>,
    /// The supergraph
    #[arg(long, short, value_name = "FILE", env = "TRIBUTARY_SUPERGRAPH", hide_env_values = true)]
    pub(crate) supergraph: Option<PathBuf>,
    /// Where clients are served; port 0 picks a free one [default: 127.0.0.1:4000]
    #[arg(long, short, value_name = "ADDRESS", env = "TRIBUTARY_LISTEN", hide_env_values = true)]
    pub(crate) listen: Option<String>,
    /// Where probes and metrics are served [default: 127.0.0.1:9090]
    #[arg(long, value_name = "ADDRESS", env = "TRIBUTARY_ADMIN_LISTEN", hide_env_values = true)]
    pub(crate) admin_listen: Option<String>,
    /// Turn on what helps while developing: introspection, GraphiQL at /, messages of subgraphs
    #[arg(long)]
    pub(crate) dev: bool,
    /// Leave out something that only makes the router faster, to measure what it earns
    #[arg(long, value_name = "TRICK", env = "TRIBUTARY_BENCH_WITHOUT", value_delimiter = ',')]
    #[arg(hide = true)]
    pub(crate) bench_without: Vec<Trick>,
}

/// What only makes the router faster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Trick {
    Programs,
    SharedReadings,
    ExpectedOrder,
    FilesInMemory,
    KnownTexts,
    Threads,
}

/// Take a supergraph apart
#[derive(Debug, Subcommand)]
pub(crate) enum Supergraph {
    /// Print the schema that clients see
    #[command(after_help = "\
Examples:
  tributary supergraph api --supergraph supergraph.graphql")]
    Api(Part),
    /// Print the schema of one subgraph, as far as the supergraph tells it
    #[command(after_help = "\
Examples:
  tributary supergraph subgraph users --supergraph supergraph.graphql")]
    Subgraph(OfSubgraph),
    /// List the subgraphs, one to a line: name and address
    #[command(after_help = "\
Examples:
  tributary supergraph subgraphs --supergraph supergraph.graphql")]
    Subgraphs(Part),
}

/// The supergraph that is taken apart.
#[derive(Args, Debug)]
pub(crate) struct Part {
    /// The supergraph
    #[arg(long, short, value_name = "FILE")]
    pub(crate) supergraph: PathBuf,
}

/// The subgraph of a supergraph.
#[derive(Args, Debug)]
pub(crate) struct OfSubgraph {
    /// The subgraph's name
    #[arg(value_name = "NAME")]
    pub(crate) name: String,
    /// The supergraph
    #[arg(long, short, value_name = "FILE")]
    pub(crate) supergraph: PathBuf,
}

impl Cli {
    /// Reads the arguments of the process; ends it with a message when they are wrong.
    pub(crate) fn read() -> Self {
        Self::parse()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_example_of_the_help_can_be_read() {
        let mut cli = Cli::command();
        let mut helps = vec![cli.render_long_help().to_string()];
        helps.extend(
            cli.get_subcommands_mut().map(|command| command.render_long_help().to_string()),
        );
        let mut examples = 0;
        for line in helps.iter().flat_map(|help| help.lines()) {
            let Some(at) = line.find("tributary ").filter(|_| line.starts_with("  ")) else {
                continue;
            };
            let example = line[at..].split(['>', '#']).next().unwrap_or_default();
            if example.contains("[OPTIONS]") || example.contains("<") {
                continue;
            }
            // Quoted JSON holds a space, which only a shell takes together.
            let words = example.split_whitespace().filter(|word| *word != "true}'");
            Cli::try_parse_from(words).unwrap_or_else(|error| panic!("{line}: {error}"));
            examples += 1;
        }
        assert!(examples >= 12, "{examples}");
    }
}
