//! Printing: the supergraph as SDL in the words of the join specification, v0.5.

mod machinery;
mod text;

use std::fmt::Write as _;

use crate::merge::{JoinField, JoinType, Joins, Merged, MergedField, MergedType};
use crate::subgraph::Kind;
use text::{after, arguments, description, quote, value};

/// Writes the supergraph. The same supergraph gives the same text.
pub(crate) fn print(merged: &Merged) -> String {
    let mut out = String::new();
    machinery::header(merged, &mut out);
    for ty in &merged.types {
        out.push('\n');
        self::ty(merged, ty, &mut out);
    }
    out
}

fn ty(merged: &Merged, ty: &MergedType, out: &mut String) {
    description(ty.description.as_deref(), "", out);
    let keyword = match ty.kind {
        Kind::Scalar => "scalar",
        Kind::Object | Kind::InterfaceObject => "type",
        Kind::Interface => "interface",
        Kind::Union => "union",
        Kind::Enum => "enum",
        Kind::Input => "input",
    };
    let _ = write!(out, "{keyword} {}", ty.name);
    if !ty.implements.is_empty() {
        let _ = write!(out, " implements {}", ty.implements.join(" & "));
    }
    out.push('\n');
    for (graph, interface) in &ty.join_implements {
        let graph = &merged.graphs[*graph].value;
        let _ =
            writeln!(out, "  @join__implements(graph: {graph}, interface: {})", quote(interface));
    }
    for join in &ty.joins {
        let _ = writeln!(out, "  {}", join_type(merged, join));
    }
    for (member, graphs) in &ty.members {
        for graph in graphs {
            let graph = &merged.graphs[*graph].value;
            let _ =
                writeln!(out, "  @join__unionMember(graph: {graph}, member: {})", quote(member));
        }
    }
    for context in &ty.contexts {
        let name = merged.kept.get("context").map_or("context", |name| name.as_str());
        let _ = writeln!(out, "  @{name}(name: {})", quote(context));
    }
    for applied in &ty.applied {
        let _ = writeln!(out, "  {}", text::applied(applied));
    }
    match ty.kind {
        Kind::Scalar => {}
        Kind::Union => {
            let members: Vec<&str> = ty.members.iter().map(|(name, _)| name.as_str()).collect();
            let _ = writeln!(out, "  = {}", members.join(" | "));
        }
        Kind::Enum => {
            out.push_str("{\n");
            for value in &ty.values {
                description(value.description.as_deref(), "  ", out);
                let _ = write!(out, "  {}", value.name);
                for graph in &value.graphs {
                    let _ =
                        write!(out, " @join__enumValue(graph: {})", merged.graphs[*graph].value);
                }
                after(&value.applied, out);
                out.push('\n');
            }
            out.push_str("}\n");
        }
        Kind::Object | Kind::InterfaceObject | Kind::Interface | Kind::Input => {
            out.push_str("{\n");
            for field in &ty.fields {
                self::field(merged, field, out);
            }
            out.push_str("}\n");
        }
    }
}

fn join_type(merged: &Merged, join: &JoinType) -> String {
    let mut text = format!("@join__type(graph: {}", merged.graphs[join.graph].value);
    if let Some(key) = &join.key {
        let _ = write!(text, ", key: {}", quote(key));
    }
    if join.extension {
        text.push_str(", extension: true");
    }
    if !join.resolvable {
        text.push_str(", resolvable: false");
    }
    if join.interface_object {
        text.push_str(", isInterfaceObject: true");
    }
    text.push(')');
    text
}

fn field(merged: &Merged, field: &MergedField, out: &mut String) {
    description(field.description.as_deref(), "  ", out);
    let _ = write!(out, "  {}", field.name);
    arguments(&field.arguments, "  ", out);
    let _ = write!(out, ": {}", field.ty);
    if let Some(default) = &field.default {
        let _ = write!(out, " = {}", value(default));
    }
    match &field.joins {
        Joins::All => {}
        Joins::Inherited => out.push_str(" @join__field"),
        Joins::Some(joins) => {
            for join in joins {
                let _ = write!(out, " {}", join_field(merged, join));
            }
        }
    }
    after(&field.applied, out);
    out.push('\n');
}

fn join_field(merged: &Merged, join: &JoinField) -> String {
    let mut text = format!("@join__field(graph: {}", merged.graphs[join.graph].value);
    let said = join.said();
    let texts = [
        ("requires", said.requires.as_deref()),
        ("provides", said.provides.as_deref()),
        ("type", said.ty.as_deref()),
        ("override", said.overrides.as_deref()),
        ("overrideLabel", said.override_label.as_deref()),
    ];
    for (name, value) in texts {
        if let Some(value) = value {
            let _ = write!(text, ", {name}: {}", quote(value));
        }
    }
    if join.external {
        text.push_str(", external: true");
    }
    if said.used_overridden {
        text.push_str(", usedOverridden: true");
    }
    if !said.context_arguments.is_empty() {
        let argument = |[context, name, ty, selection]: &[String; 4]| {
            format!(
                "{{context: {}, name: {}, type: {}, selection: {}}}",
                quote(context),
                quote(name),
                quote(ty),
                quote(selection)
            )
        };
        let all: Vec<String> = said.context_arguments.iter().map(argument).collect();
        let _ = write!(text, ", contextArguments: [{}]", all.join(", "));
    }
    text.push(')');
    text
}
