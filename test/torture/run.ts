/**
 * Lets trouble happen to real servers on one data folder for a while: kills, full disks, two programs at once, weights
 * rewritten, bytes of the cache flipped, strangers' folders. After each it looks whether a window can be used, whether a
 * value is another model's or damaged, whether what was saved is there; at the end, whether anything is left behind.
 * Ends with 1 when something was lost, mixed or left.
 *
 *     npm run torture -- [--minutes 10] [--seed N] [--only "kill the engine"]
 */
import { parseArgs } from 'node:util'
import { randomFrom } from '../fuzz/random.ts'
import { lookAt, lookForLeftovers } from './checks.ts'
import { troubles } from './troubles.ts'
import { createWorld } from './world.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    only: { type: 'string' }
  }
})
const seed = values.seed ?? String(Date.now() % 1e9)
const chosen = troubles.filter(({ name }) => values.only === undefined || name === values.only)
if (chosen.length === 0) {
  console.error(`--only: expected one of ${troubles.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}

const random = randomFrom(seed)
const end = Date.now() + Number(values.minutes) * 60_000
const counts = new Map<string, number>()
const findings: string[] = []
const world = await createWorld()
let step = 0
try {
  while (Date.now() < end) {
    const { name, happen } = random.pick(chosen)
    step++
    counts.set(name, (counts.get(name) ?? 0) + 1)
    for (const look of [() => happen(world, random), () => lookAt(world, random)])
      for (const finding of await told(look)) findings.push(`step ${step}, ${name}: ${finding}`)
  }
  for (const finding of await told(() => lookForLeftovers(world)))
    findings.push(`the end: ${finding}`)
} finally {
  await world.close()
}

for (const [name, count] of counts) console.log(`${name.padEnd(28)} ${count} times`)
for (const finding of findings) console.log(`  ${finding}`)
console.log(`torture: ${step} steps with seed ${seed}, ${findings.length} findings`)
process.exitCode = findings.length === 0 ? 0 : 1

/** What was found, also when looking itself failed. */
async function told(look: () => Promise<readonly string[] | void>): Promise<readonly string[]> {
  try {
    return (await look()) ?? []
  } catch (error) {
    return [(error as Error).stack ?? String(error)]
  }
}
