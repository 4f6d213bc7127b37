import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import { parseDefinition } from '../../../src/main/tokenizer/definition.ts'
import { tokenizerOf } from '../../../src/main/tokenizer/encoder.ts'
import { onigurumaPattern } from '../../../src/main/tokenizer/oniguruma.ts'
import { matchesOf } from '../../../src/main/tokenizer/patterns.ts'

interface Case {
  readonly name: string
  readonly definition: unknown
  readonly texts: readonly {
    readonly text: string
    readonly ids: readonly number[]
    readonly decoded: string
  }[]
}

const definitions = JSON.parse(
  gunzipSync(readFileSync(join(import.meta.dirname, 'definitions.json.gz'))).toString()
) as readonly Case[]

describe('a tokenizer.json', () => {
  it.each(definitions)('of $name is read as the reference reads it', async entry => {
    const tokenizer = tokenizerOf(parseDefinition(entry.definition, 'tokenizer.json'), 'x')
    for (const { text, ids, decoded } of entry.texts) {
      const tokens = await tokenizer.encode(text)
      expect({ text, ids: tokens.map(({ id }) => id) }).toEqual({ text, ids })
      expect(tokenizer.decode(ids)).toBe(decoded)
    }
  })
})

interface Pattern {
  readonly pattern: string
  readonly text: string
  /** Null where the reference refuses the pattern. */
  readonly pieces: readonly string[] | null
}

const patterns = JSON.parse(
  readFileSync(join(import.meta.dirname, 'patterns.json'), 'utf8')
) as readonly Pattern[]

/** What is not said in this language; the reference reads it. */
const refused = [
  ...['\\X', '\\K', 'a\\Kb', '\\Ga', '(a)\\1', '(?<n>a)\\k<n>', '\\y', '(?i:ss)', '(?i:ß)'],
  ...['(?i:st)', '(?~ab)', '(?W:\\w)', '\\101', '\\C-a', '\\cA', '\\p{InBasicLatin}', 'a{3,1}']
]

describe('a pattern', () => {
  it.each(patterns)('$pattern splits $text as Oniguruma does, or is refused', entry => {
    const { pattern, text, pieces } = entry
    const split = () => {
      const found: string[] = []
      let done = 0
      for (const { from, to } of matchesOf(text, onigurumaPattern(pattern))) {
        found.push(text.slice(done, from), text.slice(from, to))
        done = to
      }
      return [...found, text.slice(done)].filter(piece => piece !== '')
    }
    if (pieces === null || refused.includes(pattern)) expect(split).toThrow(LamellaError)
    else expect(split()).toEqual(pieces)
  })
})
