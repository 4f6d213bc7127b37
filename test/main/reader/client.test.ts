import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VocabularyQuery } from '#common/model/vocabulary.ts'
import type { KnownFile } from '../../../src/main/files/known-file.ts'
import { forkProcess, type HostedProcess } from '../../../src/main/process/host.ts'
import { createReaders, type Reader } from '../../../src/main/reader/client.ts'
import type { ReaderCalls } from '../../../src/main/reader/protocol.ts'
import { outcome } from '../checkpoint/temporary.ts'
import { built } from '../../built.ts'

const own = mkdtempSync(join(tmpdir(), 'lamella-reader-'))
const folder = { path: '/models/my model', roots: [] }
const from = { folder, config: {}, characters: null }
afterAll(() => rmSync(own, { recursive: true }))

describe('a reader that dies before it reads a file', () => {
  let reader: Reader
  beforeAll(() => {
    const dying = join(own, 'dying.mjs')
    writeFileSync(dying, 'process.exit(3)')
    reader = createReaders(forkProcess(dying)).start()
  })
  afterAll(() => reader.close())

  const cases: { [C in keyof ReaderCalls]: readonly [ReaderCalls[C]['argument'], string] } = {
    read: [{ path: folder.path, descriptions: null, base: null }, 'my model'],
    lamellaFile: [{ folder }, 'my model'],
    tokenizer: [from, 'The tokenizer of my model'],
    encode: [{ from, text: 'x', specials: true }, 'The tokenizer of my model'],
    describe: [{ from: { ...from, folder: null }, ids: [] }, 'The list of characters'],
    explain: [{ from, text: 'x' }, 'The tokenizer of my model'],
    decode: [{ from, ids: [] }, 'The tokenizer of my model'],
    chat: [{ folder, request: { turns: [], template: null, generationPrompt: false } }, 'my model'],
    vocabulary: [
      { from, query: VocabularyQuery.parse({}), rows: null },
      'The tokenizer of my model'
    ],
    mask: [{ from }, 'The tokenizer of my model'],
    infer: [
      { tensors: new Map(), answers: {}, vocabulary: null, fields: {} },
      'The table of tensors'
    ],
    onnxPart: [
      { file: { label: 'model.onnx' } as KnownFile, config: {}, part: 'body' },
      'model.onnx'
    ]
  }
  it.each(Object.keys(cases) as (keyof ReaderCalls)[])(
    'is told of by what %s is of',
    async call => {
      const [argument, subject] = cases[call]
      expect(await outcome(reader.ask(call, argument))).toBe(
        `file-invalid: ${subject} ended the process that read it (exit code 3)`
      )
    }
  )
})

it('a reader that died before it was needed is not the one that is asked', async () => {
  const host = forkProcess(built.readerEntry)
  let started: HostedProcess | undefined
  const readers = createReaders({ spawn: argument => (started = host.spawn(argument)) })
  readers.prepare()
  const gone = new Promise(resolve => started!.onExit(resolve))
  started!.kill()
  await gone
  const reader = readers.start()
  const place = { path: join(own, 'nowhere'), descriptions: null, base: null }
  expect(await outcome(reader.ask('read', place))).toBe(`not-found: ${place.path}: does not exist`)
  reader.close()
  readers.close()
})
