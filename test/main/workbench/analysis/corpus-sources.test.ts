import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { corpusSources } from '../../../../src/main/workbench/analysis/corpus-sources.ts'
import { uncancelled } from '../../../golden/workbench.ts'

describe('the texts of a corpus', () => {
  it('are counted with the files of folders, wherever these stand', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lamella-texts-'))
    for (const name of ['a', 'b']) writeFileSync(join(folder, name), 'text')
    const ids = Array.from({ length: 99_999 }, () => ({ ids: [1] }))
    const { sources } = await corpusSources([...ids.slice(1), { path: folder }], uncancelled())
    expect(sources).toHaveLength(100_000)
    for (const inputs of [
      [...ids, { path: folder }],
      [{ path: folder }, ...ids]
    ])
      await expect(corpusSources(inputs, uncancelled())).rejects.toThrow(
        'A corpus holds at most 100,000 texts and files'
      )
  })

  it('of many files are counted aloud, and no further once that is given up', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lamella-many-'))
    for (let i = 0; i < 2500; i++) writeFileSync(join(folder, `${i}`), 'text')
    const told: string[] = []
    const controller = new AbortController()
    const look = (given: () => void, { signal } = new AbortController()) =>
      corpusSources([{ path: folder }], {
        signal,
        progress({ label }) {
          told.push(label.replace(basename(folder), 'many'))
          given()
        }
      })
    const all = ['Looking through many: 1,000 files', 'Looking through many: 2,000 files']
    expect((await look(() => undefined)).sources).toHaveLength(2500)
    expect(told.splice(0)).toEqual(all)
    await expect(look(() => controller.abort(), controller)).rejects.toThrow()
    expect(told).toEqual(all.slice(0, 1))
  })
})
