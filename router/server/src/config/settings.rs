//! Every setting with its default and what it does: one list makes the types, the reference page
//! and the names in the environment.

use serde::Deserialize;

use super::names::Names;
use super::value::{Count, Setting, Size, Span};

/// One setting, as it is documented.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// The section of the file; a dot stands between a section and one inside it.
    pub(crate) section: &'static str,
    /// The key in the section.
    pub(crate) key: &'static str,
    /// Its default as text; empty when another setting decides.
    pub(crate) default: &'static str,
    /// What it does.
    pub(crate) help: &'static str,
}

impl Row {
    /// The variable of the environment that overrides it.
    pub(crate) fn variable(&self) -> String {
        let section = self.section.replace('.', "_");
        format!("TRIBUTARY_{section}_{}", self.key).to_ascii_uppercase()
    }
}

/// The variables of the environment.
pub(crate) type Environment = std::collections::HashMap<String, String>;

macro_rules! settings {
    ($($(#[doc = $about:literal])* $([$outer:ident])? $section:ident: $name:ident {
        $($(#[doc = $help:literal])* $key:ident: $ty:ty = $default:literal,)*
    })*) => {
        /// The sections of settings that have a default.
        #[derive(Clone, Debug, Default)]
        pub(crate) struct Settings {
            $($(#[doc = $about])* pub(crate) $section: $name,)*
        }

        /// The sections, each with what it is about.
        pub(crate) const SECTIONS: &[(&str, &str)] =
            &[$(($name::SECTION, concat!($($about),*)),)*];

        /// Every setting that has a default.
        pub(crate) const ROWS: &[Row] = &[$($(Row {
            section: $name::SECTION,
            key: stringify!($key),
            default: $default,
            help: concat!($($help),*),
        },)*)*];

        $(
            $(#[doc = $about])*
            #[derive(Clone, Debug, Deserialize)]
            #[serde(deny_unknown_fields, default)]
            pub(crate) struct $name {
                $($(#[doc = $help])* pub(crate) $key: $ty,)*
            }

            impl Default for $name {
                fn default() -> Self {
                    let read = "the defaults of the table can be read";
                    Self { $($key: <$ty as Setting>::parse($default).expect(read),)* }
                }
            }

            impl $name {
                /// The section, as it is written with dots.
                pub(crate) const SECTION: &str = concat!($(stringify!($outer), ".",)? stringify!($section));

                fn override_by(&mut self, environment: &Environment) -> Result<(), String> {
                    $({
                        let row = Row {
                            section: Self::SECTION,
                            key: stringify!($key),
                            default: $default,
                            help: "",
                        };
                        let variable = row.variable();
                        if let Some(text) = environment.get(&variable) {
                            self.$key = <$ty as Setting>::parse(text)
                                .map_err(|reason| format!("{variable}: {reason}"))?;
                        }
                    })*
                    Ok(())
                }
            }
        )*

        impl Settings {
            /// Lets variables of the environment override what the file says.
            pub(crate) fn override_by(
                &mut self,
                environment: &Environment,
            ) -> Result<(), String> {
                $(self.$section.override_by(environment)?;)*
                Ok(())
            }
        }
    };
}

settings! {
    /// What clients may see that a production router hides. `--dev` turns all of it on, where
    /// nothing else is said.
    expose: Expose {
        /// Whether introspection (`__schema`, `__type`) is answered.
        introspection: Option<bool> = "",
        /// Whether an answer says in `extensions.cost` what its operation was taken to cost and
        /// what it cost, for requests with the header `tributary-include: cost`.
        cost: Option<bool> = "",
        /// Whether an answer explains in `extensions.plan` which subgraphs were asked, what each
        /// took and what other choices there were, for requests with the header
        /// `tributary-include: plan`. Who may see it learns of the subgraphs.
        plan: Option<bool> = "",
        /// Whether GraphiQL is served at `/`.
        page: Option<bool> = "",
        /// Whether the messages of errors of subgraphs are passed on. A subgraph's own
        /// `expose_errors` counts first.
        subgraph_errors: Option<bool> = "",
    }

    /// Which web pages of other origins may read answers (CORS).
    cors: Cors {
        /// The origins, such as `https://app.example.org`; `*` stands for all, then without
        /// credentials.
        origins: Names = "",
        /// Whether pages may send cookies.
        credentials: bool = "false",
        /// Headers that pages may send besides `content-type`, `accept`, `x-request-id`,
        /// `x-preflight` and `tributary-include`.
        headers: Names = "",
        /// How long browsers may remember a preflight.
        max_age: Span = "2h",
    }

    /// What one request may ask for, and how much is done at once.
    limits: Limits {
        /// The largest body of a request. More is answered with status 413.
        body_bytes: Size = "2MB",
        /// How many bytes of bodies are held at once, all requests together. More is answered with
        /// status 503.
        bodies_bytes: Size = "256MiB",
        /// The largest head of a request: its line and headers. More is answered with status 431.
        head_bytes: Size = "64KiB",
        /// The largest document.
        document_bytes: Size = "256KiB",
        /// How many tokens a document may have, white space between them counted too.
        tokens: Count = "15000",
        /// How deep a document may be nested: selections, lists and objects, fragments counted
        /// where they are spread.
        nesting: Count = "100",
        /// How many fields an operation may select, fragments counted wherever they are spread.
        selections: Count = "20000",
        /// What an operation may cost, as `@cost` and `@listSize` define it. Only measured where
        /// neither this nor a profile sets it.
        cost: Option<Count> = "",
        /// How many items a list is taken to have of which no `@listSize` says more.
        list_size: Count = "10",
        /// How deep an operation may be. Only measured where neither this nor a profile sets it.
        depth: Option<Count> = "",
        /// How many fields one selection of an operation may have. Only measured where neither
        /// this nor a profile sets it.
        width: Option<Count> = "",
        /// How many fields the root of an operation may have. Only measured where this is not set.
        root_fields: Option<Count> = "",
        /// How many aliases an operation may have. Only measured where this is not set.
        aliases: Option<Count> = "",
        /// What the plan of an operation may cost, in the unit of `tributary explain`, with the
        /// lengths that lists are taken to have. Only measured where this is not set.
        price: Option<Count> = "",
        /// How many requests to subgraphs an operation may need. Only measured where this is not
        /// set.
        fetches: Option<Count> = "",
        /// How many of them may have to wait for each other. Only measured where this is not set.
        waves: Option<Count> = "",
        /// The names of limits of operations beyond which operations run all the same, and are
        /// only counted: `cost`, `depth`, `width`, `root_fields`, `aliases`, `price`, `fetches`,
        /// `waves`.
        measured: Names = "",
        /// How many selections may stand below `__schema` and `__type`.
        introspection_selections: Count = "500",
        /// How many errors an answer tells; further ones are only counted.
        errors: Count = "100",
        /// How long a request may take as a whole. What is there by then is answered.
        request_timeout: Span = "30s",
        /// How long the head of a request may take to arrive.
        head_timeout: Span = "10s",
        /// How long the body of a request may take to arrive. Later is answered with status 408.
        body_timeout: Span = "15s",
        /// How long a connection may be idle before it is closed.
        idle_timeout: Span = "75s",
        /// How many requests are answered at once. More are answered with status 503.
        in_flight: Count = "1000",
        /// How many connections of clients are open at once. More wait.
        connections: Count = "10000",
        /// How many operations are parsed and planned at once; without it, one for each core.
        planners: Option<Count> = "",
        /// How long parsing or planning may take, waiting for a free planner included.
        planning_timeout: Span = "5s",
        /// How many units of work planning may use: for looking for ways, and as many for building plans.
        planning_work: Count = "2000000",
    }

    /// How plans are made.
    planning: Planning {
        /// Whether each new plan is proven sound before it is used. It costs about as much as
        /// planning; programs built for debugging do it by default.
        check: Option<bool> = "",
        /// Fields that are never taken from a subgraph, as `Type.field@subgraph`. Where nobody
        /// else can be asked, the hints are left out for that operation, which is logged.
        avoid: Names = "",
        /// Fields that are taken from one subgraph only, as `Type.field@subgraph`.
        pin: Names = "",
        /// What counts more or less than the price says: `subgraph=2.5` for requests to a subgraph
        /// that count so many times (0.1 to 100), `Type.field@subgraph=30` for a field that costs
        /// so much more from there.
        weigh: Names = "",
        /// Subgraphs that are not asked for anything, by name. What others can resolve is taken from
        /// them; operations that need one of these are refused with its name. Clients see the same
        /// schema as ever.
        disable: Names = "",
        /// How long plans go by what was observed before: how long subgraphs take to answer, and how
        /// many items lists have. A subgraph that is slower than most counts up to 4 times, a faster
        /// one half. Nothing is observed where this is not set; `5m` is a good value.
        statistics_epoch: Option<Span> = "",
        /// Labels of progressive `@override` that are on for every request, besides
        /// `percent(…)`.
        override_labels: Names = "",
    }

    /// How much is remembered.
    caches: Caches {
        /// How many bytes of parsed documents are kept.
        documents_bytes: Size = "32MiB",
        /// How many bytes of plans are kept.
        plans_bytes: Size = "64MiB",
    }

    /// How subgraphs are asked.
    upstream: Upstream {
        /// How long a subgraph may take to answer. A subgraph's own `timeout` counts first.
        timeout: Span = "10s",
        /// How long a connection to a subgraph may take to open.
        connect_timeout: Span = "3s",
        /// How long a connection to a subgraph may be idle before it is closed.
        idle_timeout: Span = "50s",
        /// How long a connection to a subgraph is used. The subgraph's name is looked up for each
        /// new one.
        connection_age: Span = "10m",
        /// Where subgraphs are asked by HTTP/2: `negotiated` where they choose it when TLS is set
        /// up, `always` also without TLS, or `never`.
        http2: String = "negotiated",
        /// How many connections with HTTP/2 a subgraph gets.
        http2_connections: Count = "4",
        /// Whether subgraphs may compress their answers (gzip, deflate, brotli). Saves bytes on the
        /// way, and costs time on both sides.
        compressed: bool = "false",
        /// Headers of the client that go along to subgraphs, such as `authorization`. A subgraph's
        /// own `forward_headers` counts first.
        forward_headers: Names = "",
        /// The largest answer of a subgraph.
        response_bytes: Size = "16MiB",
        /// How many requests one subgraph gets at once. More wait.
        in_flight: Count = "512",
    }

    /// Whether what is asked several times at once is done once. Nothing is kept after it was
    /// answered, and mutations are never shared.
    [traffic] coalesce: Coalesce {
        /// Whether requests to a subgraph that are equal in every byte but the request's id share
        /// one answer while it is under way.
        subgraph_requests: bool = "true",
        /// Whether clients' requests for the same operation with the same variables, and with the
        /// same values of all headers that go along to subgraphs, share one answer while it is
        /// under way.
        client_requests: bool = "false",
    }

    /// How the router stops.
    shutdown: Shutdown {
        /// How long connections are still accepted after SIGTERM, while `/readyz` already says no:
        /// as long as a load balancer needs to notice. SIGINT does not wait.
        pre_stop: Span = "0s",
        /// How long requests in flight may take to end.
        drain: Span = "25s",
    }

    /// Lines on standard error.
    log: Log {
        /// `json`, `pretty`, or `auto`: pretty on a terminal, else JSON.
        format: String = "auto",
        /// What is logged, for example `info` or `warn,tributary_engine=debug`.
        filter: String = "info",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_overrides_every_row() {
        let set =
            |name: &str, value: &str| Environment::from([(name.to_owned(), value.to_owned())]);
        let known = set("TRIBUTARY_LIMITS_BODY_BYTES", "7KB");
        let mut settings = Settings::default();
        settings.override_by(&known).unwrap();
        assert_eq!(settings.limits.body_bytes.bytes().get(), 7_000);
        for row in ROWS {
            let wrong = set(&row.variable(), "\u{7f}");
            let result = Settings::default().override_by(&wrong);
            let is_text = row.section == "log" || row.key == "http2";
            assert_eq!(result.is_err(), !is_text, "{}", row.variable());
        }
    }
}
