import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { soundSafetensors } from '../../bad/safetensors.ts'
import { startWorkbench, uncancelled } from '../../golden/workbench.ts'
import { outcome } from '../checkpoint/temporary.ts'

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench()
})
afterAll(() => workbench.close())

const open = (path: string) => workbench.handlers['models.open']({ path }, uncancelled())
const weights = soundSafetensors([
  { name: 'a', dtype: 'U8', shape: [1], data: new Uint8Array([7]) }
])

type Files = Readonly<Record<string, string | Uint8Array>>

/** A folder that holds these files by relative path, gone after the test. */
function folderOf(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-hostile-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

describe.skipIf(process.platform === 'win32')('links of a model folder', () => {
  it.each(['config.json', 'lamella.json'])('from %s to a file outside are refused', async name => {
    const root = folderOf({ 'secret.json': '{}', 'model/model.safetensors': weights })
    symlinkSync('../secret.json', join(root, 'model', name))
    expect(await outcome(open(join(root, 'model')))).toBe(
      `file-invalid: ${name}: leads outside the model folder, and is not opened`
    )
  })

  it.each(['config.json', 'lamella.json'])('from %s to a pipe are not waited for', async name => {
    const folder = folderOf({ 'model.safetensors': weights })
    execFileSync('mkfifo', [join(folder, 'pipe')])
    symlinkSync('pipe', join(folder, name))
    expect(await outcome(open(folder))).toBe(`file-invalid: ${name}: is a named pipe, not a file`)
  })

  it('from a tokenizer to a file outside leave the model open, and say why', async () => {
    const root = folderOf({ 'secret.json': '{"a":0}', 'model/model.safetensors': weights })
    symlinkSync('../secret.json', join(root, 'model', 'vocab.json'))
    expect(await open(join(root, 'model'))).toMatchObject({
      tokenizer: null,
      notTokenizable: 'vocab.json: links to a file outside the model folder'
    })
  })

  it('inside the folder, and of the Hugging Face cache, are followed', async () => {
    const root = folderOf({
      'models--who--what/blobs/1a': weights,
      'models--who--what/blobs/2b': '{"model_type":"mystery"}',
      'models--who--what/blobs/3c': '{"sampleText":"Once"}',
      'models--who--what/blobs/4d': '{"a":0}',
      'models--who--what/refs/main': 'abc'
    })
    const snapshot = join(root, 'models--who--what/snapshots/abc')
    mkdirSync(snapshot, { recursive: true })
    const links = {
      'model.safetensors': '1a',
      'config.json': '2b',
      'lamella.json': '3c',
      'vocab.json': '4d'
    }
    for (const [name, blob] of Object.entries(links))
      symlinkSync(`../../blobs/${blob}`, join(snapshot, name))
    const expected = {
      rawConfig: { model_type: 'mystery' },
      sampleText: 'Once',
      tokenizer: 'characters'
    } satisfies Partial<ModelInfo>
    expect(await open(snapshot)).toMatchObject(expected)
    expect(await open(join(snapshot, 'model.safetensors'))).toMatchObject(expected)

    const inside = folderOf({ 'model.safetensors': weights, 'real.json': '{"model_type":"x"}' })
    symlinkSync('real.json', join(inside, 'config.json'))
    expect((await open(inside)).rawConfig).toEqual({ model_type: 'x' })
  })
})
