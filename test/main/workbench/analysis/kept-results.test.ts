import { copyFileSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { axis, dataset } from '#common/data/dataset.ts'
import { createKeptResults } from '../../../../src/main/workbench/analysis/kept-results.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-kept-'))
const kept = createKeptResults(folder, 1e9, message => {
  throw new Error(message)
})
const result = dataset(
  { head: axis(2) },
  {
    score: { axes: ['head'], data: Float64Array.of(1, 2), about: 'a score', unit: '' }
  }
)
const state = { note: 'note', sha256: 'hash', bytes: Uint8Array.of(1, 2, 3) }

it('gives what was kept under a key, and nothing that was kept under another', async () => {
  await kept.keepResult('one', result)
  await kept.keepState('two', state)
  expect(await kept.result('one')).toEqual(result)
  expect(await kept.state('two')).toEqual(state)
  if (process.platform !== 'win32')
    expect(statSync(join(folder, 'one.dataset')).mode & 0o777).toBe(0o600)
  copyFileSync(join(folder, 'one.dataset'), join(folder, 'three.dataset'))
  copyFileSync(join(folder, 'two.state'), join(folder, 'three.state'))
  copyFileSync(join(folder, 'two.state'), join(folder, 'two.dataset'))
  expect(await kept.result('three')).toBeNull()
  expect(await kept.state('three')).toBeNull()
  expect(await kept.result('two')).toBeNull()
})

it('gives nothing of which any byte has turned', async () => {
  await kept.keepResult('one', result)
  await kept.keepState('two', state)
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
  const told: string[] = []
  const nowhere = createKeptResults(join(folder, 'file'), 1e9, message => told.push(message))
  await nowhere.keepResult('one', result)
  expect(await nowhere.result('one')).toBeNull()
  expect(told).toEqual(['file: is in no folder'])
})
