import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { cancelWork } from '#common/model/cancel.ts'
import type { HostedProcess } from '../../../src/main/process/host.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { groups, alternatives, tokenizerSplitAt } from '../../bad/tokenizer.ts'
import { safetensorsFile, soundSafetensors } from '../../bad/safetensors.ts'
import { shakespeare, startWorkbench, uncancelled } from '../../golden/workbench.ts'
import { outcome } from '../checkpoint/temporary.ts'

const readers: HostedProcess[] = []
/** What is done to a reader as soon as it is started. */
let onReader: (reader: HostedProcess) => void
let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench({}, undefined, undefined, {
    limits: {
      memory: 400 * 2 ** 20,
      time: 30_000,
      tokenizerTime: 30_000,
      chatTime: 1_000,
      // What ends a template here is the processor's time, however little of it there is.
      chatClock: 600_000
    },
    onSpawn(reader) {
      readers.push(reader)
      onReader(reader)
    }
  })
})
afterAll(() => workbench.close())
beforeEach(() => {
  readers.splice(0)
  onReader = () => undefined
})

const weights = soundSafetensors([
  { name: 'a', dtype: 'U8', shape: [1], data: new Uint8Array([7]) }
])

function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lamella-reader-')))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}

const open = (path: string, signal?: AbortSignal) =>
  workbench.handlers['models.open']({ path }, uncancelled(signal))
const tokenize = (modelId: string, text: string) =>
  workbench.handlers['text.tokenize']({ modelId, text }, uncancelled())
const close = (modelId: string) => workbench.handlers['models.close']({ modelId }, uncancelled())

function isAlive({ pid }: HostedProcess): boolean {
  try {
    process.kill(pid!, 0)
    return true
  } catch {
    return false
  }
}

describe('a tokenizer.json', () => {
  it.each([
    [
      'of groups nested 10,000 deep',
      groups(10_000),
      /tokenizer\.json: the pattern ".*" has groups 200 deep, which is not read$/
    ],
    [
      'of a million alternatives',
      alternatives(1_000_000),
      /tokenizer\.json(?: takes more than 400 MB of memory to read|: reading it was stopped after 3\.5 s)$/
    ]
  ])('%s leaves its model open, and others answered meanwhile', async (_, pattern, message) => {
    const files = { 'model.safetensors': weights, 'tokenizer.json': tokenizerSplitAt(pattern) }
    const other = await open(shakespeare)
    const folder = folderOf(files)
    const opening = open(folder)
    // A pattern is compiled when it is first used, sometimes not before a text is split.
    const told = opening.then(async ({ id, notTokenizable }) =>
      notTokenizable === null ? outcome(tokenize(id, 'ab')) : notTokenizable
    )
    let isOpen = false
    void told.finally(() => (isOpen = true))
    let answered = 0
    while (!isOpen) if ((await tokenize(other.id, 'to be')).length === 5) answered++
    expect(answered).toBeGreaterThan(10)
    await close(other.id)
    expect(await told).toMatch(message)
    const { id, parametersStored } = await opening
    expect(parametersStored).toBe(1)
    await close(id)
  })
})

describe('a chat template', () => {
  it.each([
    [
      'without an end',
      '{% for i in range(1000000000) %}{% for j in range(1000000000) %}{% endfor %}{% endfor %}',
      /^file-invalid: chat_template\.jinja takes (longer than 1 s|more than 400 MB of memory) to render$/
    ],
    [
      'that makes text by the gigabyte',
      '{% set n = namespace(l=[]) %}{% for i in range(60) %}{% set n.l = n.l + n.l + [i] %}{% endfor %}',
      /^file-invalid: chat_template\.jinja takes (longer than 1 s|more than 400 MB of memory) to render$/
    ],
    ['of another file', '{% include "/etc/passwd" %}', /: Unknown statement type: include$/],
    ['that asks for code', '{{ "".constructor.constructor("return process")() }}', /Cannot call/]
  ])('%s is refused by its name, and texts are read after it', async (_, template, message) => {
    const folder = folderOf({ 'chat_template.jinja': template })
    cpSync(shakespeare, folder, { recursive: true })
    const { id } = await open(folder)
    const request = {
      turns: [{ role: 'user', content: 'to be' }],
      ...{ template: null, generationPrompt: false }
    }
    const chat = workbench.handlers['text.chat']({ modelId: id, request }, uncancelled())
    expect(await outcome(chat)).toMatch(message)
    expect(await tokenize(id, 'to be')).toHaveLength(5)
    await close(id)
  })
})

describe('a reader', () => {
  it('that is killed at any time takes nothing with it', async () => {
    const { id } = await open(shakespeare)
    const text = 'To be, or not to be. '.repeat(2000)
    const expected = await tokenize(id, text)
    for (const after of [0, 1, 5, 20, 50]) {
      const asked = tokenize(id, text)
      await new Promise(resolve => setTimeout(resolve, after))
      readers.at(-1)!.kill()
      expect(await asked).toEqual(expected)
      // Killed after its answer, it is replaced before the next is killed: two deaths of one call are no chance.
      await tokenize(id, 'to be')
    }
    // Also while nobody asks, and while it starts.
    readers.at(-1)!.kill()
    const asked = tokenize(id, 'to be')
    expect((await asked).map(({ text }) => text).join('')).toBe('to be')
    await close(id)
  })

  it('that dies while it opens a model opens it all the same', async () => {
    onReader = reader => {
      if (readers.length === 1) reader.kill()
    }
    const model = await open(shakespeare)
    expect([model.tokenizer, readers.length]).toEqual(['WordLevel', 2])
    await close(model.id)
  })

  it('that always dies is given up, and named is what it read', async () => {
    onReader = reader => reader.kill()
    const told = await outcome(open(folderOf({ 'model.safetensors': weights })))
    expect(told).toMatch(/^file-invalid: .* ended the process that read it \(signal SIGKILL\)$/)
    expect(readers).toHaveLength(2)
  })

  it('ends with its model, and with an opening that is cancelled or abandoned', async () => {
    const { id } = await open(shakespeare)
    const again = await open(shakespeare)
    expect(again.id).toBe(id)
    await expect.poll(() => readers.map(isAlive)).toEqual([true, false])
    await close(id)
    await expect.poll(() => readers.map(isAlive)).toEqual([false, false])
    const pattern = tokenizerSplitAt(alternatives(200_000))
    const folder = folderOf({ 'model.safetensors': weights, 'tokenizer.json': pattern })
    for (const giveUp of [cancelWork, (controller: AbortController) => controller.abort()]) {
      const controller = new AbortController()
      const opening = outcome(open(folder, controller.signal))
      giveUp(controller)
      expect(await opening).toBe('cancelled: Cancelled')
      await expect.poll(() => isAlive(readers.at(-1)!)).toBe(false)
    }
  })

  it('that nobody asks ends where there are more of them, and is there again when it is asked', async () => {
    const folders = Array.from({ length: 7 }, () => folderOf({}))
    const opened: string[] = []
    for (const folder of folders) {
      cpSync(shakespeare, folder, { recursive: true })
      opened.push((await open(folder)).id)
    }
    const alive = () => readers.map(isAlive)
    await expect.poll(alive).toEqual([false, false, false, true, true, true, true])
    const expected = await tokenize(opened.at(-1)!, 'to be')
    for (const id of opened.slice(0, 2)) expect(await tokenize(id, 'to be')).toEqual(expected)
    // Those asked last are there: the last that was opened, and the first two.
    const nowAlive = [false, false, false, false, false, true, true, true, true]
    await expect.poll(alive).toEqual(nowAlive)
    const together = await Promise.all(opened.map(id => tokenize(id, 'to be')))
    expect(together).toEqual(opened.map(() => expected))
    await expect.poll(() => alive().filter(Boolean)).toHaveLength(4)
    for (const id of opened) await close(id)
    await expect.poll(() => alive().filter(Boolean)).toHaveLength(0)
  })

  it('does not make a tokenizer of other files than before', async () => {
    const folder = folderOf({})
    cpSync(shakespeare, folder, { recursive: true })
    const { id } = await open(folder)
    writeFileSync(join(folder, 'vocab.json'), '{"a":0}')
    expect(await tokenize(id, 'to be')).toHaveLength(5)
    readers.at(-1)!.kill()
    await expect
      .poll(() => outcome(tokenize(id, 'to be')))
      .toBe('file-invalid: The files of the tokenizer changed since the model was opened')
    await close(id)
  })

  it.each([
    ['words', (vocabulary: string) => `{"type":"WordLevel","vocab":{${vocabulary}}}`],
    ['pairs', (vocabulary: string) => `{"type":"BPE","vocab":{${vocabulary}},"merges":[]}`]
  ])('reads a vocabulary of two million %s', async (_, model) => {
    const patient = await startWorkbench()
    const vocabulary = Array.from({ length: 2e6 }, (_, id) => `"${id.toString(36)}":${id}`).join()
    const { id, notTokenizable } = await patient.handlers['models.open'](
      {
        path: folderOf({
          'model.safetensors': weights,
          'tokenizer.json': `{"model":${model(vocabulary)}}`
        })
      },
      uncancelled()
    )
    expect(notTokenizable).toBeNull()
    const tokens = await patient.handlers['text.tokenize'](
      { modelId: id, text: 'x' },
      uncancelled()
    )
    expect(tokens.map(({ id }) => id)).toEqual([33])
    await patient.close()
  })

  it('that takes too long is ended, and says so', async () => {
    const pattern = tokenizerSplitAt(alternatives(1_000_000))
    const impatient = await startWorkbench({}, undefined, undefined, {
      limits: {
        memory: 2 ** 32,
        time: 20_000,
        tokenizerTime: 500,
        chatTime: 1_000,
        chatClock: 5_000
      }
    })
    const { notTokenizable } = await impatient.handlers['models.open'](
      { path: folderOf({ 'model.safetensors': weights, 'tokenizer.json': pattern }) },
      uncancelled()
    )
    await impatient.close()
    expect(notTokenizable).toMatch(/^tokenizer\.json takes longer than 0\.5 s to read$/)
  })
})

describe('a model', () => {
  it('of 130,000 tensors opens', async () => {
    const header = Array.from(
      { length: 130_000 },
      (_, i) => `"t${i}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`
    )
    const folder = folderOf({ 'model.safetensors': safetensorsFile(`{${header.join(',')}}`) })
    // With the usual limits: listing them takes some 400 MB.
    const usual = await startWorkbench()
    const { tensors } = await usual.handlers['models.open']({ path: folder }, uncancelled())
    await usual.close()
    expect(tensors).toHaveLength(130_000)
  })

  it('has another id once its tokenizer is another, and reads texts by that', async () => {
    const files = (ids: string) => ({
      'model.safetensors': weights,
      'tokenizer.json': `{"model":{"type":"BPE","vocab":${ids},"merges":[]}}`
    })
    const folder = folderOf(files('{"a":0,"b":1}'))
    const first = await open(folder)
    expect((await tokenize(first.id, 'ab')).map(({ id }) => id)).toEqual([0, 1])
    writeFileSync(join(folder, 'tokenizer.json'), files('{"a":1,"b":0}')['tokenizer.json'])
    const second = await open(folder)
    expect((await tokenize(second.id, 'ab')).map(({ id }) => id)).toEqual([1, 0])
  })
})
