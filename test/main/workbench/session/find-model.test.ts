import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findModel, modelsToSeek } from '../../../../src/main/workbench/session/find-model.ts'
import { keptModel, stateOf } from '../../../../src/main/workbench/session/kept-model.ts'
import { openedModel, shakespeare } from '../../../golden/workbench.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-find-'))

it('looks for a model where it may lie on this machine, and nowhere else', async () => {
  const own = join(folder, 'letters')
  cpSync(shakespeare, own, { recursive: true })
  const model = await openedModel(own)
  const kept = keptModel(model)
  model.reader.close()
  const looked: string[] = []
  const find = (path: string, recent: string[] = []) => {
    looked.length = 0
    const look = (path: string) => {
      looked.push(path)
      return Promise.resolve(model)
    }
    const asked = { ...kept, info: { ...kept.info, path } }
    return findModel({ look }, asked, [join(folder, 'none')], recent, new AbortController().signal)
  }
  expect(await stateOf(kept)).toBe('here')
  expect((await find(own))?.info.path).toBe(own)

  // Of two slashes, too, the system would make a path; on Windows it is another machine's.
  const elsewhere = `/${own}`
  const there = { ...kept, info: { ...kept.info, path: elsewhere } }
  expect(await stateOf(there)).toBe('missing')
  expect(
    await stateOf({ ...kept, files: kept.files.map(file => ({ ...file, path: `/${file.path}` })) })
  ).toBe('changed')
  expect(await find(elsewhere)).toBeNull()
  expect(looked).toEqual([])
  expect(await find('letters')).toBeNull()
  expect(looked).toEqual([])
  expect((await find('/gone/letters', [own, '/gone/other']))?.info.path).toBe(own)
  expect(looked).toEqual([own])

  // The same name with other files is another model.
  const asked = { ...kept, content: 'another' }
  const look = () => Promise.resolve(model)
  expect(await findModel({ look }, asked, [folder], [], new AbortController().signal)).toBeNull()

  // A session that names models without end is not looked for without end.
  const gone = { ...kept, info: { ...kept.info, path: '/gone/letters' } }
  const named = [kept, ...Array.from({ length: 50 }, () => gone)]
  expect(await Array.fromAsync(modelsToSeek(named))).toEqual(Array.from({ length: 20 }, () => gone))
  rmSync(own, { recursive: true })
  expect(await stateOf(kept)).toBe('missing')
})
