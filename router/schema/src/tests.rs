//! Reading a small supergraph end to end.

use super::*;

const SUPERGRAPH: &str = r#"
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY) { query: Query }
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ENUM | ENUM_VALUE | SCALAR | INPUT_OBJECT | INPUT_FIELD_DEFINITION | ARGUMENT_DEFINITION
scalar join__FieldSet
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
enum join__Graph { A @join__graph(name: "a-1", url: "http://a") B @join__graph(name: "b", url: "http://b") }
type Query @join__type(graph: A) @join__type(graph: B) { me: User @join__field(graph: A) node: Node @join__field(graph: B) }
interface Node @join__type(graph: A) @join__type(graph: B) { id: ID! }
type User implements Node @join__implements(graph: A, interface: "Node") @join__type(graph: A, key: "id") @join__type(graph: B, key: "id org { id }", resolvable: false) {
  id: ID!
  org: Org
  name: String @join__field(graph: A) @join__field(graph: B, external: true)
  secret: String @inaccessible @join__field(graph: B, requires: "name")
}
type Org @join__type(graph: A) @join__type(graph: B) { id: ID! }
"#;

#[test]
fn a_supergraph_becomes_data() {
    let schema = Schema::read(SUPERGRAPH).expect("valid");
    let user_id = schema.type_by_name("User").expect("User");
    let user = schema.ty(user_id);
    let [a, b] = user.joins.as_slice() else { panic!("two subgraphs") };
    assert_eq!(schema.subgraph(a.subgraph).name, "a-1");
    assert!(a.keys[0].resolvable && !b.keys[0].resolvable);
    assert_eq!(b.keys[0].fields.items.len(), 2);
    let name = schema.field(user.fields["name"]);
    assert!(!name.join(a.subgraph).expect("a").external);
    assert!(name.join(b.subgraph).expect("b").external);
    let secret = schema.field(user.fields["secret"]);
    assert!(secret.inaccessible && secret.joins[0].requires.is_some());
    // Nothing is said of `org`, so both subgraphs have it.
    assert_eq!(schema.field(user.fields["org"]).joins.len(), 2);
    let node = schema.ty(schema.type_by_name("Node").expect("Node"));
    assert_eq!(node.possible, TypeSet::one(user_id));
    assert_eq!(node.join(a.subgraph).expect("a").possible, TypeSet::one(user_id));
    assert!(node.join(b.subgraph).expect("b").possible.is_empty());
}

#[test]
fn the_public_schema_hides_what_is_inaccessible() {
    let schema = Schema::read(SUPERGRAPH).expect("valid");
    let api = schema.api().schema.to_string();
    assert!(!api.contains("secret") && !api.contains("join__") && !api.contains("@link"), "{api}");
    assert!(api.contains("name: String"));
}

#[test]
fn what_is_no_supergraph_is_refused() {
    let refused = |sdl: &str| Schema::read(sdl).expect_err("refused").to_string();
    assert!(refused("type Query { a: Int }").contains("compose it first"));
    assert!(refused("type Query {").contains("not a valid GraphQL schema"));
    assert!(refused(&SUPERGRAPH.replace("key: \"id\"", "key: \"nope\"")).contains("nope"));
    let policy = SUPERGRAPH.replace("inaccessible/v0.2", "secrecy/v0.2");
    assert!(refused(&policy).contains("`secrecy` for SECURITY"));
}

#[test]
fn a_view_proves_documents_valid_for_a_subgraph() {
    let schema = Schema::read(SUPERGRAPH).expect("valid");
    let a = SubgraphId::from_index(0);
    let b = SubgraphId::from_index(1);
    let read = |subgraph, document| schema.view(subgraph).expect("view").read(&schema, document);
    let fields = read(a, "{ me { id x: name } }").expect("valid in a");
    let below = fields[0].selection.as_ref().expect("selections");
    assert_eq!((below[1].response_key.as_str(), below[1].name.as_str()), ("x", "name"));
    assert!(read(b, "{ me { id } }").expect_err("not in b").contains("me"));
    let entities =
        "query($r: [_Any!]!) { _entities(representations: $r) { ... on User { secret } } }";
    let fields = read(b, entities).expect("valid in b");
    let user = schema.type_by_name("User").expect("User");
    assert_eq!(fields[0].selection.as_ref().expect("below")[0].types, TypeSet::one(user));
}

/// A supergraph whose `Org.secret` takes an argument from `User`.
fn with_context(selection: &str) -> String {
    SUPERGRAPH
        .replace(
            "for: SECURITY)",
            "for: SECURITY) @link(url: \"https://specs.apollo.dev/context/v0.1\", for: EXECUTION)",
        )
        .replace(
            "usedOverridden: Boolean)",
            "usedOverridden: Boolean, contextArguments: [join__ContextArgument!])",
        )
        .replace(
            "scalar join__FieldSet",
            "scalar join__FieldSet scalar join__FieldValue
             input join__ContextArgument { name: String! type: String! context: String! selection: join__FieldValue! }
             directive @context(name: String!) repeatable on INTERFACE | OBJECT | UNION",
        )
        .replace("interface Node", "interface Node @context(name: \"a-1__node\")")
        .replace("type Org", "type Org @join__type(graph: A, key: \"id\")")
        + &format!(
            "extend type Org {{ text: String @join__field(graph: A, contextArguments: \
             [{{context: \"a-1__node\", name: \"of\", type: \"ID!\", selection: \"{selection}\"}}]) }}"
        )
}

#[test]
fn arguments_from_contexts_are_read() {
    let schema = Schema::read(&with_context("{ id }")).expect("valid");
    let org = schema.ty(schema.type_by_name("Org").expect("Org"));
    let user = schema.type_by_name("User").expect("User");
    let [argument] = schema.field(org.fields["text"]).joins[0].contexts.as_slice() else {
        panic!("one argument")
    };
    assert_eq!((argument.name.as_str(), schema.type_text(&argument.ty).as_str()), ("of", "ID!"));
    let [setter] = argument.setters.as_slice() else { panic!("one setter") };
    assert_eq!(setter.types, TypeSet::one(user));
    assert_eq!(setter.selection.text(&schema), "id");
    let a = SubgraphId::from_index(0);
    let document = "query($r: [_Any!]!, $of: ID!) { _entities(representations: $r) { ... on Org { text(of: $of) } } }";
    schema.view(a).expect("view").read(&schema, document).expect("the argument is there");
    let own = schema.subgraph_sdl(a);
    assert!(own.contains("interface Node @context(name: \"node\")"), "{own}");
    assert!(own.contains("text(of: ID! @fromContext(field: \"$node { id }\"))"), "{own}");
}

#[test]
fn contexts_that_make_no_sense_are_refused() {
    let refused = |sdl: &str| Schema::read(sdl).expect_err("refused").to_string();
    assert!(refused(&with_context("{ nope }")).contains("nope"));
    assert!(refused(&with_context("{ id")).contains("not valid GraphQL"));
    let unset = with_context("{ id }").replace("@context(name: \"a-1__node\")", "");
    assert!(refused(&unset).contains("no type sets the context"));
}

#[test]
fn costs_and_list_sizes_are_read() {
    let sdl = SUPERGRAPH
        .replace(
            "for: SECURITY)",
            "for: SECURITY) @link(url: \"https://specs.apollo.dev/cost/v0.1\", import: [{name: \"@cost\", as: \"@weight\"}])",
        )
        .replace(
            "scalar join__FieldSet",
            "directive @weight(weight: Int!) on ARGUMENT_DEFINITION | ENUM | FIELD_DEFINITION | INPUT_FIELD_DEFINITION | OBJECT | SCALAR
             directive @cost__listSize(assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true) on FIELD_DEFINITION
             input Page @join__type(graph: A) { first: Int = 5 after: String @weight(weight: 2) }
             scalar join__FieldSet",
        )
        .replace(
            "me: User @join__field(graph: A)",
            "me: User @join__field(graph: A) @weight(weight: 7)
             all(page: Page = {first: 20}, last: Int): [User] @join__field(graph: A) @cost__listSize(slicingArguments: [\"page.first\", \"last\"], assumedSize: 3, requireOneSlicingArgument: false)",
        )
        .replace("type Org", "type Org @weight(weight: 4)");
    let schema = Schema::read(&sdl).expect("valid");
    let query = schema.ty(schema.root(OperationKind::Query).expect("Query"));
    let costs = schema.costs();
    assert_eq!(costs.of_field(&schema, query.fields["me"]), 7);
    let user = schema.ty(schema.type_by_name("User").expect("User"));
    assert_eq!(costs.of_field(&schema, user.fields["org"]), 4);
    assert_eq!(costs.of_field(&schema, user.fields["name"]), 0);
    let all = query.fields["all"];
    let size = costs.list_size(all).expect("it is said");
    assert_eq!((size.assumed, size.require_one), (Some(3), false));
    assert_eq!(size.slicing[0].default, Some(20));
    assert_eq!(size.slicing[1].default, None);
    let page = costs.argument(all, "page").expect("it is an object");
    assert_eq!(page.weight, None);
    assert_eq!(costs.input(page.ty, "after").expect("it has a weight").weight, Some(2));
    assert_eq!(costs.input(page.ty, "first"), None);
    assert_eq!(costs.argument(all, "last"), None);
}
