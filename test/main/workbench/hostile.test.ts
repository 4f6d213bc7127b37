import { execFileSync } from 'node:child_process'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { valueCheckOf } from '#common/analysis/value-check.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { openedFiles } from '../../bad/opened-files.ts'
import { command, commandRan } from '../../bad/payload.ts'
import { string, whole } from '../../bad/pickle.ts'
import { soundSafetensors } from '../../bad/safetensors.ts'
import { analysed, startWorkbench, uncancelled } from '../../golden/workbench.ts'
import { outcome } from '../checkpoint/temporary.ts'
import { processorTime } from '../../time-taken.ts'

const opened = openedFiles()
let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench(opened.environment)
})
afterAll(() => workbench.close())

const open = (path: string) => workbench.handlers['models.open']({ path }, uncancelled())
const weights = soundSafetensors([
  { name: 'a', dtype: 'U8', shape: [1], data: new Uint8Array([7]) }
])

type Files = Readonly<Record<string, string | Uint8Array>>

/** That a file was not opened since this was asked last, and would have been seen. */
function expectUnopened(path: string): void {
  const seen = opened()
  expect(seen).not.toEqual([])
  expect(seen).not.toContain(path)
  readFileSync(path)
  expect(opened()).toContain(path)
}

/** A folder that holds these files by relative path, gone after the test. */
function folderOf(files: Files): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lamella-hostile-')))
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
    expectUnopened(join(root, 'secret.json'))
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
      notTokenizable: 'vocab.json: leads outside the model folder, and is not opened'
    })
    expectUnopened(join(root, 'secret.json'))
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
      rawConfig: '{\n  "model_type": "mystery"\n}',
      sampleText: 'Once',
      tokenizer: 'characters'
    } satisfies Partial<ModelInfo>
    expect(await open(snapshot)).toMatchObject(expected)
    expect(await open(join(snapshot, 'model.safetensors'))).toMatchObject(expected)

    const inside = folderOf({ 'model.safetensors': weights, 'real.json': '{"model_type":"x"}' })
    symlinkSync('real.json', join(inside, 'config.json'))
    expect(JSON.parse((await open(inside)).rawConfig)).toEqual({ model_type: 'x' })
  })
})

describe('config.json and lamella.json', () => {
  const limit = 'bytes exceed the limit of 16777216 for such a file'
  it.each([
    ['cut off', '{"model_type":"gpt2","n_la', 'ends in the middle of a string'],
    ['empty', '', 'ends where a value was expected'],
    ['100,000 deep', '['.repeat(100_000), 'is nested deeper than 128 levels'],
    ['in UTF-16', Buffer.from('\ufeff{}', 'utf16le'), 'is not UTF-8 text']
  ])('%s are refused by name', async (_, content, error) => {
    for (const name of ['config.json', 'lamella.json']) {
      const folder = folderOf({ 'model.safetensors': weights, [name]: content })
      const [code, file, ...cause] = String(await outcome(open(folder))).split(': ')
      expect([code, file]).toEqual(['file-invalid', name])
      expect(cause.join(': ')).toMatch(error)
    }
  })

  it('lamella.json with a number that is none, which Python did not write, is refused', async () => {
    const folder = folderOf({ 'model.safetensors': weights, 'lamella.json': '{"n_layer":NaN}' })
    expect(await outcome(open(folder))).toBe(
      'file-invalid: lamella.json: is not JSON: expected a value at byte 11, got "N"'
    )
  })

  it.each(['config.json', 'lamella.json'])('%s of 1 GB is refused unread', async name => {
    const folder = folderOf({ 'model.safetensors': weights, [name]: '{' })
    truncateSync(join(folder, name), 2 ** 30)
    const before = process.memoryUsage().rss
    const taken = await processorTime(async () =>
      expect(await outcome(open(folder))).toBe(`file-invalid: ${name}: 1073741824 ${limit}`)
    )
    expect(taken).toBeLessThan(1000)
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 2 ** 20)
  })

  it('may begin with a byte order mark, and have keys that objects are born with', async () => {
    const config = '\ufeff{"model_type":"x","__proto__":{"polluted":1},"constructor":1}'
    const folder = folderOf({ 'model.safetensors': weights, 'config.json': config })
    const { rawConfig } = await open(folder)
    expect(Object.keys(JSON.parse(rawConfig) as object)).toEqual([
      'model_type',
      '__proto__',
      'constructor'
    ])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  it.each([
    ['n_layer', '1e9', '1000000000'],
    ['n_layer', '1e999', 'one too large to be a number (1e309 or beyond)'],
    ['n_layer', 'NaN', '"NaN"'],
    ['n_embd', '-Infinity', '"-Infinity"'],
    ['n_head', '0', '0'],
    ['n_head', '-1', '-1'],
    ['n_head', '2.5', '2.5'],
    ['n_embd', '9007199254740993', '9007199254740992'],
    ['n_head', '{"a":1}', '{"a":1}']
  ])('that state %s as %s do not run, and nothing is made of it', async (key, value, got) => {
    const sound = { model_type: 'gpt2', n_layer: 1, n_head: 1, n_embd: 4, vocab_size: 4 }
    const config = JSON.stringify({ ...sound, [key]: 'VALUE' }).replace('"VALUE"', value)
    const folder = folderOf({ 'model.safetensors': weights, 'config.json': config })
    const before = process.memoryUsage().rss
    const most = key === 'n_layer' ? 4096 : 16_777_216
    expect((await open(folder)).notRunnable).toBe(
      `config.json: ${key} must be a whole number from 1 to ${most}, got ${got}`
    )
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 2 ** 20)
  })
})

describe('folders', () => {
  it('of 100,000 files open by their standard file, or are left early', async () => {
    const folder = folderOf({})
    for (let i = 0; i < 100_000; i++) closeSync(openSync(join(folder, `${i}.txt`), 'w'))
    const timed = async (work: () => Promise<unknown>) => {
      let result: unknown
      const taken = await processorTime(async () => (result = await outcome(work())))
      expect(taken).toBeLessThan(5000)
      return result
    }
    expect(await timed(() => open(folder))).toMatch(
      /^unsupported: .+: holds more than 20000 files and none has a standard name$/
    )
    writeFileSync(join(folder, 'model.safetensors'), weights)
    expect(await timed(() => open(folder))).toMatchObject({ parametersStored: 1 })
    const list = () => workbench.handlers['files.list']({ path: folder }, uncancelled())
    expect(await timed(list)).toMatchObject({
      entries: [{ name: 'model.safetensors', kind: 'model' }]
    })
  })

  it.skipIf(process.platform === 'win32')('that loop are refused by name', async () => {
    const folder = folderOf({ 'model.safetensors': weights })
    symlinkSync('config.json', join(folder, 'config.json'))
    expect(await outcome(open(folder))).toBe(
      'file-unreadable: config.json: is a link that leads back to itself'
    )
    symlinkSync('.', join(folder, 'again'))
    const path = join(folder, 'again/again/again')
    expect(await outcome(open(path))).toMatch(/^file-unreadable: config\.json: is a link/)
    symlinkSync('loop', join(folder, 'loop'))
    const loop = join(folder, 'loop')
    expect(await outcome(open(loop))).toBe(
      `file-unreadable: ${loop}: is a link that leads back to itself`
    )
    expect(await workbench.handlers['files.list']({ path }, uncancelled())).toMatchObject({
      entries: [
        { name: 'again', kind: 'model' },
        { name: 'model.safetensors', kind: 'model' }
      ]
    })
  })
})

describe('weights through the workbench', () => {
  const floats = new Float32Array([NaN, Infinity, -Infinity, 1])
  const bad = { dtype: 'F32', shape: [4], data: new Uint8Array(floats.buffer) }

  it('with NaN and infinities, and names of built-ins or markup, open with every name as it is', async () => {
    const names = ['__proto__', 'constructor', '<img src=x onerror=alert(1)>', 'a\u202eb', 'a\0b']
    const file = soundSafetensors(names.map(name => ({ name, ...bad })))
    const model = await open(folderOf({ 'model.safetensors': file }))
    const { tensors, notRunnable } = model
    expect(tensors.map(({ name }) => name).sort()).toEqual(names.toSorted())
    expect(valueCheckOf(await analysed(workbench, model, 'value-check'))).toEqual({
      tensors: 5,
      values: 20,
      notFinite: names.map(name => ({ name, nan: 1, infinite: 2 }))
    })
    expect(notRunnable).toBeTypeOf('string')
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  const textual = Buffer.from(`cos\nsystem\n(S"${command}"\ntR.`)
  const binary = whole(string('os'), string('system'), 0x93, string(command), 0x85, 'R')
  it.each([
    ['model.safetensors', textual, 'header length 8391184065724903267 exceeds the 100 MB limit'],
    ['m.pth', textual, 'the pickle names os.system, which is not allowed in weights'],
    ['m.onnx', textual, 'is not an ONNX model, or is damaged: no field begins at byte 0'],
    ['m.bin', binary, 'the pickle names os.system, which is not allowed in weights']
  ])('that are a pickle named %s are refused, and nothing runs', async (name, content, cause) => {
    const folder = folderOf({ [name]: content })
    const code = cause.startsWith('the pickle') ? 'unsupported' : 'file-invalid'
    for (const path of [folder, join(folder, name)])
      expect(await outcome(open(path))).toBe(`${code}: ${name}: ${cause}`)
    expect(commandRan()).toBe(false)
  })

  it.each([
    ['is cut off', weights.subarray(0, weights.length - 1), /^It is damaged, or not what its name/],
    ['leads elsewhere', null, /^Put a copy of what it leads to/],
    [
      'is a pointer',
      'version https://git-lfs.github.com/spec/v1\noid sha256:a\nsize 9\n',
      /git lfs/
    ]
  ])(
    'of which one %s are refused with the next step, by itself and as a shard',
    async (_, content, step) => {
      const index = JSON.stringify({ weight_map: { w: 'model-1.safetensors' } })
      for (const [name, files] of [
        ['model.safetensors', {}],
        ['model-1.safetensors', { 'model.safetensors.index.json': index }]
      ] as const) {
        const folder = folderOf(content === null ? files : { ...files, [name]: content })
        if (content === null) symlinkSync('/etc/hostname', join(folder, name))
        await expect(open(folder)).rejects.toMatchObject({
          hint: expect.stringMatching(step) as string
        })
      }
    }
  )

  it('cut off after it was opened are told when they are asked for', async () => {
    const folder = folderOf({ 'model.safetensors': weights })
    const model = await open(folder)
    truncateSync(join(folder, 'model.safetensors'), 10)
    expect(await outcome(open(folder))).toMatch(/^file-invalid: model\.safetensors: header length/)
    // What was opened stays listed.
    expect(model.tensors).toHaveLength(1)
  })
})
