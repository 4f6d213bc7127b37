import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Library, LibraryItem, PastRun } from '#common/model/library.ts'
import { createLibrary } from '../../../src/main/workbench/library.ts'
import { startWorkbench, uncancelled } from '../../golden/workbench.ts'
import { outcome } from '../checkpoint/temporary.ts'

const newFolder = () => mkdtempSync(join(tmpdir(), 'lamella-library-'))
const text = (name: string): LibraryItem => ({ kind: 'text', name, input: { text: name } })
const past: PastRun = {
  source: {
    model: { path: '/a', fingerprint: 'f' },
    input: { ids: [5, 17, 3] },
    edits: [{ hook: 'blocks.2.attn.hook_z', at: { head: [1] }, scale: 0, add: null }],
    provider: 'auto'
  },
  modelName: 'a',
  at: 12
}

/** A library as a window of its own asks it, and what it was told. */
function opened(folder = newFolder()) {
  const damaged: string[] = []
  const told: Library[] = []
  const shelf = createLibrary(join(folder, 'library.json'), message => damaged.push(message))
  shelf.subscribe(library => told.push(library))
  const { handlers } = shelf
  return {
    folder,
    damaged,
    told,
    get: () => handlers['library.get']({}, uncancelled()),
    put: (item: LibraryItem, instead: string | null = null) =>
      handlers['library.put']({ item, instead }, uncancelled()),
    remove: (name: string) => handlers['library.remove']({ kind: 'text', name }, uncancelled()),
    remember: (runs: PastRun[]) => handlers['library.remember']({ runs }, uncancelled()),
    forget: (runs: PastRun[]) => handlers['library.forget']({ runs }, uncancelled())
  }
}

describe('the library', () => {
  it('keeps what ran and what has a name for the next start, and for its user alone', async () => {
    const first = opened()
    await first.remember([past])
    await first.put(text('b'))
    await first.put(text('a'))
    const kept: Library = { history: [past], items: [text('a'), text('b')] }
    expect(await opened(first.folder).get()).toEqual(kept)
    expect(first.told.at(-1)).toEqual(kept)
    const { mode } = statSync(join(first.folder, 'library.json'))
    if (process.platform !== 'win32') expect(mode & 0o777).toBe(0o600)
  })

  it('renames in place, and refuses the name of another', async () => {
    const { put, get, told } = opened()
    await put(text('a'))
    await put(text('b'))
    await put({ ...text('a'), name: 'c' }, 'a')
    expect((await get()).items.map(({ name }) => name)).toEqual(['b', 'c'])
    expect(await outcome(put({ ...text('c'), name: 'b' }, 'c'))).toBe(
      'invalid-argument: “b” is the name of another'
    )
    expect(await outcome(put(text('b')))).toMatch(/^invalid-argument/)
    expect(told).toHaveLength(3)
    await put({ kind: 'text', name: 'b', input: { text: 'changed' } }, 'b')
    expect((await get()).items[0]).toMatchObject({ name: 'b', input: { text: 'changed' } })
  })

  it('loses what is deleted and forgotten, and takes it back', async () => {
    const { put, remove, remember, forget, get } = opened()
    await put(text('a'))
    await remember([past])
    await remove('a')
    await forget([past])
    expect(await get()).toEqual({ history: [], items: [] })
    await put(text('a'))
    await remember([past])
    expect(await get()).toEqual({ history: [past], items: [text('a')] })
  })

  it('has what each of two programs did', async () => {
    const one = opened()
    const other = opened(one.folder)
    await Promise.all(
      Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? one : other).put(text(`t ${i}`)))
    )
    const expected = Array.from({ length: 10 }, (_, i) => `t ${i}`)
    expect((await one.get()).items.map(({ name }) => name)).toEqual(expected)
  })

  it('keeps layouts, and takes for damaged what has one that places something else than tabs', async () => {
    const tab = { type: 'head', on: 'A', with: null } as const
    const layout: LibraryItem = {
      kind: 'layout',
      name: 'Mine',
      layout: { direction: 'row', parts: [{ share: 1, tabs: [tab], front: 0 }], floating: [] }
    }
    const first = opened()
    await first.put(layout)
    expect((await opened(first.folder).get()).items).toEqual([layout])
    const file = join(first.folder, 'library.json')
    const other = readFileSync(file, 'utf8').replace('"on":"A"', '"on":{"path":"/a"}')
    writeFileSync(file, other)
    const second = opened(first.folder)
    expect((await second.get()).items).toEqual([])
    expect(second.damaged[0]).toMatch(/^library\.json: cannot be read/)
  })

  it('refuses more than windows can be told of, and keeps the rest', async () => {
    const { put, get } = opened()
    const long = (name: string): LibraryItem => ({
      kind: 'text',
      name,
      input: { text: 'x'.repeat(3 * 2 ** 20) }
    })
    await put(long('a'))
    await put(long('b'))
    expect(await outcome(put(long('c')))).toBe(
      'invalid-argument: “c”: all that has a name would take more than 8 MB'
    )
    expect((await get()).items.map(({ name }) => name)).toEqual(['a', 'b'])
  })

  it('that is damaged is said, taken for none and kept beside', async () => {
    const folder = newFolder()
    writeFileSync(join(folder, 'library.json'), '{"history": 3}')
    const { put, get, damaged } = opened(folder)
    expect(await get()).toEqual({ history: [], items: [] })
    expect(damaged[0]).toMatch(/^library\.json: cannot be read/)
    await put(text('a'))
    expect(readFileSync(join(folder, 'library.json.damaged'), 'utf8')).toBe('{"history": 3}')
    expect((await get()).items).toEqual([text('a')])
  })
})

describe('a workbench', () => {
  it('tells every window what one of them changed, and keeps it beside its settings', async () => {
    const folder = newFolder()
    const workbench = await startWorkbench({}, folder)
    const told: Library[] = []
    const stop = workbench.on('library', library => told.push(library))
    const put = (name: string) =>
      workbench.handlers['library.put']({ item: text(name), instead: null }, uncancelled())
    await put('a')
    stop()
    await put('b')
    await workbench.close()
    expect(told).toEqual([{ history: [], items: [text('a')] }])
    expect(readFileSync(join(folder, 'library.json'), 'utf8')).toContain('"b"')
  })
})
