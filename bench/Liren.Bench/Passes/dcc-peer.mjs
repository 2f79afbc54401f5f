// Peer of `bench pass`: checks foreign health certificates with the library bundled in the file of the first argument, for as many seconds as the second
// says, and prints checks a second of processor time. Standard input: {texts, kid, spki}, the last two in base64.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const library = createRequire(import.meta.url)(process.argv[2]);
const { texts, kid, spki } = JSON.parse(readFileSync(0, 'utf8'));
library.addCachedKeys({ [kid]: spki });

async function run(seconds) {
  const [end, before] = [performance.now() + seconds * 1000, process.cpuUsage()];
  let count = 0;
  for (; performance.now() < end; count++) {
    const answer = await library.unpackAndVerify(texts[count % texts.length]);
    if (answer.status !== 'verified') throw new Error(answer.status);
  }
  const used = process.cpuUsage(before);
  return count / ((used.user + used.system) / 1e6);
}

await run(Number(process.argv[3]));
console.log(await run(Number(process.argv[3])));
