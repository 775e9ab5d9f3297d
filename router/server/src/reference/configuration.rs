//! The page of the configuration.

use std::fmt::Write;
use std::num::NonZeroUsize;

use crate::config::{Profile, ROWS, Row, SECTIONS};

const HEAD: &str = "\
# Configuration

Written from the program's own table. One YAML file, given with `--config`; every key may be left out, and an unknown key is
an error. A file for `tributary compose` (rover's format) is a configuration too.

```yaml
subgraphs:
  users:
    routing_url: http://users:4001/graphql
    schema: {file: ./users.graphql}
limits:
  request_timeout: 10s
```

Values without quotes may hold variables of the environment: `${NAME}`, or `${NAME:-default}`. Every key of a section can also
be set by a variable of its own, which counts more than the file. Sizes are written `2MB` or `512KiB`, times `30s` or
`250ms`.

## Top level

| Key | Default | What it does |
|---|---|---|
| `subgraphs` | | The subgraphs by name; see below. |
| `federation_version` | | `2` or a version such as `=2.9.0`, as rover writes it. |
| `supergraph` | | The file of the supergraph. Without it, the subgraphs are composed at start. `--supergraph` counts more. |
| `listen` | `127.0.0.1:4000` | Where clients are served. Port 0 picks a free one. `--listen` counts more. |
| `admin_listen` | `127.0.0.1:9090` | Where `/livez`, `/readyz` and `/metrics` are served. `--admin-listen` counts more. |
| `profile` | | `dev`, `staging` or `production`: which limits are set for operations; see below. |

Relative paths start from the folder of the file.

## `subgraphs`

| Key | Default | What it does |
|---|---|---|
| `routing_url` | `schema.subgraph_url` | Where the subgraph answers. With a supergraph, this overrides what stands there. |
| `schema.file` | | The file of its schema. |
| `schema.subgraph_url` | | The subgraph is asked for its schema: `{ _service { sdl } }`. |
| `schema.sdl` | | The schema itself. |
| `timeout` | `upstream.timeout` | How long it may take to answer. |
| `expose_errors` | `expose.subgraph_errors` | Whether the messages of its errors are passed on. |
| `headers` | | Headers that every request to it carries, by name. |
| `forward_headers` | `upstream.forward_headers` | Headers of the client that go along. `x-request-id` always does. |
";

/// The text of `docs/reference/configuration.md`.
pub fn configuration() -> String {
    let mut page = HEAD.to_owned();
    profiles(&mut page);
    for (section, about) in SECTIONS {
        let _ = write!(page, "\n## `{section}`\n\n{}\n\n", about.trim());
        page.push_str("| Key | Default | Variable | What it does |\n|---|---|---|---|\n");
        for row in ROWS.iter().filter(|row| row.section == *section) {
            let _ = writeln!(
                page,
                "| `{}` | {} | `{}` | {} |",
                row.key,
                default(row),
                row.variable(),
                row.help.trim().replace('|', "\\|"),
            );
        }
    }
    page
}

fn default(row: &Row) -> String {
    if row.default.is_empty() { String::new() } else { format!("`{}`", row.default) }
}

fn profiles(page: &mut String) {
    page.push_str(
        "\n## `profile`\n\nThe limits of the parser, of expansion and of bodies always count. What an operation \
         costs, how deep and how wide it is, is only measured unless a profile or a key limits it; a key counts more \
         than a profile, and `limits.measured` lets a limit only be counted.\n\n\
         | Profile | `limits.cost` | `limits.depth` | `limits.width` |\n|---|---|---|---|\n",
    );
    let rows = [
        ("none", None),
        ("dev", Some(Profile::Dev)),
        ("staging", Some(Profile::Staging)),
        ("production", Some(Profile::Production)),
    ];
    for (name, profile) in rows {
        let limits = profile.map(Profile::limits).unwrap_or_default();
        let text =
            |value: Option<NonZeroUsize>| value.map_or("measured".to_owned(), |n| n.to_string());
        let (cost, depth, width) = (text(limits.cost), text(limits.depth), text(limits.width));
        let _ = writeln!(page, "| {name} | {cost} | {depth} | {width} |");
    }
}
