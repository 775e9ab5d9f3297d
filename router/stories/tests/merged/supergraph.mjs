// Composes sets of subgraphs with the oracle.
//
// One JSON object per line. In: {subgraphs: [{name, sdl}]}. Out: {supergraph} or {why}.
import { createInterface } from 'node:readline';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(JSON.stringify(answer(JSON.parse(line))) + '\n');
}

function answer({ subgraphs }) {
  try {
    const services = subgraphs.map(({ name, sdl }) => ({ name, url: `http://${name}`, typeDefs: parse(sdl) }));
    const { errors = [], supergraphSdl } = composeServices(services);
    if (errors.length) return { why: errors.map((error) => error.message).join('\n') };
    return { supergraph: supergraphSdl };
  } catch (error) {
    return { why: String(error) };
  }
}
