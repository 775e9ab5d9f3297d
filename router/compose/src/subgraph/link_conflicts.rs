//! Links that contradict each other: one specification linked twice, or one name for two things.

use super::finding::Finding;
use super::link::Link;
use super::spec::{CORE, LINK};
use crate::diagnostic::Code;
use crate::maps::HashMap;

/// What is wrong between the links of one subgraph. Without `strict`, only that link itself is
/// linked twice.
pub(super) fn find(links: &[Link<'_>], strict: bool) -> Vec<Finding> {
    let mut rules = Rules { found: Vec::new() };
    let is_link = |link: &&Link<'_>| matches!(link.identity, LINK | CORE);
    if let Some(again) = links.iter().filter(is_link).nth(1) {
        rules.tell(again, "The link specification is linked twice.".into(), "keep one of the two");
    }
    if strict {
        rules.names(links);
        rules.imports(links);
    }
    rules.found
}

struct Rules {
    found: Vec<Finding>,
}

impl Rules {
    fn tell(&mut self, link: &Link<'_>, message: String, help: &str) {
        self.found.push(link.wrong(Code::InvalidLinkDirectiveUsage, message, help));
    }

    /// Each specification is linked once and has a name of its own.
    fn names(&mut self, links: &[Link<'_>]) {
        let mut names: HashMap<&str, &str> = HashMap::default();
        if !links.iter().any(|link| link.name == "link" && is_link(link)) {
            names.insert("link", LINK);
        }
        for (index, link) in links.iter().enumerate() {
            let twice = links[..index].iter().any(|earlier| earlier.identity == link.identity);
            if twice && !is_link(link) {
                let message = format!("{} is linked twice.", link.identity);
                self.tell(link, message, "keep one of the two links");
            } else if let Some(other) = names.insert(&link.name, link.identity)
                && other != link.identity
            {
                let message = format!("{} and {other} have the same name here.", link.identity);
                self.tell(link, message, "give one of them another name with `as:`");
            }
        }
    }

    /// Each imported thing has one name, and each name is that of one thing.
    fn imports(&mut self, links: &[Link<'_>]) {
        let mut seen: Vec<(&Link<'_>, &str, &str)> = Vec::new();
        for link in links {
            for (name, local) in &link.imports {
                let same = |other: &Link<'_>| other.identity == link.identity;
                let known = seen.iter().find(|(other, earlier, as_local)| {
                    let thing = same(other) && earlier == name;
                    let taken = as_local == local;
                    thing != taken
                });
                if let Some((other, earlier, as_local)) = known {
                    let message = format!(
                        "`{name}` of {} is imported as `{local}`, but `{earlier}` of {} as `{as_local}`.",
                        link.identity, other.identity
                    );
                    self.tell(link, message, "import each under one name of its own");
                } else if local == "@link" && !is_link(link) {
                    let message =
                        format!("`@link` can't be the name of something of {}.", link.identity);
                    self.tell(link, message, "import it under another name");
                } else if let Some(other) =
                    links.iter().find(|other| !same(other) && belongs(local, &other.name))
                {
                    let message = format!(
                        "`{local}` of {} looks like a name of {}.",
                        link.identity, other.identity
                    );
                    self.tell(link, message, "import it under another name, or rename the other");
                }
                seen.push((link, name, local));
            }
        }
    }
}

fn is_link(link: &Link<'_>) -> bool {
    matches!(link.identity, LINK | CORE)
}

/// Whether a name is what a specification of that name calls its own.
fn belongs(local: &str, specification: &str) -> bool {
    let directive = local.strip_prefix('@');
    let rest = directive.unwrap_or(local).strip_prefix(specification);
    rest.is_some_and(|rest| rest.starts_with("__") || rest.is_empty() && directive.is_some())
}
