import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { processorCores } from '../../../src/main/files/processor-cores.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lamella-cores-'))
  mkdirSync(join(folder, 'cpufreq'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** @param siblings of each processor, those of its core */
function tell(siblings: readonly string[]): void {
  for (const [i, own] of siblings.entries()) {
    mkdirSync(join(folder, `cpu${i}`, 'topology'), { recursive: true })
    writeFileSync(join(folder, `cpu${i}`, 'topology/thread_siblings_list'), `${own}\n`)
  }
}

it('counts cores, not the threads that share one', () => {
  tell(['0,2', '1,3', '0,2', '1,3'])
  expect(processorCores(folder, 4)).toBe(2)
})

it('counts no more than may be used', () => {
  tell(['0', '1', '2', '3'])
  expect(processorCores(folder, 3)).toBe(3)
})

it('leaves it to the runtime where the system does not tell', () => {
  expect(processorCores(folder, 4)).toBeUndefined()
  expect(processorCores(join(folder, 'none'), 4)).toBeUndefined()
  mkdirSync(join(folder, 'cpu0'))
  expect(processorCores(folder, 4)).toBeUndefined()
})
