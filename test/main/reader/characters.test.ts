import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { charactersIn } from '../../../src/main/checkpoint/characters.ts'
import { PickleBytes } from '../../../src/main/checkpoint/pickle-bytes.ts'
import { readPickle } from '../../../src/main/checkpoint/pickle.ts'
import { torchPolicy } from '../../../src/main/checkpoint/torch-names.ts'
import { openFolder } from '../../../src/main/files/folder.ts'
import { createTokenizers } from '../../../src/main/reader/tokenizers.ts'

/** Pickles of protocol 0, which is text: dicts by their keys and values, in turn. */
const dict = (...items: readonly string[]) =>
  `(d${items.map((item, i) => (i % 2 === 1 ? `${item}s` : item)).join('')}`
const text = (value: string) => `V${value}\n`
const number = (value: number) => `I${value}\n`
const list = (...items: readonly string[]) => `(l${items.map(item => `${item}a`).join('')}`
const itos = dict(number(0), text('a'), number(1), text('b'))

const charactersOf = async (pickle: string) =>
  charactersIn(await readPickle(new PickleBytes(Buffer.from(`${pickle}.`), 'x.pkl'), torchPolicy))

describe('what ids stand for, in a pickle', () => {
  it.each([
    ['itos', dict(text('itos'), itos)],
    ['stoi', dict(text('stoi'), dict(text('b'), number(1), text('a'), number(0)))],
    ['chars as a list', dict(text('chars'), list(text('a'), text('b')))],
    ['chars as a text', dict(text('chars'), text('ab'))],
    ['vocab', dict(text('vocab'), dict(text('a'), number(0), text('b'), number(1)))],
    ['a part of a checkpoint', dict(text('meta'), dict(text('itos'), itos))]
  ])('is read from %s', async (_, pickle) => {
    expect(await charactersOf(pickle)).toEqual(['a', 'b'])
  })

  it.each([
    ['nothing of it', dict(text('vocab_size'), number(2))],
    ['ids with a gap', dict(text('stoi'), dict(text('a'), number(0), text('b'), number(2)))],
    ['an id twice', dict(text('stoi'), dict(text('a'), number(0), text('b'), number(0)))],
    ['an id far away', dict(text('stoi'), dict(text('a'), number(1_000_000)))]
  ])('is not known of %s', async (_, pickle) => {
    expect(await charactersOf(pickle)).toBeNull()
  })
})

describe('meta.pkl', () => {
  const open = async (pickle: string) => {
    const path = mkdtempSync(join(tmpdir(), 'lamella-meta-'))
    onTestFinished(() => rmSync(path, { recursive: true }))
    writeFileSync(join(path, 'meta.pkl'), pickle)
    return createTokenizers().of({ folder: await openFolder(path), config: {}, characters: null })
  }

  it('says what the characters are', async () => {
    const tokenizer = await open(`${dict(text('itos'), itos)}.`)
    expect(tokenizer).toMatchObject({ kind: 'characters', vocabularySize: 2 })
    expect((await tokenizer!.encode('ba')).map(({ id }) => id)).toEqual([1, 0])
  })

  it('that would run something is refused', async () => {
    await expect(open("cos\nsystem\n(S'true'\ntR.")).rejects.toMatchObject({
      code: 'unsupported',
      message: expect.stringMatching(/^meta\.pkl: the pickle names os\.system/) as string
    })
  })
})
