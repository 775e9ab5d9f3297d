//! Reading: the text of a subgraph becomes a [`View`].

mod model;

pub(crate) use model::{
    Applied, ArgumentView, Auth, ComposedLink, DirectiveView, ElementView, FieldView,
    FieldsArgument, KeyView, Kind, ListSize, Marks, Override, Spot, TypeView, View, Views,
};
