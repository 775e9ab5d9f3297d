// How long the oracle takes to compose a folder of subgraphs: speed.mjs FOLDER ROUNDS prints the
// milliseconds of each round, one to a line, reading of the texts included.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { composeServices } from "@apollo/composition";
import { parse } from "graphql";

const [folder, rounds] = process.argv.slice(2);
const files = readdirSync(folder).filter((file) => file.endsWith(".graphql")).sort();
const texts = files.map((file) => [file.slice(0, -8), readFileSync(join(folder, file), "utf8")]);
for (let round = 0; round < Number(rounds); round++) {
  const started = performance.now();
  const services = texts.map(([name, text]) => ({ name, url: `http://${name}`, typeDefs: parse(text) }));
  const { errors } = composeServices(services);
  if (errors?.length) throw new Error(`the set must compose: ${errors[0].message}`);
  console.log((performance.now() - started).toFixed(3));
}
