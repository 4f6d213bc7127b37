import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, expect, it, onTestFinished } from 'vitest'
import { axis, dataset, variable, type Dataset } from '#common/data/dataset.ts'
import { besideOf } from '../../../../src/main/files/replace-file.ts'
import { keptFiles } from '../../../../src/main/workbench/analysis/kept-files.ts'
import { createKeptResults } from '../../../../src/main/workbench/analysis/kept-results.ts'
import { longestThreadTurn, threadTime } from '../../../time-taken.ts'
import { built } from '../../../built.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-kept-'))
const entry = built.keptEntry
const told: string[] = []
const refused = (message: string) => void told.push(message)
const kept = createKeptResults({ entry, folder, limitBytes: 1e9, refused })
afterAll(() => kept.close())
const result = dataset(
  { head: axis(2) },
  {
    score: { axes: ['head'], data: Float64Array.of(1, 2), about: 'a score', unit: '' }
  }
)
/** Its bytes leave where it is kept. */
const state = () => ({ note: 'note', sha256: 'hash', bytes: Uint8Array.of(1, 2, 3) })

it('gives what was kept under a key, and nothing that was kept under another', async () => {
  await kept.keepResult('one', result)
  await kept.keepState('two', state())
  expect(await kept.result('one')).toEqual(result)
  expect(await kept.state('two')).toEqual(state())
  expect(told).toEqual([])
  if (process.platform !== 'win32')
    expect(statSync(join(folder, 'one.dataset')).mode & 0o777).toBe(0o600)
  copyFileSync(join(folder, 'one.dataset'), join(folder, 'three.dataset'))
  copyFileSync(join(folder, 'two.state'), join(folder, 'three.state'))
  copyFileSync(join(folder, 'two.state'), join(folder, 'two.dataset'))
  expect(await kept.result('three')).toBeNull()
  expect(await kept.state('three')).toBeNull()
  expect(await kept.result('two')).toBeNull()
})

it('has no state any more of what has come to a result', async () => {
  await kept.keepState('done', state())
  await kept.keepResult('done', result)
  expect(await kept.result('done')).toEqual(result)
  expect(readdirSync(folder).filter(name => name.startsWith('done'))).toEqual(['done.dataset'])
})

it('gives nothing of which any byte has turned', async () => {
  await kept.keepResult('one', result)
  await kept.keepState('two', state())
  for (const [name, read] of [
    ['one.dataset', () => kept.result('one')],
    ['two.state', () => kept.state('two')]
  ] as const) {
    const whole = readFileSync(join(folder, name))
    for (let at = 0; at < whole.length; at++) {
      const bytes = Buffer.from(whole)
      bytes[at]! ^= 1
      writeFileSync(join(folder, name), bytes)
      expect([name, at, await read()]).toEqual([name, at, null])
    }
  }
})

it('says why it could not keep, and goes on', async () => {
  writeFileSync(join(folder, 'file'), '')
  const nowhere = createKeptResults({
    entry,
    folder: join(folder, 'file'),
    limitBytes: 1e9,
    refused
  })
  await nowhere.keepResult('one', result)
  expect(await nowhere.result('one')).toBeNull()
  expect(told).toEqual(['file: a file stands where its folder should be'])
  await nowhere.close()
})

it('writes what it was given before it ends', async () => {
  const [one, other] = [1, 2].map(() =>
    createKeptResults({ entry, folder, limitBytes: 1e9, refused })
  )
  void one!.keepState('late', state())
  await one!.close()
  expect(await kept.state('late')).toEqual(state())
  void other!.keepResult('late', result)
  await other!.close()
  expect(readdirSync(folder)).toContain('late.dataset')
})

it('keeps nobody waiting while it writes and reads 100 MB', async () => {
  const count = 12_500_000
  const data = Float64Array.from({ length: count }, (_, i) => i)
  const large = dataset(
    { cell: axis(count) },
    { score: { axes: ['cell'], data, about: '', unit: '' } }
  )
  // A slow machine takes long for each part of it, too.
  const atOnce = await threadTime(() => data.slice())
  expect(await leastOfThree(() => kept.keepResult('large', large))).toBeLessThan(atOnce / 8)
  let found: Dataset | null = null
  const reading = async () => void (found = await kept.result('large'))
  expect(await leastOfThree(reading)).toBeLessThan(atOnce / 8)
  // What was kept is still there.
  expect(Buffer.compare(bytesOf(found!), bytesOf(large))).toBe(0)
  expect(data.length).toBe(count)
})

/** The longest turn of some work where least else came between: what it is kept from is never less than that. */
async function leastOfThree(work: () => Promise<unknown>): Promise<number> {
  const turns: number[] = []
  for (let i = 0; i < 3; i++) turns.push(await longestThreadTurn(work))
  return Math.min(...turns)
}

function bytesOf(dataset: Dataset): Buffer {
  const { buffer, byteOffset, byteLength } = variable(dataset, 'score').data
  return Buffer.from(buffer, byteOffset, byteLength)
}

it('keeps as much as it may, and of more what was used last', async () => {
  const within = mkdtempSync(join(tmpdir(), 'lamella-kept-'))
  const keptIn = (limitBytes: number) => {
    const own = createKeptResults({ entry, folder: within, limitBytes, refused })
    onTestFinished(() => own.close())
    return own
  }
  const large = () => ({ ...state(), bytes: new Uint8Array(1000) })
  await keptIn(1e9).keepState('a', large())
  const { size } = statSync(join(within, 'a.state'))
  const two = keptIn(2 * size)
  await two.keepState('b', large())
  expect(readdirSync(within).sort()).toEqual(['a.state', 'b.state'])
  for (const key of ['a', 'b']) utimesSync(join(within, `${key}.state`), 1000, 1000)
  expect(await two.state('a')).toEqual(large())
  await two.keepState('c', large())
  expect(readdirSync(within).sort()).toEqual(['a.state', 'c.state'])
  // What was just kept stays also when it alone is more than may be.
  await keptIn(10).keepState('d', large())
  expect(readdirSync(within)).toEqual(['d.state'])
})

it('says of what cannot be turned into bytes that it is not kept, and keeps the state', async () => {
  const within = mkdtempSync(join(tmpdir(), 'lamella-kept-'))
  const files = keptFiles({ folder: within, limitBytes: 1e9 })
  await files.keepState({ key: 'a', value: state() })
  const value = { ...result, attributes: { of: () => 0 } } as unknown as Dataset
  expect(await files.keepResult({ key: 'a', value })).toMatch(/cannot be written \(.*clone/)
  expect(readdirSync(within)).toEqual(['a.state'])
})

it('makes room beside a folder, of which it removes nothing', async () => {
  const within = mkdtempSync(join(tmpdir(), 'lamella-kept-'))
  const inner = join(within, 'inner')
  mkdirSync(inner)
  writeFileSync(join(inner, 'kept'), '')
  utimesSync(inner, 1000, 1000)
  const files = keptFiles({ folder: within, limitBytes: 10 })
  for (const key of ['a', 'b']) expect(await files.keepState({ key, value: state() })).toBeNull()
  expect(readdirSync(within).sort()).toEqual(['b.state', 'inner'])
  expect(readdirSync(inner)).toEqual(['kept'])
})

it('leaves alone what another program is still writing', async () => {
  const within = mkdtempSync(join(tmpdir(), 'lamella-kept-'))
  const own = createKeptResults({ entry, folder: within, limitBytes: 1000, refused })
  onTestFinished(() => own.close())
  const unfinished = besideOf(join(within, 'a.state'))
  writeFileSync(unfinished, new Uint8Array(1e6))
  utimesSync(unfinished, 1000, 1000)
  await own.keepState('b', state())
  await own.keepState('c', state())
  // It takes no room of theirs.
  expect(readdirSync(within).sort()).toEqual([basename(unfinished), 'b.state', 'c.state'])
})

it('writes nothing after it was closed', async () => {
  const own = join(folder, 'closed')
  const closing = createKeptResults({ entry, folder: own, limitBytes: 1e9, refused })
  const before = closing.keepResult('before', result)
  await closing.close()
  await before
  expect(readdirSync(own)).toEqual(['before.dataset'])
  rmSync(own, { recursive: true })
  await closing.keepResult('after', result)
  await closing.keepState('after', state())
  expect(await closing.result('before')).toBeNull()
  expect(existsSync(own)).toBe(false)
})
