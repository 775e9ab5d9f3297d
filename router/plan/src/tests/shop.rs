//! The supergraph of a small shop: products in one subgraph, stock in another.

pub(super) const SUPERGRAPH: &str = r#"
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
{ query: Query mutation: Mutation }

directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
scalar join__FieldSet
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
enum join__Graph {
  CATALOG @join__graph(name: "catalog", url: "http://catalog")
  STOCK @join__graph(name: "stock", url: "http://stock")
}

interface Product @join__type(graph: CATALOG) { id: ID! name(short: Boolean): String }

type Book implements Product
  @join__implements(graph: CATALOG, interface: "Product")
  @join__type(graph: CATALOG, key: "id")
  @join__type(graph: STOCK, key: "id")
{
  id: ID!
  name(short: Boolean): String @join__field(graph: CATALOG)
  weight: Int @join__field(graph: CATALOG) @join__field(graph: STOCK, external: true)
  stock: Int @join__field(graph: STOCK)
  shipping: Int @join__field(graph: STOCK, requires: "weight")
}

type Pen implements Product
  @join__implements(graph: CATALOG, interface: "Product")
  @join__type(graph: CATALOG, key: "id")
  @join__type(graph: STOCK, key: "id")
{
  id: ID!
  name(short: Boolean): String @join__field(graph: CATALOG)
  stock: Int @join__field(graph: STOCK)
}

type Query @join__type(graph: CATALOG) @join__type(graph: STOCK) {
  products: [Product] @join__field(graph: CATALOG)
  book: Book @join__field(graph: CATALOG)
}

type Mutation @join__type(graph: STOCK) {
  restock(id: ID!): Book @join__field(graph: STOCK)
}
"#;
