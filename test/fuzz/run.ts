/**
 * Feeds the readers of strangers' files with broken and made-up files for a while. Ends with 1 when one of
 * them crashed, hung, threw what is no LamellaError, grew too large or opened a file outside the folder.
 *
 *     npm run fuzz -- [--seconds 60] [--seed 1] [--only zip] [--case 17]
 */
import { parseArgs } from 'node:util'
import { fuzz } from './fuzz.ts'
import { targets } from './targets.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string' },
    only: { type: 'string' },
    case: { type: 'string' }
  }
})
const names = values.only === undefined ? [...targets.keys()].filter(isReader) : [values.only]
const unknown = names.find(name => !targets.has(name))
if (unknown !== undefined) {
  console.error(`--only ${unknown}: expected one of ${[...targets.keys()].join(', ')}`)
  process.exit(2)
}
const seed = Number(values.seed ?? Date.now() % 1e9)
const seconds = Number(values.seconds)
if (Number.isNaN(seed + seconds)) {
  console.error('--seed and --seconds: expected numbers')
  process.exit(2)
}
let cases = 0
let findings = 0
for (const target of names) {
  const only = values.case === undefined ? {} : { from: Number(values.case), count: 1 }
  const result = await fuzz({ target, seed, seconds: seconds / names.length, ...only })
  cases += result.cases
  findings += result.findings.length
  const rate = Math.round(result.cases / result.seconds)
  console.log(
    `${target.padEnd(12)} ${result.cases} cases, ${rate} per second; ` +
      `${result.refused} refused, ${result.findings.length} findings`
  )
  for (const { what, detail, index, kept } of result.findings)
    console.log(
      `  case ${index}: ${what}\n    ${printable(detail)}\n    files: ${kept}\n` +
        `    again: npm run fuzz -- --only ${target} --seed ${seed} --case ${index}`
    )
}
console.log(`fuzz: ${cases} cases with seed ${seed}, ${findings} findings`)
process.exitCode = findings === 0 ? 0 : 1

/** The planted faults are there to test this program itself. */
function isReader(name: string): boolean {
  return name !== 'planted'
}

/** What a case holds may be anything, and a terminal takes orders. */
function printable(text: string): string {
  return text
    .replace(/[^\n\P{C}]/gu, character => `\\u{${character.codePointAt(0)!.toString(16)}}`)
    .replaceAll('\n', '\n    ')
}
