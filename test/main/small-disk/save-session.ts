/**
 * Saves a session over another with one block of room more each time, until it is saved.
 *
 *     node save-session.ts DISK
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sessionWork } from '../../../src/main/session/work.ts'
import { writeExample } from '../session/example.ts'
import { blockBytes, leaveBlocks, refusal } from './leave-room.ts'

const disk = process.argv[2]!
const path = join(disk, 'a.lamella')
const work = sessionWork()
const before = await writeExample(path, 'first', work, 2 ** 16)
leaveBlocks(disk, 0)
// Nobody else saves it meanwhile, with no room for the lock either.
const lock = await work.lock({ path })
const other = await sessionWork().lock({ path })
const told = new Set<string>()
let blocks = 0
for (; ; blocks++) {
  leaveBlocks(disk, blocks)
  const refused = await refusal(writeExample(path, 'other', work, 2 ** 16))
  if (refused === null) break
  const isSame = readFileSync(path).equals(before)
  told.add(`${refused}${isSame ? '' : ', changed'}; ${readdirSync(disk).sort().join(' ')}`)
}
const { content } = await sessionWork().read({ path })
await work.close(null)
const [needed, window] = [before.length / blockBytes, content.window]
console.log(JSON.stringify({ lock, other, told: [...told], blocks, needed, window }))
