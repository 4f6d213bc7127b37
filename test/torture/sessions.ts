/**
 * Ends programs in the midst of saving a session, a thousand times, and flips every byte of one, each to two other values.
 * Ends with 1 when a session was lost, or something was given that was not saved.
 *
 *     npm run torture:sessions -- [--kills 1000] [--seed N] [--every 1]
 */
import { parseArgs } from 'node:util'
import { randomFrom } from '../fuzz/random.ts'
import { newPlace, writeExample } from '../main/session/example.ts'
import { killInTheMidst } from '../main/session/kill-saver.ts'
import { createDamageCheck } from '../main/session/look-for-damage.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '1000' },
    seed: { type: 'string' },
    /** Which bytes are flipped: each, or every so many. */
    every: { type: 'string', default: '1' }
  }
})
const seed = values.seed ?? String(Date.now() % 1e9)
const random = randomFrom(seed)
const findings: string[] = []

const sound = await writeExample(newPlace())
const check = createDamageCheck(sound)
const taken = { refused: 0, 'left out': 0, whole: 0 }
for (let at = 0; at < sound.length; at += Number(values.every))
  for (const flipped of [1 << random.below(8), 0xff]) {
    const bytes = Buffer.from(sound)
    bytes[at]! ^= flipped
    try {
      taken[check(bytes, `byte ${at} ^ ${flipped}`)]++
    } catch (error) {
      findings.push(String(error))
    }
  }
console.log(`flips: ${JSON.stringify(taken)}`)

const path = newPlace()
for (let kill = 0; kill < Number(values.kills); kill++) {
  const finding = await killInTheMidst(path, random.below(120))
  if (finding !== null) findings.push(`kill ${kill}: ${finding}`)
}
for (const finding of findings) console.log(`  ${finding}`)
console.log(`sessions: ${values.kills} kills with seed ${seed}, ${findings.length} findings`)
process.exitCode = findings.length === 0 ? 0 : 1
