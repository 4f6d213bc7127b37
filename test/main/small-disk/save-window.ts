/**
 * Saves a window, and a session that is to be remembered, where the disk of the data folder is full.
 *
 *     node save-window.ts DISK
 */
import { readdirSync } from 'node:fs'
import { startWorkbench, uncancelled } from '../../golden/workbench.ts'
import { exampleContent, newPlace } from '../session/example.ts'
import { blockBytes, leaveBlocks, refusal } from './leave-room.ts'

const disk = process.argv[2]!
const workbench = await startWorkbench({}, disk)
const { handlers } = workbench
const by = { ...uncancelled(), client: 'one' }
const wish = { keep: 'recompute' as const, wish: { runs: [], results: [], corpora: [] } }
const save = (id: string | null, path: string) =>
  handlers['sessions.save'](
    { id, path, content: exampleContent(), ...wish, replace: false, elsewhere: false },
    by
  )
const paths = { first: newPlace(), second: newPlace() }
const recent = async () =>
  (await handlers['sessions.recent']({}, by)).map(({ path }) =>
    path === paths.first ? 'first' : 'second'
  )
const page = { id: 'a', before: null, goesOn: false }
const keep = (text: string) => handlers['workspace.save']({ state: { text }, page }, by)
const kept = async () => ((await handlers['workspace.load']({}, by)) as { text: string }).text

await save(null, paths.first)
await keep('before')
leaveBlocks(disk, 0)
const { id } = await save(null, paths.second)
const remembered = [await recent()]
const told: string[] = []
// It takes three blocks.
for (let blocks = 0; blocks < 3; blocks++) {
  leaveBlocks(disk, blocks)
  told.push(`${await refusal(keep('x'.repeat(2.5 * blockBytes)))}; ${await kept()}`)
}
leaveBlocks(disk, 256)
const beside = readdirSync(disk).filter(name => name.startsWith('.lamella-'))
await keep('after')
told.push(await kept())
await save(id, paths.second)
remembered.push(await recent())
await workbench.close()
console.log(JSON.stringify({ remembered, told, beside }))
