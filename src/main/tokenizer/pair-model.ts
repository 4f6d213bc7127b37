import { LamellaError } from '#common/model/errors.ts'
import type { Merge } from '#common/model/text-explanation.ts'
import { fallbackPieces } from './byte-level.ts'
import { shown, type Step } from './definition.ts'
import { characters, joinedPairs, type Joining, type Part } from './joined-pairs.ts'
import type { WordModel, WordPart } from './word-model.ts'

/** Words that are split again are looked up; of more than so many they are forgotten. */
const rememberedWords = 10_000
const longestRemembered = 256

/**
 * Byte pair encoding as tokenizer.json has it: characters become pieces, or bytes, or what stands for unknown ones, and then
 * neighbours are joined by the list of merges.
 * @throws LamellaError when a merge is of pieces that there are not, or words are split at random
 * @source Sennrich et al. 2016
 */
export function pairModel(model: Step, ids: ReadonlyMap<string, number>): WordModel {
  const { dropout = null, unk_token } = model
  if (dropout !== null && dropout !== 0)
    throw new LamellaError('unsupported', `words are split at random (dropout ${shown(dropout)})`)
  const prefix = textOf(model['continuing_subword_prefix'])
  const suffix = textOf(model['end_of_word_suffix'])
  const byBytes = model['byte_fallback'] === true
  const unknown = typeof unk_token === 'string' ? unk_token : null
  if (unknown !== null && unknown !== '' && !ids.has(unknown))
    throw new LamellaError('file-invalid', `the unknown token ${shown(unknown)} has no id`)
  const joining = joiningOf(model, ids, prefix)
  const ignoresMerges = model['ignore_merges'] === true
  const remembered = new Map<string, readonly WordPart[]>()

  /** What each character is, before any are joined. */
  const symbols = (word: string): Symbol[] => {
    const found: Symbol[] = []
    let pending: Symbol | null = null
    const all = characters(word)
    all.forEach(({ piece: character, from, to }, index) => {
      const isLast = index === all.length - 1
      const piece = (index > 0 ? prefix : '') + character + (isLast ? suffix : '')
      if (ids.has(piece)) {
        if (pending) found.push(pending)
        pending = null
        found.push({ piece, from, to })
        return
      }
      const bytes = byBytes ? fallbackPieces(piece) : []
      if (bytes.length > 0 && bytes.every(byte => ids.has(byte))) {
        for (const byte of bytes) found.push({ piece: byte, from, to })
      } else if (unknown !== null) {
        const goesOn: Symbol | null = model['fuse_unk'] === true ? pending : null
        if (pending && !goesOn) found.push(pending)
        pending = { piece: unknown, from: goesOn?.from ?? from, to, unknown: true }
      }
    })
    if (pending) found.push(pending)
    return found
  }
  const split = (word: string, merges?: Merge[]): readonly WordPart[] => {
    const whole = ignoresMerges ? ids.get(word) : undefined
    if (whole !== undefined) return [{ id: whole, from: 0, to: word.length }]
    return joinedPairs(symbols(word), joining, merges).map(part => ({
      id: ids.get(part.piece),
      from: part.from,
      to: part.to,
      ...((part as Symbol).unknown && { unknown: true })
    }))
  }
  return {
    split(word) {
      const known = remembered.get(word)
      if (known !== undefined) return known
      const parts = split(word)
      if (word.length <= longestRemembered) {
        if (remembered.size >= rememberedWords) remembered.clear()
        remembered.set(word, parts)
      }
      return parts
    },
    explain(word) {
      if (ignoresMerges && ids.has(word)) return { merges: null, path: null }
      const merges: Merge[] = []
      split(word, merges)
      return { merges, path: null }
    }
  }
}

interface Symbol extends Part {
  readonly unknown?: true
}

function joiningOf(model: Step, ids: ReadonlyMap<string, number>, prefix: string): Joining {
  const ranks = new Map<number, number>()
  const joined = (left: string, right: string) => left + right.slice(prefix.length)
  mergesOf(model).forEach(([left, right], rank) => {
    const missing = [left, right, joined(left, right)].find(piece => !ids.has(piece))
    if (missing !== undefined)
      throw new LamellaError('file-invalid', `merge ${rank}: ${shown(missing)} has no id`)
    ranks.set(pairOf(ids, left, right), rank)
  })
  return {
    rank: (left, right) => ranks.get(pairOf(ids, left, right)),
    joined
  }
}

/** One number for two pieces; ids are below 2²¹. */
function pairOf(ids: ReadonlyMap<string, number>, left: string, right: string): number {
  return (ids.get(left) ?? -1) * 2 ** 21 + (ids.get(right) ?? -1)
}

function mergesOf({ merges }: Step): (readonly [string, string])[] {
  if (!Array.isArray(merges)) throw new LamellaError('file-invalid', 'expected a list of merges')
  return (merges as unknown[])
    .filter(merge => typeof merge !== 'string' || !merge.startsWith('#version'))
    .map((merge, index) => {
      const pair: unknown = typeof merge === 'string' ? merge.split(' ') : merge
      const isPair =
        Array.isArray(pair) && pair.length === 2 && pair.every(piece => typeof piece === 'string')
      if (isPair) return pair as [string, string]
      throw new LamellaError(
        'file-invalid',
        `merge ${index}: expected two pieces, got ${shown(merge)}`
      )
    })
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
