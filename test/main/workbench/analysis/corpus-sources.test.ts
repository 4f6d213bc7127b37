import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { corpusSources } from '../../../../src/main/workbench/analysis/corpus-sources.ts'

const { signal } = new AbortController()

describe('the texts of a corpus', () => {
  it('are counted with the files of folders, wherever these stand', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lamella-texts-'))
    for (const name of ['a', 'b']) writeFileSync(join(folder, name), 'text')
    const ids = Array.from({ length: 99_999 }, () => ({ ids: [1] }))
    const { sources } = await corpusSources([...ids.slice(1), { path: folder }], signal)
    expect(sources).toHaveLength(100_000)
    for (const inputs of [
      [...ids, { path: folder }],
      [{ path: folder }, ...ids]
    ])
      await expect(corpusSources(inputs, signal)).rejects.toThrow(
        'A corpus holds at most 100,000 texts and files'
      )
  })
})
