// Composes sets of subgraphs with the other composer. One JSON object per line.
// In: {name, subgraphs: [{name, url, sdl}]}. Out: {name, supergraph} or {name, errors: [text]}.
import { createInterface } from 'node:readline';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

for await (const line of createInterface({ input: process.stdin })) {
  const { name, subgraphs } = JSON.parse(line);
  process.stdout.write(JSON.stringify({ name, ...compose(subgraphs) }) + '\n');
}

function compose(subgraphs) {
  try {
    const services = subgraphs.map(({ name, url, sdl }) => ({ name, url, typeDefs: parse(sdl) }));
    const { errors = [], supergraphSdl } = composeServices(services);
    if (errors.length) return { errors: errors.map((error) => error.message) };
    return { supergraph: supergraphSdl };
  } catch (error) {
    return { errors: [String(error)] };
  }
}
