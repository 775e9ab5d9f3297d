//! Names of linked specifications: each is linked once, and no name can be taken for another's.
//!
//! What a specification brings is called `name__thing` here, and its own directive `@name`, unless
//! it is imported under another name. So an import must not look like either of another one.

use std::collections::hash_map::Entry;

use sdl::Spot;

use super::finding::Finding;
use crate::diagnostic::Code;
use crate::maps::HashMap;

/// A link, as far as names go.
pub(super) struct Linked {
    pub identity: String,
    /// Its name here.
    pub name: String,
    /// The imported names: in the specification and here, directives with their `@`.
    pub imports: Vec<(String, String)>,
    pub at: Spot,
}

/// Compares all links of a document.
pub(super) fn check(links: &[Linked]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut names: HashMap<&str, &Linked> = HashMap::default();
    let mut identities: HashMap<&str, &Linked> = HashMap::default();
    for link in links {
        if identities.insert(&link.identity, link).is_some() {
            let message = format!("{} is linked twice.", link.identity);
            found.push(wrong(link, message, "keep one of the two links"));
        } else if let Some(other) = names.insert(&link.name, link) {
            let (name, one, two) = (&link.name, &other.identity, &link.identity);
            let message = format!("{one} and {two} are both linked as `{name}`.");
            found.push(wrong(link, message, "give one of them another name with `as:`"));
        }
    }
    let mut imported: HashMap<&str, &Linked> = HashMap::default();
    for link in links {
        for (name, local) in &link.imports {
            let taken = match imported.entry(local) {
                Entry::Occupied(known) => Some(*known.get()),
                Entry::Vacant(free) => {
                    free.insert(link);
                    None
                }
            };
            let taken = taken.filter(|other| other.identity != link.identity);
            let taken = taken.or_else(|| owner(&names, link, name, local));
            if let Some(other) = taken {
                let message =
                    format!("The import `{local}` can be taken for one of {}.", other.identity);
                let help = format!("import `{name}` under another name with `as:`, or only once");
                found.push(wrong(link, message, &help));
            }
        }
    }
    found
}

/// The specification whose own names an import looks like.
fn owner<'l>(
    names: &HashMap<&str, &'l Linked>,
    link: &Linked,
    name: &str,
    local: &str,
) -> Option<&'l Linked> {
    let bare = local.trim_start_matches('@');
    if let Some((space, thing)) = bare.split_once("__") {
        let other = names.get(space)?;
        let itself = other.identity == link.identity && thing == name.trim_start_matches('@');
        return (!itself).then_some(*other);
    }
    let other = names.get(bare).filter(|_| local.starts_with('@'))?;
    (other.identity != link.identity).then_some(*other)
}

fn wrong(link: &Linked, message: String, help: &str) -> Finding {
    let code = Code::InvalidLinkDirectiveUsage;
    Finding { code, message, at: link.at, help: Some(help.to_owned()) }
}
