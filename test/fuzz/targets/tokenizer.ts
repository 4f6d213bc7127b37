import { readdirSync } from 'node:fs'
import { openTokenizer } from '../../../src/main/tokenizer/tokenizer.ts'
import { openFolder } from '../../../src/main/files/folder.ts'
import { sentencePieceBytes } from '../../main/tokenizer/sentencepiece-bytes.ts'
import type { Target } from '../case.ts'
import { edgeNumbers, edgeTexts, mutated } from '../mutate.ts'
import { edgeValue, mutatedJson } from '../mutate-json.ts'
import { waysOut } from '../outside.ts'
import type { Random } from '../random.ts'
import { tokenizerJson } from './tokenizer-json.ts'

/** Every kind of tokenizer file, and texts for them. */
export const tokenizer: Target = {
  make(random) {
    const files = {
      ...random.pick(kinds)(random),
      ...(random.oneIn(4) && companions(random))
    }
    const links: Record<string, string> = {}
    if (random.oneIn(20)) {
      const name = random.pick(['tokenizer.json', 'vocab.json', 'vocab.txt', 'spiece.model'])
      delete files[name]
      links[name] = random.pick([...waysOut, ...Object.keys(files)])
    }
    return { files, links, open: '', input: text(random) }
  },
  async read(folder, made) {
    const model_type = /^[a-z]/.exec(made.input ?? '') ? 'albert' : 'llama'
    const found = await openTokenizer(await openFolder(folder), readdirSync(folder), { model_type })
    if (found === null) return
    const input = made.input ?? ''
    const tokens = await found.encode(input)
    let last = 0
    for (const { id, start, end, text } of tokens) {
      if (!(Number.isInteger(id) && id >= 0)) throw new Error(`id ${id}`)
      if (typeof text !== 'string') throw new Error(`the text of ${id} is a ${typeof text}`)
      if (!(start >= 0 && start <= end && end <= input.length))
        throw new Error(`token from ${start} to ${end} in ${input.length} characters`)
      if (start < last) throw new Error(`token at ${start} after one at ${last}`)
      last = start
    }
    const ids = tokens.map(token => token.id)
    if (typeof found.decode([...ids, -1, 0.5, 2 ** 40]) !== 'string') throw new Error('no text')
    found.describe([...ids.slice(0, 9), ...edgeNumbers])
  }
}

type Files = Record<string, string | Uint8Array>

const kinds: readonly ((random: Random) => Files)[] = [
  random => ({ 'tokenizer.json': maybeWrong(random, tokenizerJson(random)) }),
  random => ({ 'tokenizer.json': maybeWrong(random, tokenizerJson(random)) }),
  random => ({ [random.pick(['tokenizer.model', 'spiece.model'])]: sentencePiece(random) }),
  random => ({
    'vocab.json': maybeWrong(random, JSON.stringify(table(random, pieces))),
    'merges.txt':
      random.several(0, 8, () => random.pick(mergeLines)).join('\n') +
      (random.oneIn(12) ? '\na' : '')
  }),
  random => ({
    'vocab.txt': random.several(0, 12, () => random.pick([...pieces, ...edgeTexts])).join('\n')
  }),
  random => ({
    [random.pick(['vocab.json', 'stoi.json', 'itos.json', 'meta.json'])]: maybeWrong(
      random,
      JSON.stringify(characters(random))
    )
  })
]

function maybeWrong(random: Random, json: string): string | Uint8Array {
  if (!random.oneIn(3)) return json
  return random.oneIn(4) ? mutated(random, Buffer.from(json)) : mutatedJson(random, json)
}

const pieces = [
  ...['a', 'b', 'ab', 'Ġ', 'Ġa', '▁', '▁a', '##b', 'b</w>', '<s>', '</s>', '<unk>', '[UNK]'],
  ...['[CLS]', '[SEP]', '<0x41>', 'é', 'ש', '漢', '👍', 'Ċ', '<|endoftext|>', '__proto__']
]
const mergeLines = [
  '#version: 0.2',
  'a b',
  'Ġ a',
  '▁ a',
  'a',
  'a b c',
  '',
  '  ',
  'é é',
  '__proto__ a'
]

function table(random: Random, from: readonly string[]): Record<string, number> {
  const chosen = random.several(0, 20, () => random.pick(from))
  return Object.fromEntries(chosen.map((piece, id) => [piece, id]))
}

function characters(random: Random): unknown {
  const ids = table(random, ['a', 'b', ' ', '\n', 'é', '👍', 'pad', '<unk>', '\0', '\u0301'])
  const list = Object.keys(ids)
  return random.pick<unknown>([
    ids,
    list,
    Object.fromEntries(list.map((piece, id) => [id, piece])),
    { stoi: ids },
    { itos: list },
    { itos: { itos: { itos: list } } }
  ])
}

function sentencePiece(random: Random): Uint8Array {
  const chosen = random.several(0, 20, () => random.pick([...pieces, ...edgeTexts]).toWellFormed())
  // A long piece can be made of two in as many ways as it has characters.
  if (random.oneIn(60)) chosen.push('a'.repeat(random.pick([1000, 30_000])))
  const bytes = sentencePieceBytes({
    algorithm: random.oneIn(6) ? random.below(7) : 1 + random.below(2),
    pieces: ['<unk>', ...chosen].map((piece, at) => [
      piece,
      random.oneIn(8) ? random.pick([NaN, Infinity, -Infinity, 1e38]) : -random.below(9),
      at === 0 ? 2 : random.oneIn(4) ? random.below(9) : 1
    ]),
    byteFallback: random.oneIn(2),
    addsPrefix: random.oneIn(2),
    removesExtraSpaces: random.oneIn(2),
    ...(random.oneIn(4) && { charsmap: random.bytes(random.below(40)) })
  })
  return random.oneIn(3) ? mutated(random, bytes) : bytes
}

function companions(random: Random): Files {
  const role = () =>
    random.pick<unknown>([random.pick(pieces), { content: random.pick(edgeTexts) }])
  const settings = {
    bos_token: role(),
    eos_token: role(),
    cls_token: role(),
    unk_token: role(),
    additional_special_tokens: random.several(0, 3, role),
    tokenizer_class: random.pick(['LlamaTokenizer', 'GPT2Tokenizer', 'X']),
    add_bos_token: random.oneIn(2),
    add_eos_token: random.oneIn(2),
    add_prefix_space: random.oneIn(2),
    chat_template: '{{ 1 }}',
    added_tokens_decoder: { [random.pick(edgeNumbers)]: role(), 5: role() }
  }
  const files: Files = {
    'tokenizer_config.json': maybeWrong(random, JSON.stringify(settings)),
    'special_tokens_map.json': random.oneIn(4) ? edgeValue(random) : '{}'
  }
  if (random.oneIn(2)) files['added_tokens.json'] = maybeWrong(random, '{"<x>":90,"<y>":91}')
  return files
}

function text(random: Random): string {
  const parts = random.several(0, 12, () =>
    random.pick([...edgeTexts, ...pieces, 'The dog ', '  '])
  )
  const joined = random.oneIn(2) ? 'ab a'.repeat(random.below(5)) : parts.join('')
  return random.oneIn(30) ? joined.repeat(random.pick([50, 2000])) : joined
}
