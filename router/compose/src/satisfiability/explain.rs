//! A dead end told: the query that fails, why no subgraph can go on, and what would mend it.

use std::fmt::Write;

use super::reach::{Entry, EntryId, Reach};
use super::walk::{DeadEnd, DeadEndKind};
use super::world::{Item, Name, Root, SetId, SubIx, Taken, TypeIx};
use crate::diagnostic::{Code, Diagnostic, Label};

/// Finds where a subgraph defines a type or a field of it; the last is the label's text.
pub(super) type Places<'a> = dyn Fn(&str, &str, Option<&str>, &str) -> Option<Label> + 'a;

/// Makes the finding of one dead end.
pub(super) fn explain(
    reach: &mut Reach<'_>,
    dead_end: &DeadEnd,
    places: &Places<'_>,
) -> Diagnostic {
    match dead_end.kind {
        DeadEndKind::Field(field) => unreachable_field(reach, dead_end, field, places),
        DeadEndKind::TypeOfInterfaceObject => untold_type(reach, dead_end, places),
        DeadEndKind::NoTypeInCommon(field) => nothing_in_common(reach, dead_end, field, places),
        DeadEndKind::OtherTypes(field) => other_types(reach, dead_end, field, places),
    }
}

fn unreachable_field(
    reach: &mut Reach<'_>,
    dead_end: &DeadEnd,
    field: Name,
    places: &Places<'_>,
) -> Diagnostic {
    let object = dead_end.object;
    let owner = reach.world.type_name(object).to_owned();
    let name = reach.world.name(field).to_owned();
    let mut note =
        format!("this query of the merged schema can't be answered:\n{}", query(dead_end));
    note.push_str("because:");
    let mut told = Vec::new();
    for id in &dead_end.held {
        let entry = reach.entry(*id);
        if told.contains(&(entry.subgraph, entry.local)) {
            continue;
        }
        told.push((entry.subgraph, entry.local));
        let why = why_not_here(reach, *id, field);
        let _ = write!(note, "\n- in {}: {why}", reach.world.subgraph(entry.subgraph));
    }
    let elsewhere = holders(reach, object, field, &dead_end.held);
    let mut labels = Vec::new();
    let mut help = None;
    for (local, subgraph) in elsewhere {
        let (why, mend) = why_not_there(reach, local, subgraph, &dead_end.held);
        let there = reach.world.subgraph(subgraph);
        let _ = write!(note, "\n- {there} has it, but {why}");
        let ty = reach.world.type_name(local);
        labels.extend(places(there, ty, Some(&name), "resolved here, but not reachable"));
        help.get_or_insert(mend);
    }
    for id in &dead_end.held {
        let entry = reach.entry(*id);
        let here = reach.world.subgraph(entry.subgraph);
        let ty = reach.world.type_name(entry.local);
        if let Some(label) = places(here, ty, Some(&name), "can't be resolved here") {
            labels.push(label);
        } else {
            labels.extend(places(here, ty, None, "the query is here when it asks for the field"));
        }
    }
    let message = format!("`{owner}.{name}` can be asked for where no subgraph can answer it.");
    Diagnostic::new(Code::SatisfiabilityError, message)
        .labels(labels)
        .note(note)
        .help(help.unwrap_or_else(|| {
        format!(
            "let a subgraph with a @key of `{owner}` resolve what `{owner}.{name}` needs without \
                 needing it in turn, or mark it @inaccessible"
        )
    }))
}

/// Why an entry can't resolve the field in its own subgraph.
fn why_not_here(reach: &mut Reach<'_>, id: EntryId, field: Name) -> String {
    let Entry { local, subgraph, .. } = reach.entry(id);
    let ty = reach.world.type_name(local).to_owned();
    let name = reach.world.name(field).to_owned();
    let Some(known) = reach.world.local(local, subgraph).and_then(|l| l.fields.get(field)).cloned()
    else {
        return format!("there is no field `{ty}.{name}`");
    };
    match known.taken {
        Taken::No => {}
        Taken::Away => return format!("`{ty}.{name}` is overridden by another subgraph"),
        Taken::AwayWhile(label) | Taken::HereWhile(label) => {
            let label = &reach.world.labels[label as usize];
            return format!("`{ty}.{name}` is resolved or not by the override label `{label}`");
        }
    }
    if known.external {
        return format!("`{ty}.{name}` is @external");
    }
    if !known.contexts.is_empty() {
        return format!("a context that `{ty}.{name}` reads is not set above it");
    }
    let held = reach.stable(|reach| reach.closure(id));
    let wanted = words(reach, known.requires);
    if reach.stable(|reach| reach.obtain(&held, known.requires)) {
        format!(
            "`{ty}.{name}` requires `{wanted}`, which can be had, but `{ty}` has no key to come back with it"
        )
    } else {
        format!("`{ty}.{name}` requires `{wanted}`, which can't be had from here")
    }
}

/// A field set as it is written.
fn words(reach: &Reach<'_>, set: SetId) -> String {
    let word = |item: &Item| match *item {
        Item::Typename => "__typename".to_owned(),
        Item::Field(name, 0) => reach.world.name(name).to_owned(),
        Item::Field(name, inner) => {
            format!("{} {{ {} }}", reach.world.name(name), words(reach, inner))
        }
        Item::On(ty, inner) => {
            format!("... on {} {{ {} }}", reach.world.type_name(ty), words(reach, inner))
        }
    };
    reach.world.sets.get(set).iter().map(word).collect::<Vec<_>>().join(" ")
}

/// The subgraphs that have the field and are not at hand.
fn holders(
    reach: &Reach<'_>,
    object: TypeIx,
    field: Name,
    held: &[EntryId],
) -> Vec<(TypeIx, SubIx)> {
    let mut found = Vec::new();
    let locals = (0..reach.world.types.len() as TypeIx)
        .filter(|ty| *ty == object || reach.world.is(object, *ty));
    for ty in locals {
        for (subgraph, local) in &reach.world.ty(ty).local {
            let here = held.iter().any(|id| {
                let entry = reach.entry(*id);
                (entry.local, entry.subgraph) == (ty, *subgraph)
            });
            let usable = (ty == object || local.interface_object)
                && local.fields.get(field).is_some_and(|field| !field.external);
            if usable && !here {
                found.push((ty, *subgraph));
            }
        }
    }
    found.sort_unstable_by_key(|(ty, subgraph)| (*subgraph, *ty));
    found
}

/// Why a subgraph that has the field can't be moved to, and what would make it so.
fn why_not_there(
    reach: &Reach<'_>,
    ty: TypeIx,
    subgraph: SubIx,
    held: &[EntryId],
) -> (String, String) {
    let name = reach.world.type_name(ty);
    let there = reach.world.subgraph(subgraph);
    let keys = reach.world.local(ty, subgraph).map_or(&[][..], |local| &local.keys[..]);
    let from = held.first().map_or("", |id| reach.world.subgraph(reach.entry(*id).subgraph));
    if keys.is_empty() {
        let mend = format!(
            "add a @key to `{name}` in {there} whose fields {from} can give, or move the field there"
        );
        return (format!("`{name}` has no @key there"), mend);
    }
    let resolvable: Vec<_> =
        keys.iter().filter(|key| key.resolvable).map(|key| key.text.as_str()).collect();
    if resolvable.is_empty() {
        let mend = format!("remove `resolvable: false` from a @key of `{name}` in {there}");
        return (format!("no @key of `{name}` is resolvable there"), mend);
    }
    let texts: Vec<_> = resolvable.iter().map(|text| format!("`{text}`")).collect();
    let mend =
        format!("add the fields of @key(fields: \"{}\") to `{name}` in {from}", resolvable[0]);
    (format!("the fields of its @key {} can't be had first", texts.join(" or ")), mend)
}

fn untold_type(reach: &Reach<'_>, dead_end: &DeadEnd, places: &Places<'_>) -> Diagnostic {
    let name = reach.world.type_name(dead_end.object);
    let message = format!("Which type a `{name}` is of can't be told where it is reached.");
    let labels = dead_end.held.iter().filter_map(|id| {
        let here = reach.world.subgraph(reach.entry(*id).subgraph);
        places(here, name, None, "an interface object does not know its real type")
    });
    let note = format!(
        "this query of the merged schema can't be answered:\n{}because no subgraph that defines \
         the interface `{name}` can be reached by one of its keys",
        query(dead_end)
    );
    let help = format!("make a @key of the interface `{name}` resolvable where it is defined");
    Diagnostic::new(Code::SatisfiabilityError, message).labels(labels).note(note).help(help)
}

fn nothing_in_common(
    reach: &Reach<'_>,
    dead_end: &DeadEnd,
    field: Name,
    places: &Places<'_>,
) -> Diagnostic {
    let owner = reach.world.type_name(dead_end.object);
    let name = reach.world.name(field);
    let message = format!("The subgraphs that share `{owner}.{name}` can give no type in common.");
    let labels = dead_end.held.iter().filter_map(|id| {
        let here = reach.world.subgraph(reach.entry(*id).subgraph);
        places(here, owner, Some(name), "shared here")
    });
    let help = format!("let all subgraphs with `{owner}.{name}` know the object types it can give");
    let code = Code::ShareableHasMismatchedRuntimeTypes;
    Diagnostic::new(code, message).labels(labels).help(help)
}

/// `INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN`.
fn other_types(
    reach: &mut Reach<'_>,
    dead_end: &DeadEnd,
    field: Name,
    places: &Places<'_>,
) -> Diagnostic {
    let mut by_types: Vec<(Vec<TypeIx>, Vec<SubIx>)> = Vec::new();
    for id in &dead_end.held {
        let types = reach.runtime_types(&[*id]);
        let subgraph = reach.entry(*id).subgraph;
        match by_types.iter_mut().find(|(known, _)| *known == types) {
            Some((_, subgraphs)) => subgraphs.push(subgraph),
            None => by_types.push((types, vec![subgraph])),
        }
    }
    let owner = reach.world.type_name(dead_end.object);
    let name = reach.world.name(field);
    let text = |types: &[TypeIx]| {
        let mut names: Vec<_> =
            types.iter().take(SHOWN).map(|ty| reach.world.type_name(*ty)).collect();
        names.sort_unstable();
        names.extend((types.len() > SHOWN).then_some("…"));
        names.join(", ")
    };
    let labels = by_types.iter().take(SHOWN).filter_map(|(types, subgraphs)| {
        let here = reach.world.subgraph(subgraphs[0]);
        places(here, owner, Some(name), &format!("can be {} here", text(types)))
    });
    let labels: Vec<_> = labels.collect();
    let (first, other) = (&by_types[0], by_types.get(1).unwrap_or(&by_types[0]));
    let message = format!(
        "`{owner}.{name}` can be of other types in {} than in {}, though both resolve it.",
        reach.world.subgraph(first.1[0]),
        reach.world.subgraph(other.1[0]),
    );
    let missing = |types: &[TypeIx], of: &[TypeIx]| -> Vec<TypeIx> {
        of.iter().filter(|ty| !types.contains(ty)).copied().collect()
    };
    let (mut lacking, mut types) = (other, missing(&other.0, &first.0));
    if types.is_empty() {
        (lacking, types) = (first, missing(&first.0, &other.0));
    }
    let help = format!(
        "add {} to what `{owner}.{name}` can be in {}, so that all subgraphs that share it agree",
        text(&types),
        reach.world.subgraph(lacking.1[0]),
    );
    let code = Code::InconsistentRuntimeTypesForShareableReturn;
    Diagnostic::new(code, message).labels(labels).help(help)
}

/// So many types or subgraphs are listed.
const SHOWN: usize = 3;

/// The failing query, printed over several lines.
fn query(dead_end: &DeadEnd) -> String {
    let mut text = String::from(match dead_end.root {
        Root::Query => "  {\n",
        Root::Mutation => "  mutation {\n",
        Root::Subscription => "  subscription {\n",
    });
    let steps: Vec<_> = dead_end.path.iter().filter(|step| !step.is_empty()).collect();
    for (depth, step) in steps.iter().enumerate() {
        let open = if depth + 1 < steps.len() { " {" } else { "" };
        let _ = writeln!(text, "{:width$}{step}{open}", "", width = 4 + 2 * depth);
    }
    for depth in (0..steps.len()).rev() {
        let _ = writeln!(text, "{:width$}}}", "", width = 2 + 2 * depth);
    }
    text
}
