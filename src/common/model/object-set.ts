import { z } from 'zod'
import { counted } from '../text/number-text.ts'

/** What several can be selected of: a text's tokens, those of the vocabulary, positions, and parts of a model. */
const setKinds = ['token', 'entry', 'position', 'head', 'neuron'] as const
export type SetKind = (typeof setKinds)[number]

/** Objects of one kind, which are selected together. */
export const ObjectSet = z.object({
  kind: z.enum(setKinds),
  /** Positions of tokens, ids of entries of the vocabulary; heads and neurons by layer and number, as `2.1`. */
  ids: z.array(z.string().regex(/^\d{1,9}(\.\d{1,9})?$/)).min(1)
})
export type ObjectSet = z.infer<typeof ObjectSet>

/** @returns each once; null of none */
export function objectSet(kind: SetKind, ids: Iterable<string | number>): ObjectSet | null {
  const each = [...new Set(Array.from(ids, String))]
  return each.length === 0 ? null : { kind, ids: each }
}

/** The id of a head or a neuron. */
export function partId(layer: number, number: number): string {
  return `${layer}.${number}`
}

const nouns: Readonly<Record<SetKind, readonly [one: string, several: string]>> = {
  token: ['token', 'tokens'],
  entry: ['token of the vocabulary', 'tokens of the vocabulary'],
  position: ['position', 'positions'],
  head: ['head', 'heads'],
  neuron: ['neuron', 'neurons']
}

/** How many are selected together, such as `12 heads`. */
export function objectSetText({ kind, ids }: ObjectSet): string {
  return counted(ids.length, ...nouns[kind])
}
