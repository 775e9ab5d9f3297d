// Composes sets of subgraphs with the oracle and tells where our result differs.
//
// One JSON object per line. In: {subgraphs: [{name, url, sdl}], ours: {supergraph, api} | null}.
// Out: {valid, codes, messages, api: [line], facts: [line]}: lines that only one side has, with
// "ours" or "theirs" in front. Both sides are brought into one order before they are compared.
import { createInterface } from 'node:readline';
import { composeServices } from '@apollo/composition';
import { printSchema } from '@apollo/federation-internals';
import { parse, print } from 'graphql';

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + '\n');
}

function answer({ subgraphs, ours }) {
  const theirs = compose(subgraphs);
  const out = { valid: theirs.valid, codes: theirs.codes, messages: theirs.messages, api: [], facts: [] };
  if (!theirs.valid || !ours) return out;
  out.facts = difference(facts(ours.supergraph), facts(theirs.supergraph));
  out.api = difference(lines(parse(ours.api)), lines(parse(theirs.api)));
  return out;
}

function compose(subgraphs) {
  try {
    const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
    const { errors = [], supergraphSdl, schema } = composeServices(services);
    const codes = [...new Set(errors.map((error) => error.extensions?.code ?? 'NO_CODE'))].sort();
    const messages = errors.map((error) => `${error.extensions?.code}: ${error.message}`);
    if (errors.length) return { valid: false, codes, messages };
    const api = printSchema(schema.toAPISchema());
    return { valid: true, codes, messages, supergraph: supergraphSdl, api };
  } catch (error) {
    return { valid: false, codes: ['THROWN'], messages: [String(error)] };
  }
}

// Join facts name subgraphs by an enum whose values each composer may choose.
function facts(sdl) {
  const document = parse(sdl);
  const graphs = new Map();
  for (const definition of document.definitions) {
    if (definition.name?.value !== 'join__Graph') continue;
    for (const value of definition.values) {
      const named = value.directives[0].arguments.find((argument) => argument.name.value === 'name');
      graphs.set(value.name.value, named.value.value);
    }
  }
  // A definition that schemas alone can use and that nothing uses says nothing.
  const idle = ({ name, locations }) =>
    locations.every(({ value }) => !/^(QUERY|MUTATION|SUBSCRIPTION|FIELD|FRAGMENT.*|INLINE.*|VARIABLE.*)$/.test(value)) &&
    !new RegExp(`(?<!directive |")@${name.value}\\b`).test(sdl);
  document.definitions = document.definitions.filter((definition) =>
    !/^(join|link)__|^link$/.test(definition.name?.value ?? '') &&
    !(definition.kind === 'DirectiveDefinition' && idle(definition)));
  // An import of what has the name of its specification says nothing.
  const own = /import: \["@(\w+)"\], (url: "[^"]*\/\1\/)/;
  const all = [...lines(document, graphs)].map((line) => line.replace(own, '$2'));
  // Whose the scalar of a linked specification is says nothing either.
  const nothing = /^SchemaDefinition.*dev\/join\/|^ScalarTypeDefinition (requiresScopes__Scope|policy__Policy) @join/;
  return new Set(all.filter((line) => !nothing.test(line)));
}

function lines(document, graphs = new Map()) {
  const out = new Set();
  for (const definition of document.definitions) {
    const where = definition.kind + ' ' + (definition.name?.value ?? '');
    if (definition.kind === 'DirectiveDefinition') {
      const at = definition.locations.map((location) => location.value).sort().join('|');
      out.add(`${where} ${definition.repeatable} ${at}`);
    } else {
      out.add(where);
    }
    if (definition.description) out.add(`${where} described ${definition.description.value}`);
    element(out, where, definition, graphs);
  }
  return out;
}

function element(out, where, node, graphs) {
  for (const directive of node.directives ?? []) out.add(`${where} ${applied(directive, graphs)}`);
  for (const { name } of node.interfaces ?? []) out.add(`${where} implements ${name.value}`);
  for (const { name } of node.types ?? []) out.add(`${where} = ${name.value}`);
  for (const root of node.operationTypes ?? []) out.add(`${where} ${root.operation}: ${root.type.name.value}`);
  for (const child of [...(node.fields ?? []), ...(node.values ?? []), ...(node.arguments ?? [])]) {
    const here = `${where}.${child.name.value}`;
    const type = child.type ? ': ' + print(child.type) : '';
    const fallback = child.defaultValue ? ' = ' + print(sorted(child.defaultValue)) : '';
    out.add(here + type + fallback);
    if (child.description) out.add(`${here} described ${child.description.value}`);
    element(out, here, child, graphs);
  }
}

function applied(directive, graphs) {
  // What is the default anyway says nothing.
  const tells = ({ name, value }) =>
    directive.name.value !== 'join__type' || name.value !== 'resolvable' || print(value) === 'false';
  const given = directive.arguments.filter(tells).map(({ name, value }) => {
    const text = print(sorted(value));
    return `${name.value}: ${graphs.get(text) ?? text.replace(/\s+/g, ' ')}`;
  });
  return `@${directive.name.value}(${given.sort().join(', ')})`;
}

function sorted(value) {
  if (value.kind === 'ListValue') return { ...value, values: value.values.map(sorted) };
  if (value.kind !== 'ObjectValue') return value;
  const fields = value.fields.map((field) => ({ ...field, value: sorted(field.value) }));
  return { ...value, fields: fields.sort((a, b) => (a.name.value < b.name.value ? -1 : 1)) };
}

function difference(ours, theirs) {
  const out = [];
  for (const line of ours) if (!theirs.has(line)) out.push('ours   ' + line);
  for (const line of theirs) if (!ours.has(line)) out.push('theirs ' + line);
  return out.sort();
}
