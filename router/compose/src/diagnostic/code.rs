//! Every code that composition can report, with what it means and why its rule exists.

use super::severity::Severity;

/// Makes the enum and its table from one list.
macro_rules! codes {
    ($($group:ident: $($variant:ident $name:literal $summary:literal $why:literal)*;)*) => {
        /// The published code of a finding.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs)] // The table says what each means.
        pub enum Code { $($($variant,)*)* }

        impl Code {
            /// Every code: errors first, then hints, the weightiest first.
            pub const ALL: &[Self] = &[$($(Self::$variant,)*)*];

            /// The page that teaches it, Markdown: what it means, what to do, and (where a file can
            /// bring it about) a set of subgraphs with the report, and the set mended.
            pub const fn page(self) -> &'static str {
                match self {
                    $($(Self::$variant => {
                        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/codes/", $name, ".md"))
                    })*)*
                }
            }

            const fn row(self) -> (Severity, &'static str, &'static str, &'static str) {
                match self {
                    $($(Self::$variant => (Severity::$group, $name, $summary, $why),)*)*
                }
            }
        }
    };
}

impl Code {
    /// As it is published, for example `INVALID_FIELD_SHARING`.
    pub const fn name(self) -> &'static str {
        self.row().1
    }

    /// The code of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.name() == name)
    }

    /// Whether it forbids composition.
    pub const fn severity(self) -> Severity {
        self.row().0
    }

    /// One sentence that says what it means.
    pub const fn summary(self) -> &'static str {
        self.row().2
    }

    /// Why the rule exists, as half a sentence.
    pub const fn why(self) -> &'static str {
        self.row().3
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name())
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self.name())
    }
}

codes! {
    Error:
    InvalidGraphql "INVALID_GRAPHQL"
        "A subgraph's schema is not valid GraphQL."
        "every subgraph must be a valid schema by itself, since operations are sent to it by itself"
    DirectiveDefinitionInvalid "DIRECTIVE_DEFINITION_INVALID"
        "A built-in or federation directive is defined in a way that differs from its specification."
        "all subgraphs must mean the same by a federation directive, so its definition can't be changed"
    TypeDefinitionInvalid "TYPE_DEFINITION_INVALID"
        "A type that a specification defines is defined in a different way."
        "all subgraphs must mean the same by a type of a linked specification"
    UnsupportedLinkedFeature "UNSUPPORTED_LINKED_FEATURE"
        "A linked specification is not supported."
        "a feature marked as needed for security or execution can't be ignored without changing what the schema means"
    UnknownFederationLinkVersion "UNKNOWN_FEDERATION_LINK_VERSION"
        "The linked version of the federation specification is unknown."
        "the meaning of the federation directives depends on the version, so an unknown one can't be guessed"
    UnknownLinkVersion "UNKNOWN_LINK_VERSION"
        "The linked version of the link specification is unknown."
        "`@link` itself is read by the rules of its version"
    KeyFieldsHasArgs "KEY_FIELDS_HAS_ARGS"
        "The fields of a `@key` select a field with arguments."
        "a key must be readable without any argument, so that all subgraphs see the same value"
    ProvidesFieldsHasArgs "PROVIDES_FIELDS_HAS_ARGS"
        "The fields of a `@provides` select a field with arguments."
        "what is provided is the field itself, not one call of it with certain arguments"
    ProvidesFieldsMissingExternal "PROVIDES_FIELDS_MISSING_EXTERNAL"
        "A `@provides` selects a field that is not marked `@external`."
        "a field that the subgraph resolves anyway does not need to be provided"
    RequiresFieldsMissingExternal "REQUIRES_FIELDS_MISSING_EXTERNAL"
        "A `@requires` selects a field that is not marked `@external`."
        "a field that the subgraph resolves itself does not need to be fetched from elsewhere"
    KeyUnsupportedOnInterface "KEY_UNSUPPORTED_ON_INTERFACE"
        "A `@key` stands on an interface where that is not supported."
        "interface keys came with federation 2.3; before it, an interface is not an entity"
    ProvidesUnsupportedOnInterface "PROVIDES_UNSUPPORTED_ON_INTERFACE"
        "A `@provides` stands on a field of an interface."
        "interface fields are not resolved themselves, only those of the implementations are"
    RequiresUnsupportedOnInterface "REQUIRES_UNSUPPORTED_ON_INTERFACE"
        "A `@requires` stands on a field of an interface."
        "interface fields are not resolved themselves, only those of the implementations are"
    ExternalUnused "EXTERNAL_UNUSED"
        "An `@external` field is not used by any `@key`, `@requires`, `@provides` or interface of its subgraph."
        "an `@external` field that nothing uses says that the subgraph has a field that nobody can ever get from it"
    ExternalCollisionWithAnotherDirective "EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE"
        "`@external` stands together with a directive that contradicts it."
        "an external field is resolved elsewhere, so nothing can be said of how it is resolved here"
    TypeWithOnlyUnusedExternal "TYPE_WITH_ONLY_UNUSED_EXTERNAL"
        "All fields of a type are `@external` and unused."
        "without its unused external fields the type would be empty"
    ProvidesOnNonObjectField "PROVIDES_ON_NON_OBJECT_FIELD"
        "A `@provides` stands on a field that is not of an object, interface or union type."
        "only the sub-fields of a composite field can be provided"
    KeyInvalidFieldsType "KEY_INVALID_FIELDS_TYPE"
        "The `fields` argument of a `@key` is not a string."
        "a field set is written as one string"
    ProvidesInvalidFieldsType "PROVIDES_INVALID_FIELDS_TYPE"
        "The `fields` argument of a `@provides` is not a string."
        "a field set is written as one string"
    RequiresInvalidFieldsType "REQUIRES_INVALID_FIELDS_TYPE"
        "The `fields` argument of a `@requires` is not a string."
        "a field set is written as one string"
    KeyInvalidFields "KEY_INVALID_FIELDS"
        "The `fields` argument of a `@key` is not a valid selection of its type."
        "the router reads a key from one subgraph and sends it to another, so each field of it must exist"
    ProvidesInvalidFields "PROVIDES_INVALID_FIELDS"
        "The `fields` argument of a `@provides` is not a valid selection of the field's type."
        "the router will ask this subgraph for the provided fields, so each of them must exist"
    RequiresInvalidFields "REQUIRES_INVALID_FIELDS"
        "The `fields` argument of a `@requires` is not a valid selection of its type."
        "the router fetches the required fields elsewhere and sends them here, so each of them must exist"
    KeyFieldsSelectInvalidType "KEY_FIELDS_SELECT_INVALID_TYPE"
        "The fields of a `@key` select a field of list, interface or union type."
        "key values are compared to tell whether two objects are the same, which needs plain values"
    RootQueryUsed "ROOT_QUERY_USED"
        "A type is named `Query` but is not the query root."
        "the merged schema names its root types by their default names"
    RootMutationUsed "ROOT_MUTATION_USED"
        "A type is named `Mutation` but is not the mutation root."
        "the merged schema names its root types by their default names"
    RootSubscriptionUsed "ROOT_SUBSCRIPTION_USED"
        "A type is named `Subscription` but is not the subscription root."
        "the merged schema names its root types by their default names"
    InvalidSubgraphName "INVALID_SUBGRAPH_NAME"
        "The name of a subgraph can't be used."
        "subgraph names become enum values of the supergraph"
    NoQueries "NO_QUERIES"
        "No subgraph has a query."
        "a GraphQL schema needs a query root with at least one field"
    InterfaceFieldNoImplem "INTERFACE_FIELD_NO_IMPLEM"
        "A type implements an interface but lacks, after merging, one of its fields."
        "a query on the interface may be answered by any of its types, so each must have each field"
    TypeKindMismatch "TYPE_KIND_MISMATCH"
        "A type is of different kinds in different subgraphs."
        "one name must mean one kind of type in the merged schema"
    ContextNotSet "CONTEXT_NOT_SET"
        "A `@fromContext` uses a context that is set nowhere."
        "the value is read from an object that is marked with the context"
    ContextInvalidSelection "CONTEXT_INVALID_SELECTION"
        "The selection of a `@fromContext` is not valid."
        "the value must be one that exists, once, on each type that sets the context"
    NoContextInSelection "NO_CONTEXT_IN_SELECTION"
        "A `@fromContext` names no context."
        "the text begins with `$` and the name of a context, then comes a selection"
    ContextNoResolvableKey "CONTEXT_NO_RESOLVABLE_KEY"
        "A type with a `@fromContext` argument has no resolvable key."
        "the router reaches the field through a key, after it has read the context"
    ContextNameInvalid "CONTEXT_NAME_INVALID"
        "The name of a `@context` is not valid."
        "contexts are written `$name`, so the name is made of letters and digits"
    ExternalTypeMismatch "EXTERNAL_TYPE_MISMATCH"
        "An `@external` field has another type than the field it stands for."
        "an external declaration repeats the one of the subgraph that resolves the field"
    ExternalArgumentMissing "EXTERNAL_ARGUMENT_MISSING"
        "An `@external` field lacks an argument of the field it stands for."
        "an external declaration repeats the one of the subgraph that resolves the field"
    ExternalArgumentTypeMismatch "EXTERNAL_ARGUMENT_TYPE_MISMATCH"
        "An argument of an `@external` field has another type than where the field is resolved."
        "an external declaration repeats the one of the subgraph that resolves the field"
    ExternalArgumentDefaultMismatch "EXTERNAL_ARGUMENT_DEFAULT_MISMATCH"
        "An argument of an `@external` field has another default than where the field is resolved."
        "an external declaration repeats the one of the subgraph that resolves the field"
    ExternalOnInterface "EXTERNAL_ON_INTERFACE"
        "`@external` stands on a field of an interface."
        "interface fields are not resolved themselves, so none can be resolved elsewhere"
    MergedDirectiveApplicationOnExternal "MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL"
        "A directive that is merged into the supergraph stands on an `@external` field."
        "an external declaration only points at a field elsewhere; what is said of the field is said there"
    FieldTypeMismatch "FIELD_TYPE_MISMATCH"
        "A field has types that don't fit together in different subgraphs."
        "a client sees one field with one type, whoever answers it"
    FieldArgumentTypeMismatch "FIELD_ARGUMENT_TYPE_MISMATCH"
        "An argument has types that don't fit together in different subgraphs."
        "a client sends one value, and each subgraph that may get it must accept it"
    InputFieldDefaultMismatch "INPUT_FIELD_DEFAULT_MISMATCH"
        "An input field has different defaults in different subgraphs."
        "an omitted value must mean the same whoever gets it"
    FieldArgumentDefaultMismatch "FIELD_ARGUMENT_DEFAULT_MISMATCH"
        "An argument has different defaults in different subgraphs."
        "an omitted value must mean the same whoever gets it"
    ExtensionWithNoBase "EXTENSION_WITH_NO_BASE"
        "A type is only extended and defined nowhere."
        "an extension adds to a definition, so one subgraph must hold the definition"
    ExternalMissingOnBase "EXTERNAL_MISSING_ON_BASE"
        "A field is `@external` in every subgraph that has it."
        "an external field is resolved by another subgraph, so another must resolve it"
    InvalidFieldSharing "INVALID_FIELD_SHARING"
        "A field is resolved by several subgraphs and not all say that it may be."
        "the router picks any of the subgraphs that resolve a field, so all must agree that they answer alike"
    InvalidShareableUsage "INVALID_SHAREABLE_USAGE"
        "`@shareable` stands where it means nothing."
        "only fields of object types are resolved, so only they can be shared"
    InvalidLinkDirectiveUsage "INVALID_LINK_DIRECTIVE_USAGE"
        "A `@link` is not used as its specification says."
        "links say what the other directives mean, so they are read strictly"
    InvalidLinkIdentifier "INVALID_LINK_IDENTIFIER"
        "The URL of a `@link` is not valid."
        "the name and the version of a specification are read from its URL"
    LinkImportNameMismatch "LINK_IMPORT_NAME_MISMATCH"
        "A composed directive is imported under different names."
        "in the supergraph a directive has one name"
    ReferencedInaccessible "REFERENCED_INACCESSIBLE"
        "An `@inaccessible` element is used by a visible one."
        "the public schema would speak of something that is not in it"
    DefaultValueUsesInaccessible "DEFAULT_VALUE_USES_INACCESSIBLE"
        "A visible default value uses something `@inaccessible`."
        "the public schema would speak of something that is not in it"
    QueryRootTypeInaccessible "QUERY_ROOT_TYPE_INACCESSIBLE"
        "The query root is `@inaccessible`."
        "the public schema needs a query root"
    RequiredInaccessible "REQUIRED_INACCESSIBLE"
        "A required argument or input field is `@inaccessible`."
        "no client could send a value that it can't see but must give"
    DisallowedInaccessible "DISALLOWED_INACCESSIBLE"
        "`@inaccessible` stands on a built-in element."
        "what GraphQL itself defines can't be hidden"
    ImplementedByInaccessible "IMPLEMENTED_BY_INACCESSIBLE"
        "An `@inaccessible` element implements a visible one of an interface."
        "a visible type must have each visible field of the interfaces it implements"
    OnlyInaccessibleChildren "ONLY_INACCESSIBLE_CHILDREN"
        "A visible type has only `@inaccessible` children."
        "the public schema would have an empty type"
    RequiredArgumentMissingInSomeSubgraph "REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH"
        "An argument is required in some subgraphs and missing in others."
        "arguments merge by intersection, and a required one can't be dropped"
    RequiredInputFieldMissingInSomeSubgraph "REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH"
        "An input field is required in some subgraphs and missing in others."
        "input fields merge by intersection, and a required one can't be dropped"
    EmptyMergedInputType "EMPTY_MERGED_INPUT_TYPE"
        "The subgraphs that have an input type have no field of it in common."
        "input fields merge by intersection, and a type without fields is not valid"
    EnumValueMismatch "ENUM_VALUE_MISMATCH"
        "An enum that is used for input and for output has a value that is missing in a subgraph."
        "a value that goes in and out must be known to all who may get it or give it"
    EmptyMergedEnumType "EMPTY_MERGED_ENUM_TYPE"
        "The subgraphs that have an enum have no value of it in common."
        "enums used for input merge by intersection, and an enum without values is not valid"
    ShareableHasMismatchedRuntimeTypes "SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES"
        "A shared field has no possible object type in common."
        "all subgraphs that resolve a shared field must give the same object, so it needs one type that all know"
    SatisfiabilityError "SATISFIABILITY_ERROR"
        "There is a query that the merged schema allows and the subgraphs can't answer."
        "every query that clients may write must have an answer, so composition refuses a schema with a dead end"
    OverrideCollisionWithAnotherDirective "OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE"
        "`@override` stands together with a directive that contradicts it."
        "an overridden field is resolved here and not there, so neither side may say that it is resolved elsewhere"
    OverrideFromSelfError "OVERRIDE_FROM_SELF_ERROR"
        "A field overrides itself: `from` names its own subgraph."
        "an override takes a field over from another subgraph"
    OverrideSourceHasOverride "OVERRIDE_SOURCE_HAS_OVERRIDE"
        "A field is overridden that itself overrides another."
        "chains and circles of overrides leave open who resolves the field"
    OverrideOnInterface "OVERRIDE_ON_INTERFACE"
        "`@override` stands on a field of an interface."
        "interface fields are not resolved themselves, so they can't be taken over"
    OverrideLabelInvalid "OVERRIDE_LABEL_INVALID"
        "The label of an `@override` is not valid."
        "a label is `percent(n)` with n from 0 to 100, or a name of letters, digits and `_-:./`"
    UnsupportedFeature "UNSUPPORTED_FEATURE"
        "A feature is not supported here."
        "what can't be honoured is refused rather than ignored"
    InvalidFederationSupergraph "INVALID_FEDERATION_SUPERGRAPH"
        "A schema is not a supergraph."
        "a supergraph says which subgraph answers what by the join specification"
    DownstreamServiceError "DOWNSTREAM_SERVICE_ERROR"
        "A subgraph failed while an operation was executed."
        "it is told while serving and never while composing"
    KeyDirectiveInFieldsArg "KEY_DIRECTIVE_IN_FIELDS_ARG"
        "The fields of a `@key` use a directive."
        "a key is always the same selection"
    ProvidesDirectiveInFieldsArg "PROVIDES_DIRECTIVE_IN_FIELDS_ARG"
        "The fields of a `@provides` use a directive."
        "what is provided is always the same selection"
    RequiresDirectiveInFieldsArg "REQUIRES_DIRECTIVE_IN_FIELDS_ARG"
        "The fields of a `@requires` use a directive."
        "what is required is always the same selection"
    DirectiveCompositionError "DIRECTIVE_COMPOSITION_ERROR"
        "A directive can't be composed into the supergraph."
        "a composed directive must be of one linked specification that all subgraphs agree on"
    InterfaceObjectUsageError "INTERFACE_OBJECT_USAGE_ERROR"
        "An `@interfaceObject` type is not used as it must be."
        "an interface object stands for an interface with a key that another subgraph defines"
    InterfaceKeyNotOnImplementation "INTERFACE_KEY_NOT_ON_IMPLEMENTATION"
        "A key of an interface is missing on one of its implementations."
        "the router turns an object of the interface into an entity of its real type by that key"
    InterfaceKeyMissingImplementationType "INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE"
        "A subgraph with a key on an interface lacks one of the types that implement it elsewhere."
        "a subgraph that resolves the interface by key must know every type that an object can have"
    ContextualArgumentNotContextualInAllSubgraphs "CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS"
        "An argument comes from a context in one subgraph and from clients in another."
        "clients can't be asked for a value that the router fills in; an optional argument is left out, and that is a hint"
    CostAppliedToInterfaceField "COST_APPLIED_TO_INTERFACE_FIELD"
        "`@cost` stands on a field of an interface."
        "the cost is the one of the field that answers, which is a field of an object type"
    ListSizeAppliedToNonList "LIST_SIZE_APPLIED_TO_NON_LIST"
        "`@listSize` stands on a field that is no list."
        "only a list has a size"
    ListSizeInvalidAssumedSize "LIST_SIZE_INVALID_ASSUMED_SIZE"
        "The assumed size of a `@listSize` is negative."
        "no list has fewer than zero items"
    ListSizeInvalidSizedField "LIST_SIZE_INVALID_SIZED_FIELD"
        "A sized field of a `@listSize` is not a list field of the type."
        "the estimate counts the items of the fields that are named"
    ListSizeInvalidSlicingArgument "LIST_SIZE_INVALID_SLICING_ARGUMENT"
        "A slicing argument of a `@listSize` is not an integer argument of the field."
        "the size of the list is read from the arguments that are named"
    MaxValidationSubgraphPathsExceeded "MAX_VALIDATION_SUBGRAPH_PATHS_EXCEEDED"
        "Proving that every query can be answered takes too many steps."
        "the proof is bounded so that composition always ends"
    AuthRequirementsAppliedOnInterface "AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE"
        "An authorization directive stands on an interface or on an interface object."
        "what is needed for an interface follows from its implementations"
    MissingTransitiveAuthRequirements "MISSING_TRANSITIVE_AUTH_REQUIREMENTS"
        "A field that reads others by `@requires` or `@fromContext` does not ask for the authorization that they need."
        "without it, a client could learn of protected data through the field that is computed from it"
    ConnectorsUnsupported "CONNECTORS_UNSUPPORTED"
        "A subgraph uses REST connectors, which this composer does not support."
        "a connector makes a subgraph out of a REST service, which needs another executor"
    ;
    Warn:
    InconsistentDefaultValuePresence "INCONSISTENT_DEFAULT_VALUE_PRESENCE"
        "An argument or input field has a default in some subgraphs only."
        "the default is left out of the merged schema"
    InconsistentInputObjectField "INCONSISTENT_INPUT_OBJECT_FIELD"
        "A field of an input type is missing in some subgraphs."
        "input fields merge by intersection, so it is left out"
    InconsistentEnumValueForInputEnum "INCONSISTENT_ENUM_VALUE_FOR_INPUT_ENUM"
        "A value of an input enum is missing in some subgraphs."
        "values of input enums merge by intersection, so it is left out"
    InconsistentExecutableDirectivePresence "INCONSISTENT_EXECUTABLE_DIRECTIVE_PRESENCE"
        "An executable directive is missing in some subgraphs."
        "only directives that all subgraphs know are in the merged schema"
    NoExecutableDirectiveIntersection "NO_EXECUTABLE_DIRECTIVE_INTERSECTION"
        "An executable directive has no location that all subgraphs share."
        "it is left out of the merged schema"
    InconsistentExecutableDirectiveRepeatable "INCONSISTENT_EXECUTABLE_DIRECTIVE_REPEATABLE"
        "An executable directive is repeatable in some subgraphs only."
        "the merged directive is not repeatable"
    InconsistentExecutableDirectiveLocations "INCONSISTENT_EXECUTABLE_DIRECTIVE_LOCATIONS"
        "An executable directive has different locations in different subgraphs."
        "the merged directive has those that all share"
    InconsistentDescription "INCONSISTENT_DESCRIPTION"
        "An element has different descriptions in different subgraphs."
        "the merged schema can show only one"
    InconsistentArgumentPresence "INCONSISTENT_ARGUMENT_PRESENCE"
        "An optional argument is missing in some subgraphs."
        "arguments merge by intersection, so it is left out"
    FromSubgraphDoesNotExist "FROM_SUBGRAPH_DOES_NOT_EXIST"
        "An `@override` names a subgraph that does not exist."
        "the name may be misspelt, and then nothing is overridden"
    InconsistentNonRepeatableDirectiveArguments "INCONSISTENT_NON_REPEATABLE_DIRECTIVE_ARGUMENTS"
        "A directive that can't be repeated has different arguments in different subgraphs."
        "the merged schema takes those of the most subgraphs"
    DirectiveCompositionWarn "DIRECTIVE_COMPOSITION_WARN"
        "A composed directive has another name in a subgraph that does not compose it."
        "the supergraph has one name for a directive, and what stands under another name is left out"
    InconsistentRuntimeTypesForShareableReturn "INCONSISTENT_RUNTIME_TYPES_FOR_SHAREABLE_RETURN"
        "A shared field can be of different object types in different subgraphs."
        "all subgraphs that resolve a shared field must give the same object"
    ;
    Info:
    InconsistentButCompatibleFieldType "INCONSISTENT_BUT_COMPATIBLE_FIELD_TYPE"
        "A field has different types that can be merged."
        "the merged type is the widest, which may be looser than some subgraph promises"
    InconsistentButCompatibleArgumentType "INCONSISTENT_BUT_COMPATIBLE_ARGUMENT_TYPE"
        "An argument has different types that can be merged."
        "the merged type is the narrowest, which may be stricter than some subgraph asks"
    InconsistentEntity "INCONSISTENT_ENTITY"
        "A type has a key in some subgraphs only."
        "where it has none, it can't be reached from elsewhere"
    OverriddenFieldCanBeRemoved "OVERRIDDEN_FIELD_CAN_BE_REMOVED"
        "A field is overridden by another subgraph."
        "the router never asks for it any more"
    OverrideDirectiveCanBeRemoved "OVERRIDE_DIRECTIVE_CAN_BE_REMOVED"
        "The field that an `@override` names is gone."
        "there is nothing to override any more"
    OverrideMigrationInProgress "OVERRIDE_MIGRATION_IN_PROGRESS"
        "A field is being moved to another subgraph step by step."
        "both subgraphs answer for it until the label is gone"
    MergedNonRepeatableDirectiveArguments "MERGED_NON_REPEATABLE_DIRECTIVE_ARGUMENTS"
        "A directive that can't be repeated has different arguments, which were merged."
        "the merged schema combines the arguments of all subgraphs"
    DirectiveCompositionInfo "DIRECTIVE_COMPOSITION_INFO"
        "A `@composeDirective` is not needed, or a specification is linked in several major versions."
        "some directives are kept without being asked for, and those of other specifications only in one major version"
    ImplicitlyUpgradedFederationVersion "IMPLICITLY_UPGRADED_FEDERATION_VERSION"
        "A subgraph was read by a later federation version than it links."
        "what the linked specification brings belongs to that version"
    ;
    Debug:
    InconsistentObjectValueTypeField "INCONSISTENT_OBJECT_VALUE_TYPE_FIELD"
        "A field of a type without keys is missing in some subgraphs."
        "the field can't be had where the object comes from such a subgraph"
    InconsistentInterfaceValueTypeField "INCONSISTENT_INTERFACE_VALUE_TYPE_FIELD"
        "A field of an interface is missing in some subgraphs."
        "the field has to be read from the implementations there"
    InconsistentUnionMember "INCONSISTENT_UNION_MEMBER"
        "A member of a union is missing in some subgraphs."
        "only some subgraphs can give such an object"
    InconsistentEnumValueForOutputEnum "INCONSISTENT_ENUM_VALUE_FOR_OUTPUT_ENUM"
        "A value of an output enum is missing in some subgraphs."
        "only some subgraphs can give the value"
    InconsistentTypeSystemDirectiveRepeatable "INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_REPEATABLE"
        "A directive is repeatable in some subgraphs only."
        "the merged directive is as the latest version of its specification has it"
    InconsistentTypeSystemDirectiveLocations "INCONSISTENT_TYPE_SYSTEM_DIRECTIVE_LOCATIONS"
        "A directive has different locations in different subgraphs."
        "the merged directive has those of the latest version of its specification"
    UnusedEnumType "UNUSED_ENUM_TYPE"
        "An enum is used nowhere."
        "its values merge by union, as if it were for output"
    ;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for code in Code::ALL {
            assert_eq!(Code::from_name(code.name()), Some(*code));
            assert!(!code.summary().is_empty() && !code.why().is_empty(), "{code}");
        }
        assert_eq!(Code::from_name("NONE"), None);
    }
}
