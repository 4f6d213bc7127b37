/**
 * Saves a session in the place of one of an earlier version with room for one file more each time, until it is saved.
 *
 *     node save-over-earlier.ts DISK
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sessionWork } from '../../../src/main/session/work.ts'
import { writeExample } from '../session/example.ts'
import { writeZeroth, zeroth } from '../session/zeroth.ts'
import { refusal } from './leave-room.ts'

const disk = process.argv[2]!
const path = join(disk, 'a.lamella')
const before = await writeZeroth(path)
const work = sessionWork([zeroth])
await work.read({ path })
const taken: string[] = []
try {
  for (;;) {
    const file = join(disk, `taken-${taken.length}`)
    writeFileSync(file, '')
    taken.push(file)
  }
} catch {
  // Here are as many files as there may be.
}
const told: string[] = []
for (;;) {
  const refused = await refusal(writeExample(path, 'other', work))
  if (refused === null) break
  const isSame = readFileSync(path).equals(before)
  const own = readdirSync(disk).filter(name => !name.startsWith('taken-'))
  told.push(`${refused.replace(disk, '')}${isSame ? '' : ', changed'}; ${own.join(' ')}`)
  rmSync(taken.pop()!)
}
const isKept = readFileSync(`${path}.v0`).equals(before)
const { content } = await sessionWork().read({ path })
await work.close(null)
console.log(JSON.stringify({ told, isKept, window: content.window }))
