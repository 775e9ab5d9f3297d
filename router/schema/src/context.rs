//! Arguments that come from a context: which objects set it, and what is read of them.

use std::collections::HashMap;

use apollo_compiler::{Node, Schema as Ast, ast};

use crate::field_set::Binder;
use crate::ids::{Id, SubgraphId, TypeId, TypeSet};
use crate::link::{Link, text};
use crate::model::{ContextArgument, ContextSetter, Kind};

/// For each context, by the name that the supergraph has for it, the types that set it.
#[derive(Debug, Default)]
pub(crate) struct Contexts(HashMap<String, Vec<TypeId>>);

/// An argument as `join__field` tells it, its type not read yet.
pub(crate) struct Told {
    pub context: String,
    pub name: String,
    pub ty: String,
    pub selection: String,
}

impl Contexts {
    /// Finds who sets which context.
    pub(crate) fn read(ast: &Ast, links: &[Link], by_name: &HashMap<String, TypeId>) -> Self {
        let mut all = Self::default();
        let Some(link) = links.iter().find(|link| link.spec == "context") else { return all };
        let directive = link.directive("context");
        for (name, ty) in &ast.types {
            let Some(id) = by_name.get(name.as_str()) else { continue };
            for set in ty.directives().iter().filter(|it| it.name == directive.as_str()) {
                if let Some(context) = text(set, "name") {
                    all.0.entry(context).or_default().push(*id);
                }
            }
        }
        all
    }

    /// Binds an argument of a field of `subgraph`. The error is one sentence.
    pub(crate) fn bind(
        &self,
        binder: &Binder<'_>,
        told: &Told,
        ty: crate::TypeRef,
        subgraph: SubgraphId,
    ) -> Result<ContextArgument, String> {
        let Told { context, name, selection, .. } = told;
        let setting = self.0.get(context).map_or(&[][..], Vec::as_slice);
        if setting.is_empty() {
            return Err(format!("no type sets the context `{context}` of the argument `{name}`"));
        }
        // What an object type says of itself goes before what its interfaces and unions say.
        let mut order: Vec<TypeId> = setting.to_vec();
        order.sort_by_key(|id| binder.types[id.index()].kind != Kind::Object);
        let mut known = TypeSet::default();
        let mut setters = Vec::new();
        for id in order {
            let def = &binder.types[id.index()];
            let types = match def.join(subgraph) {
                Some(join) if !join.interface_object => &join.possible,
                _ => &def.possible,
            };
            let types = types.difference(&known);
            known = known.union(&types);
            let selection = binder.bind(id, unwrapped(selection))?;
            setters.push(ContextSetter { types, selection });
        }
        let (context, name, text) = (context.clone(), name.clone(), selection.trim().to_owned());
        Ok(ContextArgument { name, ty, context, text, setters })
    }
}

/// The arguments from contexts that an application of `join__field` tells; `None` when they are
/// not told as they should be.
pub(crate) fn told(directive: &ast::Directive) -> Option<Vec<Told>> {
    let Some(value) = directive.specified_argument_by_name("contextArguments") else {
        return Some(Vec::new());
    };
    if value.is_null() {
        return Some(Vec::new());
    }
    value.as_list()?.iter().map(one).collect()
}

fn one(value: &Node<ast::Value>) -> Option<Told> {
    let members = value.as_object()?;
    let get = |wanted: &str| {
        let found = members.iter().find(|(name, _)| name == wanted)?;
        found.1.as_str().map(str::to_owned)
    };
    Some(Told {
        context: get("context")?,
        name: get("name")?,
        ty: get("type")?,
        selection: get("selection")?,
    })
}

/// A selection without the braces around it; conditions on types have none.
fn unwrapped(selection: &str) -> &str {
    let trimmed = selection.trim();
    let inner = trimmed.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    inner.unwrap_or(trimmed)
}
