/**
 * Writes figures, numbers and a report over others with more room each time, until they are written.
 *
 *     node export.ts DISK
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine } from '../../command-line.ts'
import { shakespeare, startWorkbench } from '../../golden/workbench.ts'
import { newPlace, writeExample } from '../session/example.ts'
import { blockBytes, leaveBlocks } from './leave-room.ts'

const disk = process.argv[2]!
const workbench = await startWorkbench()
const commands = commandLine(workbench)
const session = newPlace()
await writeExample(session)
const told: Record<string, string[]> = {}
for (const ending of ['svg', 'pdf', 'npz', 'report']) {
  const path = join(disk, `a.${ending === 'report' ? 'pdf' : ending}`)
  const words =
    ending === 'report'
      ? ['session', session, '--report', path]
      : ['figure', shakespeare, '--view', 'parameters', '--dpi', '72', '--out', path]
  const write = async () => {
    const { status, error } = await commands.run(...words)
    return status === 0 ? null : error.trim().split('\n').at(-1)!.replace(disk, '')
  }
  leaveBlocks(disk, 1024)
  const refused = await write()
  if (refused !== null) throw new Error(refused)
  const before = readFileSync(path)
  const own = new Set<string>()
  const needed = Math.ceil(before.length / blockBytes)
  // At the first block, and at the last one.
  for (const blocks of new Set([0, needed - 1])) {
    leaveBlocks(disk, blocks)
    const refused = await write()
    own.add(`${refused}${readFileSync(path).equals(before) ? '' : ', changed'}`)
  }
  leaveBlocks(disk, needed)
  own.add((await write()) ?? 'written')
  told[ending] = [...own]
}
const beside = readdirSync(disk).filter(name => name.startsWith('.'))
commands.close()
await workbench.close()
console.log(JSON.stringify({ told, beside }))
