import {
  addedToken,
  checkIds,
  checkSize,
  invalid,
  record,
  type TokenizerDefinition
} from './definition.ts'
import { LamellaError } from '#common/model/errors.ts'

const unknownPieces = ['<unk>', '<UNK>', '[UNK]', '<|unk|>', '\ufffd']
const bracketed = /^(<.+>|\[.+\])$/s
const roleNames = /^(pad|unk|bos|eos|sos|mask|cls|sep)$/i

/**
 * A tokenizer of one token a character, from a table of characters and ids: `{ "a": 0 }`, `["a"]`,
 * `{ "0": "a" }`, or either of those under `stoi` or `itos`.
 * @returns null when a file of a general name, meta.json, holds no such table
 * @throws LamellaError when vocab.json, stoi.json or itos.json holds none
 */
export function characterDefinition(json: unknown, file: string): TokenizerDefinition | null {
  const entries = tableOf(json, file)
  if (!entries)
    return file === 'meta.json' ? null : invalid(file, 'expected a table of characters and ids')
  checkSize(entries.length, file)
  checkIds(entries, file)
  const ids = new Map(entries as [string, number][])
  const long = [...ids].filter(([piece]) => [...piece].length !== 1)
  const words = long.filter(([piece]) => !bracketed.test(piece) && !roleNames.test(piece))
  if (words.length > 0) {
    const which = `${words.length} of ${ids.size} entries are not one character, such as `
    throw new LamellaError(
      'unsupported',
      `${file}: ${which}${JSON.stringify(words[0]![0])}, and there is no merges.txt beside it`,
      'Token ids can be typed by hand'
    )
  }
  return {
    model: {
      type: 'WordLevel',
      vocab: Object.fromEntries(ids),
      unk_token: unknownPieces.find(piece => ids.has(piece)) ?? null
    },
    added_tokens: long
      .filter(([piece]) => bracketed.test(piece))
      .map(([piece, id]) => addedToken(id, piece, { special: true })),
    hidden: long
      .filter(([piece]) => !bracketed.test(piece))
      .map(([piece, id]) => ({ id, piece, special: true })),
    normalizer: null,
    pre_tokenizer: { type: 'Split', pattern: { Regex: '[\\s\\S]' }, behavior: 'Isolated' },
    post_processor: null,
    decoder: { type: 'Fuse' }
  }
}

function tableOf(json: unknown, file: string): [string, unknown][] | null {
  if (Array.isArray(json)) return pieceList(json as unknown[])
  const root = record(json)
  if (!root) return null
  if (record(root['stoi'])) return Object.entries(record(root['stoi'])!)
  if ('itos' in root) return tableOf(root['itos'], 'itos.json')
  if (file === 'meta.json') return null
  const entries = Object.entries(root)
  if (entries.length > 0 && entries.every(([, value]) => typeof value === 'string'))
    return entries.map(([id, piece]) => [piece as string, /^\d+$/.test(id) ? Number(id) : id])
  return entries
}

function pieceList(list: readonly unknown[]): [string, unknown][] | null {
  return list.every(piece => typeof piece === 'string')
    ? list.map((piece, id) => [piece, id])
    : null
}
