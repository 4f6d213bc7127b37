import { spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ownName, ownPrefix, sweepLeft } from '../../../src/main/files/left-behind.ts'
import { processMark } from '../../../src/main/files/process-mark.ts'

const leaving = { prefix: 'left-', suffix: '.part', longestRest: 5_000_000 }
/** What a process is called that was there and is gone. */
const goneMark = processMark().replace(
  String(process.pid),
  String(spawnSync(process.execPath, ['-e', '']).pid)
)
const gone = (end: string) => `left-${goneMark}-${end}.part`

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lamella-left-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('sweeps what the dead left, files and folders, and nothing of the living or of other names', async () => {
  const stay = [
    ownName(leaving),
    `${ownPrefix(leaving)}ab.part`,
    `other-${goneMark}-ab.part`,
    `left-${goneMark}-ab.new`,
    'left-ab.part',
    'left-.part'
  ]
  for (const name of [...stay, gone('ab')]) writeFileSync(join(folder, name), '')
  mkdirSync(join(folder, gone('cd'), 'inner'), { recursive: true })
  await sweepLeft(folder, leaving)
  expect(readdirSync(folder).sort()).toEqual(stay.sort())
})

it('sweeps what rests for long of processes that cannot be seen, and nothing of the living', async () => {
  const [pid, start] = processMark().split('-')
  const before = `left-${pid}-${start}-1-ab.part`
  const now = Date.now() / 1000
  for (const [rest, left] of [
    [3000, [before, `${ownPrefix(leaving)}ab.part`]],
    [4000, [`${ownPrefix(leaving)}ab.part`]]
  ] as const) {
    for (const name of [before, `${ownPrefix(leaving)}ab.part`]) {
      writeFileSync(join(folder, name), '')
      utimesSync(join(folder, name), now - rest, now - rest)
    }
    await sweepLeft(folder, leaving)
    expect(readdirSync(folder)).toHaveLength(2)
    await sweepLeft(folder, { ...leaving, longestRest: 3_600_000 })
    expect(readdirSync(folder).sort()).toEqual([...left].sort())
  }
})

it.skipIf(process.platform === 'win32')('leaves links, and what is behind them', async () => {
  mkdirSync(join(folder, 'kept'))
  symlinkSync('kept', join(folder, gone('ab')))
  await sweepLeft(folder, leaving)
  expect(readdirSync(folder).sort()).toEqual(['kept', gone('ab')])
})

it.skipIf(process.platform === 'win32')('leaves what is of another user', async () => {
  writeFileSync(join(folder, gone('ab')), '')
  const other = vi.spyOn(process, 'getuid').mockReturnValue(process.getuid!() + 1)
  await sweepLeft(folder, leaving)
  other.mockRestore()
  expect(readdirSync(folder)).toEqual([gone('ab')])
})

it('goes on where one thing cannot be removed, or there is no folder', async () => {
  for (const end of ['ab', 'cd']) writeFileSync(join(folder, gone(end)), '')
  await sweepLeft(folder, leaving, path => {
    if (path.endsWith('ab.part')) throw new Error('stays')
    rmSync(path)
  })
  expect(readdirSync(folder)).toEqual([gone('ab')])
  await expect(sweepLeft(join(folder, 'nowhere'), leaving)).resolves.toBeUndefined()
})

it('makes names that say whose they are and are never the same', () => {
  expect(ownName(leaving)).toMatch(new RegExp(`^left-${processMark()}-[0-9a-f]{16}\\.part$`))
  expect(ownName(leaving)).not.toBe(ownName(leaving))
})
