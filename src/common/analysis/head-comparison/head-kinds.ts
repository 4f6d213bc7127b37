import { atlasScore } from '../head-atlas/atlas-scores.ts'
import { findingBounds, findingsOf } from '../head-atlas/findings.ts'
import type { AtlasHead } from '../head-atlas/head-atlas.ts'
import type { ReportedScore } from '../head-atlas/reported-heads.ts'
import { mayHaveFindings } from '../head-atlas/windows.ts'
import { depthOf, type ComparedModel } from './compared-model.ts'

/** Kinds of heads, in the order in which they are told; one that attends to a class of tokens is a `class` head. */
export const headKinds = [
  'previous_token',
  'self',
  'first_token',
  'duplicate_token',
  'induction',
  'class',
  'none'
] as const
export type HeadKind = (typeof headKinds)[number]

/**
 * What makes a head one of a kind. `found`: a finding says so, which held on windows that it was not found on. `above`: its
 * score alone is so much above its baseline, where there are too few windows for findings.
 */
export type KindRule = 'found' | 'above'

/** A head that is of a kind, with its score. */
export interface HeadOfKind {
  readonly layer: number
  readonly head: number
  readonly score: ReportedScore
}

/** The heads of one model that have a score far enough above its baseline. */
export interface KindOfModel {
  readonly heads: readonly HeadOfKind[]
  /** Of so many. */
  readonly of: number
  /** The one furthest above its baseline; null where there is none. */
  readonly strongest: HeadOfKind | null
  /** How deep they are on average, from 0 to 1; NaN where there is none. */
  readonly depth: number
}

/** By which rule both models can be told alike; null where one has no baseline. */
export function kindRule(sides: readonly ComparedModel[]): KindRule | null {
  if (sides.some(({ result }) => 'no_baseline' in result.attributes)) return null
  return sides.every(({ result }) => mayHaveFindings(result)) ? 'found' : 'above'
}

/** The scores that make kinds: shares of attention that have a baseline. */
export function kindScores({ atlas }: Pick<ComparedModel, 'atlas'>): string[] {
  return atlas.scores
    .filter(({ name, isMass }) => isMass && !name.startsWith('random_'))
    .map(({ name }) => name)
}

/** The heads of which a score holds. */
export function headsOfKind(side: ComparedModel, score: string, is: KindTest): KindOfModel {
  const heads = side.atlas.heads
    .filter(head => is(head, score))
    .map(({ layer, head, scores }) => ({ layer, head, score: scores[score]! }))
  const above = ({ score }: HeadOfKind) => score.value - score.baseline
  const [strongest = null] = heads.toSorted((a, b) => above(b) - above(a))
  const depths = heads.map(({ layer }) => depthOf(layer, side))
  return {
    heads,
    of: side.atlas.heads.length,
    strongest,
    depth: depths.reduce((sum, depth) => sum + depth, 0) / heads.length
  }
}

/** How many heads of a layer are of each kind. */
export interface LayerKinds {
  readonly layer: number
  readonly depth: number
  /** As `headKinds` lists them; each head is of one: of the score that is furthest above its baseline. */
  readonly counts: readonly number[]
}

/** The kinds of heads, layer by layer. */
export function kindsByLayer(side: ComparedModel, rule: KindRule): LayerKinds[] {
  const is = kindTest(side, rule)
  const scores = kindScores(side)
  const kindOf = (head: AtlasHead): HeadKind => {
    const above = (score: string) => head.scores[score]!.value - head.scores[score]!.baseline
    const [own] = scores.filter(score => is(head, score)).sort((a, b) => above(b) - above(a))
    if (own === undefined) return 'none'
    return headKinds.find(kind => kind === own) ?? 'class'
  }
  return side.atlas.layers.map(layer => {
    const kinds = side.atlas.heads.filter(head => head.layer === layer).map(kindOf)
    return {
      layer,
      depth: depthOf(layer, side),
      counts: headKinds.map(kind => kinds.filter(own => own === kind).length)
    }
  })
}

/** What heads of a kind are called. */
export function kindWords(kind: string): string {
  if (kind === 'class') return 'a class of tokens'
  return kind === 'none' ? 'none of these' : atlasScore(kind).words
}

/** Whether a score makes a head one of a kind. */
export type KindTest = (head: AtlasHead, score: string) => boolean

export function kindTest(side: ComparedModel, rule: KindRule): KindTest {
  if (rule === 'above') {
    const { least } = findingBounds(side.result)
    return ({ scores }, score) => {
      const { value, baseline } = scores[score]!
      return value - baseline >= least
    }
  }
  const held = new Set(
    findingsOf(side.result, null)
      .filter(({ holds }) => holds)
      .map(({ layer, head, score }) => `${layer}.${head} ${score}`)
  )
  return ({ layer, head }, score) => held.has(`${layer}.${head} ${score}`)
}
