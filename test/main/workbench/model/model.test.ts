import {
  appendFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  truncateSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { writeSafetensors } from '../../../../src/main/export/safetensors.ts'
import type { TokenizerSource } from '../../../../src/main/reader/tokenizers.ts'
import { checkUnchanged, openModel } from '../../../../src/main/workbench/model/model.ts'
import {
  cpuSource,
  shakespeare,
  openedModel,
  startReader,
  startWorkbench,
  uncancelled
} from '../../../golden/workbench.ts'

/** A copy of the sample whose weights were written at a whole second, which any file system keeps. */
async function opened() {
  const folder = join(mkdtempSync(join(tmpdir(), 'lamella-changed-')), 'copy')
  cpSync(shakespeare, folder, { recursive: true })
  const file = join(folder, 'model.safetensors')
  utimesSync(file, 1000, 1000)
  return { file, model: await openedModel(folder) }
}

describe('a model file', () => {
  it.each(['config.json', 'lamella.json', 'tokenizer.json'])(
    'such as %s that was written since it was opened is refused by name, and opened again as another',
    async name => {
      const { file, model } = await opened()
      const own = join(file, '..', name)
      writeFileSync(own, readFileSync(own))
      await expect(checkUnchanged(model)).rejects.toMatchObject({
        code: 'file-changed',
        message: `${name}: changed since it was opened`,
        hint: 'Open the model again.'
      })
      const again = await openedModel(join(file, '..'))
      await expect(checkUnchanged(again)).resolves.toBeUndefined()
      // Else the one that is refused would be taken for it.
      expect(again.info.id).not.toBe(model.info.id)
      // Runs of it are the same: it says what it said.
      expect(again.info.fingerprint).toBe(model.info.fingerprint)
      for (const { reader } of [model, again]) reader.close()
    }
  )

  it('of the tokenizer that was written since is refused as text is split and as it is run', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'lamella-changed-')), 'copy')
    cpSync(shakespeare, folder, { recursive: true })
    const workbench = await startWorkbench()
    onTestFinished(() => workbench.close())
    const { handlers } = workbench
    const open = () => handlers['models.open']({ path: folder }, uncancelled())
    const split = ({ id }: ModelInfo) =>
      handlers['text.tokenize']({ modelId: id, text: 'So' }, uncancelled())
    const run = (model: ModelInfo) =>
      handlers['runs.start']({ source: cpuSource(model, { text: 'So' }) }, uncancelled())
    const model = await open()
    expect(await split(model)).toHaveLength(2)
    const own = join(folder, 'tokenizer.json')
    writeFileSync(own, readFileSync(own))
    for (const asked of [split, run])
      await expect(asked(model)).rejects.toThrow('tokenizer.json: changed since it was opened')
    const again = await open()
    expect(await split(again)).toHaveLength(2)
    expect((await run(again)).tokens).toHaveLength(2)
  })

  it('that tells in which files tensors lie is refused, too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lamella-changed-'))
    const weight_map: Record<string, string> = {}
    for (const name of ['a', 'b']) {
      weight_map[name] = `${name}.safetensors`
      const tensor = () => ({ dtype: 'F32' as const, shape: [4], data: new Float32Array(4) })
      await writeSafetensors(join(folder, `${name}.safetensors`), [name], tensor)
    }
    const index = join(folder, 'model.safetensors.index.json')
    writeFileSync(index, JSON.stringify({ weight_map }))
    const model = await openedModel(folder)
    await expect(checkUnchanged(model)).resolves.toBeUndefined()
    writeFileSync(index, JSON.stringify({ weight_map, metadata: {} }))
    await expect(checkUnchanged(model)).rejects.toThrow('model.safetensors.index.json: changed')
    model.reader.close()
  })

  it('that was only read meanwhile may be read', async () => {
    const { file, model } = await opened()
    readFileSync(file)
    await expect(checkUnchanged(model)).resolves.toBeUndefined()
  })

  it.each([
    ['was written later', (file: string) => utimesSync(file, 1000, 1001)],
    ['was written earlier', (file: string) => utimesSync(file, 1000, 999)],
    [
      'grew, and seems as old',
      (file: string) => {
        appendFileSync(file, '\0')
        utimesSync(file, 1000, 1000)
      }
    ],
    [
      'shrank, and seems as old',
      (file: string) => {
        truncateSync(file, 100)
        utimesSync(file, 1000, 1000)
      }
    ]
  ])('that %s since it was opened is refused by name', async (_, change) => {
    const { file, model } = await opened()
    change(file)
    await expect(checkUnchanged(model)).rejects.toMatchObject({
      code: 'file-changed',
      message: 'model.safetensors: changed since it was opened',
      hint: 'Open the model again.'
    })
  })

  it('that is gone is named as such', async () => {
    const { file, model } = await opened()
    renameSync(file, `${file}.away`)
    await expect(checkUnchanged(model)).rejects.toMatchObject({
      code: 'not-found',
      message: 'model.safetensors: is no longer where it was opened',
      hint: 'Put it back, or open the model where it is now.'
    })
    model.reader.close()
  })
})

it('of models that are opened at the same moment a few are read at once', async () => {
  const root = mkdtempSync(join(tmpdir(), 'lamella-many-'))
  const folders = Array.from({ length: 12 }, (_, i) => join(root, String(i)))
  for (const folder of folders) cpSync(shakespeare, folder, { recursive: true })
  let alive = 0
  let most = 0
  const workbench = await startWorkbench({}, undefined, undefined, {
    onSpawn(reader) {
      most = Math.max(most, ++alive)
      reader.onExit(() => alive--)
    }
  })
  onTestFinished(() => workbench.close())
  const opened = await Promise.all(
    folders.map(path => workbench.handlers['models.open']({ path }, uncancelled()))
  )
  expect(opened.map(({ path }) => path)).toEqual(folders)
  // As many again may have been read, and not be gone yet.
  expect(most).toBeLessThan(12)
})

describe('a model whose opening is given up', () => {
  it.each([
    ['before it begins', (controller: AbortController) => controller.abort()],
    ['once all is read', () => undefined]
  ])('%s is not open, and its reader ends', async (_, before) => {
    const controller = new AbortController()
    const reader = startReader()
    let isClosed = false
    const watched = {
      ...reader,
      async tokenizer(source: TokenizerSource) {
        const tokenizer = await reader.tokenizer(source)
        controller.abort()
        return tokenizer
      },
      close() {
        isClosed = true
        reader.close()
      }
    }
    before(controller)
    await expect(openModel(shakespeare, controller.signal, watched)).rejects.toThrow('aborted')
    expect(isClosed).toBe(true)
  })
})
