import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import { openedFiles } from '../../bad/opened-files.ts'
import { unpackedTokenizer } from '../../golden/tokenizers/unpack.ts'
import { folderOf, opened, spans, tokenizerIn } from './folder.ts'
import { sentencePieceBytes, unknown } from './sentencepiece-bytes.ts'
import { processorTime } from '../../time-taken.ts'

const openedPaths = openedFiles()
const words = { type: 'WordLevel', vocab: { a: 0, '<unk>': 1 }, unk_token: '<unk>' }

describe('patterns and texts that would take for ever', () => {
  const split = (Regex: string) => ({ type: 'Split', pattern: { Regex }, behavior: 'Isolated' })

  it.each([
    ['a pre-tokenizer', { pre_tokenizer: split('(a+)+$'), model: words }],
    [
      'a normalizer',
      {
        normalizer: { type: 'Replace', pattern: { Regex: '(a|aa)+$' }, content: '' },
        model: words
      }
    ]
  ])('end in %s', async (_, definition) => {
    const tokenizer = await opened({ 'tokenizer.json': definition })
    const text = `${'a'.repeat(60)}b`
    const taken = await processorTime(() =>
      expect(tokenizer!.encode(text)).rejects.toMatchObject({
        code: 'unsupported',
        message: 'tokenizer.json: splitting 61 characters into tokens was stopped after 1.5 s',
        hint: 'Its patterns or pieces take too long. Give token ids, or a shorter text.'
      })
    )
    // Where others have the processor it is begun again, each time with twice as long by the clock: the last time may have
    // all of that.
    expect(taken).toBeLessThan(20_000)
    expect((await tokenizer!.encode('c')).map(token => token.id)).toEqual([1])
  })

  it('end for a million spaces through the pattern of GPT-2', async () => {
    const folder = unpackedTokenizer('gpt2')
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const tokenizer = (await tokenizerIn(folder, ['vocab.json', 'merges.txt'], {}))!
    const result = await tokenizer.encode(' '.repeat(1_000_000)).then(
      tokens => tokens.length,
      (error: unknown) => (error as { code: string }).code
    )
    expect([1_000_000, 'unsupported']).toContain(result)
  })

  it.each([
    [[], 'leaves out the text'],
    [['A', 'A'], 'has the text more than once'],
    [['A', '[X]'], 'adds "[X]", which is not in the vocabulary']
  ])('of a template of %j are refused, truly', async (parts, what) => {
    const single = parts.map(id =>
      id === 'A' ? { Sequence: { id, type_id: 0 } } : { SpecialToken: { id, type_id: 0 } }
    )
    const special_tokens = { '[X]': { id: '[X]', ids: [7], tokens: ['[X]'] } }
    const post_processor = { type: 'TemplateProcessing', single, pair: [], special_tokens }
    await expect(opened({ 'tokenizer.json': { post_processor, model: words } })).rejects.toThrow(
      `tokenizer.json: post_processor ${what}`
    )
  })

  it('end when tokens are joined to text', async () => {
    const decoder = { type: 'Replace', pattern: { Regex: '(a+)+$' }, content: '' }
    const tokenizer = await opened({
      'tokenizer.json': { decoder, model: { ...words, vocab: { [`${'a'.repeat(60)}b`]: 0 } } }
    })
    expect(() => tokenizer!.decode([0])).toThrow(
      'tokenizer.json: joining 1 tokens was stopped after 1.5 s'
    )
  })

  it('end for a piece of 60,000 characters and as many ways to make it', async () => {
    const long = 'a'.repeat(60_000)
    const pieces = [...[1, 2, 3].map(length => 'a'.repeat(length)), long]
    const model = sentencePieceBytes({
      algorithm: 2,
      pieces: [['<unk>', 0, unknown], ...pieces.map((piece, at) => [piece, -at] as const)]
    })
    const taken = await processorTime(async () => {
      const tokenizer = await opened({ 'tokenizer.model': model })
      expect(await spans(tokenizer, 'aaa')).toContainEqual(['aaa', 'aaa'])
    })
    expect(taken).toBeLessThan(2000)
  })

  it('can be cancelled between words', async () => {
    const tokenizer = await opened({
      'tokenizer.json': { pre_tokenizer: { type: 'WhitespaceSplit' }, model: words }
    })
    const abort = new AbortController()
    const run = tokenizer!.encode('a '.repeat(200_000), { signal: abort.signal })
    abort.abort()
    await expect(run).rejects.toMatchObject({ code: 'cancelled' })
  })
})

describe('vocabularies', () => {
  it.each([
    ['a list', [], 'tokenizer.json: expected an object'],
    ['no model', {}, 'tokenizer.json: expected an object under "model"'],
    ['no vocabulary', { model: {} }, 'tokenizer.json: expected a vocabulary under "model.vocab"'],
    ['an empty vocabulary', { model: { vocab: {} } }, 'tokenizer.json: the vocabulary is empty'],
    [
      'a negative id',
      { model: { ...words, vocab: { a: -1 } } },
      'tokenizer.json: id of "a": expected a whole number below 2097152, got -1'
    ],
    [
      'an id far away',
      { model: { ...words, vocab: { a: 4294967295 } } },
      'tokenizer.json: id of "a": expected a whole number below 2097152, got 4294967295'
    ],
    [
      'a duplicate id',
      { model: { ...words, vocab: { a: 3, '\u202eb': 3 } } },
      'tokenizer.json: duplicate id 3: "a" and "\\u202eb"'
    ],
    [
      'an added token without an id',
      { model: words, added_tokens: [{ content: 'x' }] },
      'tokenizer.json: id of "x": expected a whole number below 2097152, got nothing'
    ],
    [
      'two added tokens of one id',
      {
        model: words,
        added_tokens: [
          { id: 5, content: 'x' },
          { id: 5, content: 'y' }
        ]
      },
      'tokenizer.json: duplicate id 5: "x" and "y"'
    ],
    [
      'a piece without a score',
      { model: { type: 'Unigram', vocab: [['a', 0], ['b']] } },
      'tokenizer.json: vocabulary entry 1: expected a piece and its score'
    ],
    [
      'an unknown step',
      { model: words, normalizer: { type: 'Run' } },
      'tokenizer.json: unknown normalizer Run'
    ],
    [
      'an unknown pre-tokenizer',
      { model: words, pre_tokenizer: { type: 'Run' } },
      'tokenizer.json: unknown pre-tokenizer Run'
    ],
    [
      'a merge of pieces that there are not',
      { model: { type: 'BPE', vocab: { a: 0 }, merges: ['a b'] } },
      'tokenizer.json: merge 0: "b" has no id'
    ],
    [
      'words that are split at random',
      { model: { type: 'BPE', vocab: { a: 0 }, merges: [], dropout: 0.1 } },
      'tokenizer.json: words are split at random (dropout 0.1)'
    ],
    [
      'rewriting rules cut short',
      { model: words, normalizer: { type: 'Precompiled', precompiled_charsmap: '/////w==' } },
      'tokenizer.json: the rewriting rules are cut short'
    ],
    [
      'an unknown token that is a number',
      { model: { ...words, unk_token: 2 ** 31 } },
      'tokenizer.json: expected a text under "model.unk_token", got 2147483648'
    ],
    [
      'an unknown id that is an object',
      { model: { type: 'Unigram', vocab: [['a', 0]], unk_id: {} } },
      'tokenizer.json: expected a whole number under "model.unk_id", got an object'
    ],
    [
      'an id that is a list 20,000 deep',
      `{"model":{"vocab":{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}}}`,
      'tokenizer.json: id of "a": expected a whole number below 2097152, got a list'
    ],
    [
      'a step that is none',
      { model: words, decoder: 'x' },
      'tokenizer.json: expected a step with a type under "decoder", got "x"'
    ]
  ])('with %s are refused', async (_, definition, message) => {
    await expect(opened({ 'tokenizer.json': definition })).rejects.toMatchObject({ message })
  })

  it.each([
    ['tokenizer.json', '{"model":', /^tokenizer\.json: not JSON/],
    ['tokenizer.json', Buffer.from([0x22, 0xff, 0x22]), 'tokenizer.json: not UTF-8'],
    ['tokenizer.json', `{"model":${'['.repeat(100_000)}`, /^tokenizer\.json: not JSON/],
    ['vocab.txt', 'a\n'.repeat(10_000_000), 'vocab.txt: more lines than the limit of 2097152'],
    [
      'itos.json',
      `[${'"a",'.repeat(9_999_999)}"b"]`,
      'itos.json: more values than the limit of 4194304 for a tokenizer'
    ]
  ])('in %s of bad content are refused', async (name, content, message) => {
    const before = process.memoryUsage().rss
    await expect(opened({ [name]: content })).rejects.toMatchObject({
      code: 'file-invalid',
      message: typeof message === 'string' ? message : (expect.stringMatching(message) as string)
    })
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 2 ** 20)
  })

  it('of 10 million entries are refused by their size', async () => {
    const folder = folderOf({ 'tokenizer.json': '' })
    truncateSync(join(folder, 'tokenizer.json'), 160_000_000)
    await expect(tokenizerIn(folder, ['tokenizer.json'], {})).rejects.toMatchObject({
      message: 'tokenizer.json: 160000000 bytes exceed the limit of 67108864 for a tokenizer'
    })
  })

  it('with names of built-in properties change no prototype', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']
    const vocab = `{${names.map((name, id) => `"${name}":${id}`).join()},"<unk>":9}`
    const json = `{"__proto__":{"polluted":1},"pre_tokenizer":{"type":"WhitespaceSplit"},
      "model":{"type":"WordLevel","vocab":${vocab},"unk_token":"<unk>"}}`
    const tokenizer = await opened({ 'tokenizer.json': json })
    const tokens = await tokenizer!.encode('__proto__ constructor toString hasOwnProperty valueOf')
    expect(tokens.map(token => token.id)).toEqual([0, 1, 2, 3, 9])
    const lines = await opened({ 'vocab.txt': `[UNK]\n${names.join('\n')}\n_\nproto` })
    expect((await spans(lines, 'constructor valueOf')).map(([piece]) => piece)).toEqual([
      'constructor',
      '[UNK]'
    ])
    const pairs = await opened({ 'vocab.json': `{"__proto__":0,"a":1}`, 'merges.txt': '' })
    expect(pairs!.describe([0, 1]).map(token => token.piece)).toEqual(['__proto__', 'a'])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(Object.keys(Object.prototype)).toEqual([])
  })

  it('keep markup, controls and direction marks as plain text', async () => {
    const names = ['<img src=x onerror=alert(1)>', '\u202etxt.exe', 'a\0b']
    const vocab = Object.fromEntries(names.map((name, id) => [name, id]))
    const tokenizer = await opened({ 'tokenizer.json': { model: { type: 'WordLevel', vocab } } })
    expect(tokenizer!.describe([0, 1, 2]).map(token => token.text)).toEqual(names)
  })
})

describe('damaged files', () => {
  const model = sentencePieceBytes({
    algorithm: 1,
    pieces: [
      ['<unk>', 0, unknown],
      ['▁', -1],
      ['a', -2]
    ]
  })
  const json = new TextEncoder().encode(
    JSON.stringify({
      added_tokens: [{ id: 3, content: '<s>', special: true }],
      normalizer: { type: 'Sequence', normalizers: [{ type: 'NFKC' }, { type: 'Lowercase' }] },
      pre_tokenizer: { type: 'Metaspace', replacement: '▁' },
      model: { type: 'BPE', vocab: { '▁': 0, a: 1, '▁a': 2 }, merges: ['▁ a'], unk_token: null },
      decoder: { type: 'Metaspace', replacement: '▁' }
    })
  )

  it.each([
    ['tokenizer.model', model],
    ['tokenizer.json', json]
  ])('named %s open or are refused, and nothing else', async (name, bytes) => {
    const folder = folderOf({ [name]: bytes })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 4 }),
        fc.nat(bytes.length),
        async (changes, length) => {
          const damaged = Uint8Array.from(bytes)
          for (const [at, value] of changes) damaged[at] = value
          writeFileSync(join(folder, name), damaged.slice(0, length < 20 ? length : undefined))
          const opening = tokenizerIn(folder, [name], {}).then(t => t!.encode('a A a<s>é👍'))
          await opening.catch((error: unknown) => expect(error).toBeInstanceOf(LamellaError))
        }
      ),
      { numRuns: 300, seed: 7 }
    )
  })
})

describe('files beside a tokenizer', () => {
  it('have chat templates that are not looked at', async () => {
    const chat_template =
      '{% for x in range(10 ** 12) %}{{ cycler.__init__.__globals__ }}{% endfor %}'
    const tokenizer = await opened({
      'vocab.txt': '[UNK]\na',
      'tokenizer_config.json': { chat_template },
      'chat_template.jinja': chat_template
    })
    expect(await spans(tokenizer, 'a')).toEqual([['a', 'a']])
  })

  it('are not opened where a link leads out of the folder', async () => {
    const outside = folderOf({ 'secret.json': { a: 0 } })
    const folder = folderOf({})
    symlinkSync(join(outside, 'secret.json'), join(folder, 'vocab.json'))
    await expect(tokenizerIn(folder, ['vocab.json'], {})).rejects.toMatchObject({
      code: 'file-invalid',
      message: 'vocab.json: leads outside the model folder, and is not opened'
    })
    const secret = realpathSync(join(outside, 'secret.json'))
    expect(openedPaths()).not.toContain(secret)
    readFileSync(secret)
    expect(openedPaths()).toContain(secret)
  })

  it("are opened through the links of the Hugging Face cache's own", async () => {
    const folder = cachedFolder('models--who--what')
    symlinkSync('../../blobs/123', join(folder, 'vocab.json'))
    expect(await tokenizerIn(folder, ['vocab.json'], {})).toMatchObject({ kind: 'characters' })
    symlinkSync('../../refs', join(folder, 'vocab.txt'))
    await expect(tokenizerIn(folder, ['vocab.txt'], {})).rejects.toMatchObject({
      message: 'vocab.txt: leads outside the model folder, and is not opened'
    })
  })

  it('are not opened from folders that only look like the cache', async () => {
    const folder = cachedFolder('what')
    symlinkSync('../../blobs/123', join(folder, 'vocab.json'))
    await expect(tokenizerIn(folder, ['vocab.json'], {})).rejects.toMatchObject({
      message: 'vocab.json: leads outside the model folder, and is not opened'
    })
  })

  it.skipIf(process.platform === 'win32')('are not waited for when they are pipes', async () => {
    const folder = folderOf({})
    execFileSync('mkfifo', [join(folder, 'vocab.json')])
    await expect(tokenizerIn(folder, ['vocab.json'], {})).rejects.toMatchObject({
      message: 'vocab.json: is a named pipe, not a file'
    })
  })

  it('are named when they are gone', async () => {
    await expect(tokenizerIn(folderOf({}), ['vocab.txt'], {})).rejects.toMatchObject({
      code: 'not-found',
      message: 'vocab.txt: does not exist'
    })
  })
})

/** A snapshot of a model as the Hugging Face cache lays it out, with the blob `123`, a character vocabulary. */
function cachedFolder(model: string): string {
  const root = mkdtempSync(join(tmpdir(), 'lamella-tokenizer-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  const snapshot = join(root, model, 'snapshots', 'abc')
  mkdirSync(snapshot, { recursive: true })
  mkdirSync(join(root, model, 'blobs'))
  mkdirSync(join(root, model, 'refs'))
  writeFileSync(join(root, model, 'blobs', '123'), '{"a":0}')
  return snapshot
}
