/**
 * Opens, saves and exports where nothing can be written, and once it can.
 *
 *     node write-nothing.ts DISK
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { commandLine } from '../../command-line.ts'
import { shakespeare, startWorkbench, uncancelled } from '../../golden/workbench.ts'
import { exampleContent, writeExample } from '../session/example.ts'
import { refusal } from './leave-room.ts'

const disk = process.argv[2]!
const as = (mode: 'ro' | 'rw') => execFileSync('mount', ['-o', `remount,${mode}`, disk])
const path = join(disk, 'a.lamella')
const before = await writeExample(path)
const workbench = await startWorkbench()
const { handlers } = workbench
const commands = commandLine(workbench)
const by = { ...uncancelled(), client: 'one' }
const save = (id: string | null, to: string) =>
  refusal(
    handlers['sessions.save'](
      {
        ...{ id, path: join(disk, to), content: exampleContent('other'), keep: 'recompute' },
        ...{ wish: { runs: [], results: [], corpora: [] }, replace: true, elsewhere: false }
      },
      by
    )
  )
const figure = async () => {
  const words = ['figure', shakespeare, '--view', 'parameters', '--out', join(disk, 'a.svg')]
  const { status, error } = await commands.run(...words)
  return status === 0 ? null : error.trim().replace(disk, '')
}

as('ro')
const { id, readOnly } = await handlers['sessions.open']({ path }, by)
const told = [await save(id, 'a.lamella'), await save(null, 'b.lamella'), await figure()]
const isSame = readFileSync(path).equals(before)
await handlers['sessions.close']({ id }, by)
as('rw')
const again = await handlers['sessions.open']({ path }, by)
const then = [again.readOnly, await save(again.id, 'a.lamella'), await figure()]
commands.close()
await workbench.close()
console.log(JSON.stringify({ readOnly, told, isSame, then, left: readdirSync(disk).sort() }))
