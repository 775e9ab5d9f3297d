//! Documents as they are read: what they say, where it stands, and what is wrong with them.

use tributary_sdl::{Kind, Limits, Location, RootKind, Selection, Spot, field_set, parse};

const LIMITS: Limits = Limits { bytes: 1 << 20, tokens: 100_000, nesting: 50 };

#[test]
fn a_document_says_everything() {
    let document = parse(
        r#"
        "The schema" schema @link(url: "u", import: ["@key", {name: "@a", as: "@b"}]) { query: Q }
        """
        A thing
          of two lines
        """
        type Thing implements A & B @key(fields: "id", resolvable: false) {
          id: ID!
          "how many" many(first: Int! = 10 @tag(name: "x"), of: [Kind!]! = [ONE]): [[Thing]!]
        }
        extend type Thing @shareable
        interface A { id: ID! } union U = | Thing | Other
        enum Kind { ONE @deprecated TWO } input I { a: I, b: Float = -1.5e3 } scalar S @s
        directive @key(fields: String!) repeatable on | OBJECT | INTERFACE
        "#,
        LIMITS,
    )
    .unwrap();
    let schema = &document.schemas[0];
    assert_eq!(schema.roots[0].0, RootKind::Query);
    assert_eq!(
        schema.directives[0].argument("import").unwrap().to_string(),
        r#"["@key", {name: "@a", as: "@b"}]"#
    );
    let thing = &document.types[0];
    assert_eq!(thing.description.as_deref(), Some("A thing\n  of two lines"));
    assert_eq!(thing.implements.len(), 2);
    assert_eq!(thing.fields[1].ty.to_string(), "[[Thing]!]");
    assert_eq!(thing.fields[1].arguments[1].default.as_ref().unwrap().to_string(), "[ONE]");
    assert_eq!(thing.fields[1].description.as_deref(), Some("how many"));
    let kinds: Vec<(Kind, bool)> = document.types.iter().map(|t| (t.kind, t.extension)).collect();
    assert_eq!(kinds[1], (Kind::Object, true));
    assert_eq!(
        kinds[2..],
        [
            (Kind::Interface, false),
            (Kind::Union, false),
            (Kind::Enum, false),
            (Kind::Input, false),
            (Kind::Scalar, false),
        ]
    );
    assert_eq!(document.directives[0].locations, [Location::Object, Location::Interface]);
    assert!(document.directives[0].repeatable);
}

#[test]
fn everything_has_its_place() {
    let text = "type Ä".replace('Ä', "T") + " {\n  # ö\n  \"é\" a: Int @key(fields: \"x y\")\n}";
    let document = parse(&text, LIMITS).unwrap();
    let field = &document.types[0].fields[0];
    assert_eq!(document.types[0].at, Spot { line: 1, column: 6, length: 1 });
    assert_eq!(field.at, Spot { line: 3, column: 7, length: 1 });
    assert_eq!(field.ty_at, Spot { line: 3, column: 10, length: 3 });
    assert_eq!(field.directives[0].at, Spot { line: 3, column: 14, length: 19 });
    assert_eq!(field.directives[0].arguments[0].value_at, Spot { line: 3, column: 27, length: 5 });
}

#[test]
fn each_mistake_is_told_where_it_is() {
    for (text, message, line, column) in [
        ("", "The file holds no definition.", 1, 1),
        ("type", "Expected the name of the type, but the text ends.", 1, 5),
        (
            "type T { a Int }",
            "Expected `:` and a type for the field `a`, but `Int` stands here.",
            1,
            12,
        ),
        ("type T { }", "Expected a field, but `}` stands here.", 1, 10),
        (
            "type T {\n a: [Int }",
            "Expected `]` at the end of a list type, but `}` stands here.",
            2,
            10,
        ),
        ("typ T { a: Int }", "Expected a definition, but `typ` stands here.", 1, 1),
        ("query { a }", "Expected a definition, but `query` stands here.", 1, 1),
        ("\"x\" extend type T { a: Int }", "An extension has no description.", 1, 1),
        ("extend type T", "The extension of `T` adds nothing.", 1, 13),
        (
            "type T implements A B { a: Int }",
            "Expected `&` between interfaces, but `B` stands here.",
            1,
            21,
        ),
        ("enum E { true }", "`true` can't be a value of an enum.", 1, 10),
        (
            "type T { a(b: Int = $c): Int }",
            "A variable can't be used here: it belongs to an operation.",
            1,
            21,
        ),
        (
            "directive @a on FIELDS",
            "Expected a place such as `FIELD_DEFINITION`, but `FIELDS` stands here.",
            1,
            17,
        ),
        (
            "type T { a: Int @deprecated(reason: \"\\x\") }",
            "`\\x` is no escape that a string can have.",
            1,
            37,
        ),
        ("type T { a: Int } %", "`%` means nothing here.", 1, 19),
    ] {
        let errors = parse(text, LIMITS).unwrap_err();
        let first = &errors[0];
        assert_eq!((&*first.message, first.at.line, first.at.column), (message, line, column));
    }
    let help = |text: &str| parse(text, LIMITS).unwrap_err()[0].help.clone().unwrap();
    assert_eq!(help("tpye T { a: Int }"), "did you mean `type`?");
    assert_eq!(help("directive @a on object"), "write it as `OBJECT`");
}

#[test]
fn reading_goes_on_at_the_next_definition() {
    let errors = parse("type A { a }\ntype B { b: Int }\ntype C { c: ! }\n", LIMITS).unwrap_err();
    let lines: Vec<u32> = errors.iter().map(|error| error.at.line).collect();
    assert_eq!(lines, [1, 3]);
    let many = "type A { a }\n".repeat(1000);
    assert_eq!(parse(&many, LIMITS).unwrap_err().len(), 20);
}

#[test]
fn what_is_too_large_is_refused() {
    let message = |text: &str, limits| parse(text, limits).unwrap_err().remove(0).message;
    let deep = format!("type T {{ a: {}Int{} }}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(message(&deep, LIMITS), "This nests deeper than 50.");
    let deep = format!("type T {{ a(b: I = {}): Int }}", "{a:".repeat(100_000));
    assert_eq!(message(&deep, LIMITS), "This nests deeper than 50.");
    let long = "type T { a: Int }\n".repeat(100_000);
    assert_eq!(message(&long, LIMITS), "The text has 1800000 bytes; the limit is 1048576.");
    let few = Limits { tokens: 3, ..LIMITS };
    assert_eq!(message("type T { a: Int }", few), "The text has more than 3 tokens.");
    let deep = format!("{}a", "a { ".repeat(100_000));
    assert_eq!(field_set(&deep, LIMITS).unwrap_err().message, "This nests deeper than 50.");
}

#[test]
fn field_sets() {
    let set = field_set("id, owner { ... on User { name(up: true) } } x: y @z", LIMITS).unwrap();
    assert_eq!(set.len(), 3);
    let Selection::Field(owner) = &set[1] else { panic!("owner is a field") };
    let Selection::On { ty, inner, .. } = &owner.inner.as_ref().unwrap()[0] else {
        panic!("it is a fragment")
    };
    assert_eq!((ty.as_deref(), inner.len()), (Some("User"), 1));
    assert_eq!(
        field_set("{ id }", LIMITS).unwrap(),
        field_set("  id", LIMITS)
            .map(|mut set| {
                if let Selection::Field(id) = &mut set[0] {
                    id.at.column = 3
                };
                set
            })
            .unwrap()
    );
    for (text, message) in [
        ("", "It selects nothing."),
        ("{}", "Expected a field to select, but `}` stands here."),
        ("a { b", "Expected a field to select, but the text ends."),
        ("{ a } b", "Expected nothing more after the field set, but `b` stands here."),
        ("a(", "Expected an argument, but the text ends."),
        ("...F { a", "Expected a field to select, but `{` stands here."),
    ] {
        assert_eq!(field_set(text, LIMITS).unwrap_err().message, message, "{text}");
    }
}
