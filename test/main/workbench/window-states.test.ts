import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { processMark } from '../../../src/main/files/process-mark.ts'
import { createClients } from '../../../src/main/workbench/clients.ts'
import { createWindowStates } from '../../../src/main/workbench/window-states.ts'

let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'lamella-windows-'))
})
const folder = () => join(data, 'windows')
const there = () => readdirSync(folder()).length

/** A workbench that has just started: it has what was left alone, as after everything was killed. */
function started() {
  const clients = createClients()
  const told: string[] = []
  const states = createWindowStates(
    folder(),
    join(data, 'workspace.json'),
    clients,
    message => void told.push(message)
  )
  /** A page that has loaded what it begins with. */
  async function open(before: string | null = null, goesOn = false) {
    const page = { id: randomUUID(), before, goesOn }
    const leave = clients.connected(page.id)
    const found = await states.load(page, page.id)
    // What it sets off is done, too.
    await states.last()
    const save = (state: Parameters<typeof states.save>[0]) => states.save(state, page, page.id)
    return { id: page.id, found, save, leave }
  }
  return { states, open, told }
}

it('gives each window its own as it is loaded anew, whoever saved last', async () => {
  const { states, open } = started()
  const a = await open()
  expect(a.found).toBeNull()
  const b = await open()
  await a.save('work of A')
  await b.save('a click in B')
  expect(await states.last()).toBe('a click in B')
  a.leave()
  b.leave()
  const again = await open(a.id)
  expect(again.found).toBe('work of A')
  expect(there()).toBe(2)
  // Also before it has saved anything.
  again.leave()
  expect((await open(again.id)).found).toBe('work of A')
  expect(there()).toBe(2)
})

it('has what a page saves as it goes for the next one', async () => {
  const { open } = started()
  const a = await open()
  const saving = a.save('at the end')
  a.leave()
  expect((await open(a.id)).found).toBe('at the end')
  await saving
})

it('gives a new window what was left last, each once, and then what was saved last', async () => {
  const before = started()
  const [a, b] = [await before.open(), await before.open()]
  await b.save('B')
  await a.save('A')
  await before.states.close()
  setTimes(b.id, a.id)

  const { open } = started()
  const found = await Promise.all([open(), open(), open()])
  expect(found.map(window => window.found)).toEqual(['A', 'B', 'A'])
  // The first is none of those that were left any more.
  await found[0].save('A, later')
  expect((await open()).found).toBe('A, later')
})

it('has a window begin with the one that was kept for all of them before each had its own', async () => {
  writeFileSync(join(data, 'workspace.json'), '"as it was"')
  const { open } = started()
  const a = await open()
  expect([a.found, (await open()).found]).toEqual(['as it was', 'as it was'])
  await a.save('A')
  a.leave()
  expect((await open(a.id)).found).toBe('A')
})

it('gives a tab that was copied what the other has, which keeps it', async () => {
  const { open } = started()
  const [a, b] = [await open(), await open()]
  await a.save('A')
  await b.save('B')
  const copy = await open(a.id)
  expect(copy.found).toBe('A')
  await copy.save('copy')
  a.leave()
  expect((await open(a.id)).found).toBe('A')
})

it('leaves what another program that has the same data folder shows', async () => {
  mkdirSync(folder())
  const world = processMark().split('-')[2]
  const [alive, gone] = [randomUUID(), randomUUID()]
  const left = (page: string, pid: number, state: string) =>
    writeFileSync(pathOf(page), JSON.stringify({ process: `${pid}-0-${world}`, state }))
  left(alive, process.ppid, 'shown there')
  // No process has an id of so many digits.
  left(gone, 2 ** 30, 'left')
  setTimes(gone, alive)
  const { open } = started()
  expect((await open()).found).toBe('left')
  expect((await open()).found).toBeNull()
  expect(readFileSync(pathOf(alive), 'utf8')).toContain('shown there')
})

it('gives a page whose own went on to another window what that has, and none that others left', async () => {
  const { open } = started()
  const [a, b] = [await open(), await open()]
  await a.save('work of A')
  await b.save('work of B')
  a.leave()
  b.leave()
  const next = await open()
  expect(next.found).toBe('work of B')
  await next.save('more of B')
  expect((await open(b.id)).found).toBe('more of B')
  expect((await open(a.id)).found).toBe('work of A')
})

it('leaves what others left to the next window where a page goes on with what its tab has', async () => {
  const { open } = started()
  const a = await open()
  await a.save('work of A')
  a.leave()
  const own = await open(randomUUID(), true)
  await own.save('kept in the tab')
  expect((await open()).found).toBe('work of A')
})

it('keeps those that another program shows, however many were left later', async () => {
  mkdirSync(folder())
  const shown = randomUUID()
  const world = processMark().split('-')[2]
  const others = Array.from({ length: 30 }, () => randomUUID())
  for (const [page, process_] of [
    [shown, `${process.ppid}-0-${world}`] as const,
    ...others.map(page => [page, ''] as const)
  ])
    writeFileSync(pathOf(page), JSON.stringify({ process: process_, state: page }))
  setTimes(shown, ...others)
  await started().open()
  expect(readFileSync(pathOf(shown), 'utf8')).toContain(shown)
  expect(there()).toBe(21)
})

it('keeps no more than were left last, and all that are shown', async () => {
  const { open } = started()
  const shown = await open()
  await shown.save('shown')
  const others = Array.from({ length: 30 }, () => randomUUID())
  for (const page of others)
    writeFileSync(pathOf(page), JSON.stringify({ process: '', state: page }))
  setTimes(shown.id, ...others)
  expect((await open()).found).toBe(others.at(-1))
  expect(there()).toBe(21)
  shown.leave()
  expect((await open(shown.id)).found).toBe('shown')
})

it('takes a damaged one for none', async () => {
  const { open, told } = started()
  const a = await open()
  await a.save('A')
  a.leave()
  writeFileSync(pathOf(a.id), '{')
  expect((await started().open(a.id)).found).toBe('A')
  expect((await open()).found).toBe('A')
  expect(told).toEqual([expect.stringContaining(`${a.id}.json: cannot be read (not JSON)`)])
})

it('sets aside what a later version left, for a window and for all, and says so', async () => {
  const later = JSON.stringify({ process: 'gone', state: { version: 3, notes: ['later'] } })
  const { open } = started()
  const a = await open()
  await a.save('A')
  a.leave()
  writeFileSync(pathOf(a.id), later)
  writeFileSync(join(data, 'workspace.json'), JSON.stringify({ version: 3 }))
  const { open: openNext, told } = started()
  const next = await openNext(a.id)
  expect(next.found).toBeNull()
  expect(told[0]).toContain(`${a.id}.json: cannot be read (state: a later version of Lamella`)
  await next.save('B')
  expect(readFileSync(pathOf(a.id), 'utf8')).toBe(later)
  expect(readFileSync(join(data, 'workspace.json.damaged'), 'utf8')).toContain('3')
})

it('keeps windows with what is saved nowhere else also where more were left later', async () => {
  const { open } = started()
  const first = await open()
  const others = await Promise.all(Array.from({ length: 22 }, () => open()))
  await first.save({ version: 2, changed: true })
  utimesSync(pathOf(first.id), 1, 1)
  for (const other of others) await other.save('seen')
  for (const own of [first, ...others]) own.leave()
  expect((await open()).found).toBe('seen')
  expect(there()).toBe(21)
  expect((await open(first.id)).found).toEqual({ version: 2, changed: true })
})

it('saves the one of all also where a window cannot have its own, and says why', async () => {
  writeFileSync(folder(), '')
  const { states, open } = started()
  const a = await open()
  await expect(a.save('A')).rejects.toMatchObject({ code: 'file-unwritable' })
  expect(await states.last()).toBe('A')
  expect((await open(a.id)).found).toBe('A')
})

function pathOf(page: string): string {
  return join(folder(), `${page}.json`)
}

/** Has windows be left one after the other. */
function setTimes(...pages: readonly string[]): void {
  for (const [i, page] of pages.entries()) utimesSync(pathOf(page), 1e9 + i, 1e9 + i)
}
