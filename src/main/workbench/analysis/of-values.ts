import { isDeepStrictEqual } from 'node:util'
import { nothing, type Needs, type Taken } from '#common/analysis/analysis.ts'
import { analyses } from '#common/analysis/registry.ts'
import type { Corpus } from '#common/analysis/subject.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { AnalysisRequest } from '#common/contract/session.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { axesOf, parseHookName } from '#common/model/hooks.ts'
import type { Tensor } from '#common/model/tensor.ts'
import type { Compute } from '../../compute/compute.ts'
import { isMatrix, keptType } from '../run/hook-values.ts'
import { checkedParams } from './checked-params.ts'
import { computing, waiting } from './computing.ts'
import { noneRead, windowOf, withWindow } from './corpus-run.ts'
import { corpusSources } from './corpus-sources.ts'
import { corpusStart } from './corpus-window.ts'
import { labelled } from './labelled.ts'
import { toldFacts } from './model-facts.ts'
import { isNotFinite } from './not-finite.ts'
import { attributesOf, madeWith, readAs } from './result-attributes.ts'

/** A run of which nothing is there but values that were kept. */
export interface ValuedRun {
  readonly info: ModelInfo
  readonly run: Run
  /** A value, or a slice of its first axis, of which nobody else has the data; null where it was not kept. */
  value(hook: string, index?: number): Promise<Tensor | null>
}

/**
 * What an analysis of one text comes to where its model is not there: the same, to the bit, as with the model.
 * @returns null where the run is of another text, or what is kept of it is not enough
 */
export type OfValues = (
  request: AnalysisRequest,
  run: ValuedRun,
  context: CallContext
) => Promise<Dataset | null>

export function createOfValues(compute: Compute): OfValues {
  return async ({ name, params: given, of: { corpus, edits }, with: other }, valued, context) => {
    const { info, run } = valued
    const analysis = analyses.find(own => own.name === name)
    if (analysis === undefined || other !== null || !isWholly(corpus, run)) return null
    const params = checkedParams(analysis, given)
    const isOfWeights = analysis.of === 'weights' || analysis.ofWeights?.(params) === true
    const isOfTokenizer =
      analysis.described !== undefined || (analysis.texts?.(params).length ?? 0) > 0
    if (analysis.compares || isOfWeights || isOfTokenizer || analysis.continues) return null
    const facts = toldFacts(info)
    const needs = analysis.needs(params, facts, run.tokens.length)
    if (!areEnough(needs)) return null

    const { sources } = await corpusSources(corpus.inputs, context)
    const window = { tokens: run.tokens, label: sources[0]!.label, after: corpusStart }
    const start = { name, params, model: facts, state: null }
    const computation = await compute.start(start, context.signal, waiting(context))
    try {
      computation.begin(windowOf(window, info))
      let hasNotFinite = false
      for (const hook of needs.hooks) {
        const value = await valued.value(hook, needs.slice ?? undefined)
        if (value === null || !isOfRun(value, hook, needs.slice, valued)) return null
        const taken: Taken = { kind: 'hook', hook, ...value }
        hasNotFinite ||= isNotFinite(taken)
        await computation.take(taken)
      }
      const report = computing(name, context)
      report(0, 0)
      const result = labelled(
        await computation.result(report),
        withWindow(noneRead([]), window, hasNotFinite)
      )
      const attributes = {
        ...attributesOf(analysis, params, valued),
        ...madeWith(edits, run.source.provider),
        ...readAs(corpus, needs.exact),
        ...result.attributes
      }
      return { ...result, attributes }
    } finally {
      computation.end()
    }
  }
}

/** Whether a corpus is the text of a run, read at once. */
function isWholly(corpus: Corpus | null, { source: { input }, tokens }: Run): corpus is Corpus {
  const [own, ...more] = corpus?.inputs ?? []
  if (corpus === null || own === undefined || more.length > 0) return false
  if (corpus.window !== null || corpus.stride !== null || corpus.sentences) return false
  if ('text' in own) return 'text' in input && input.text === own.text
  return (
    'ids' in own &&
    isDeepStrictEqual(
      own.ids,
      tokens.map(({ id }) => id)
    )
  )
}

/** Whether values are all that is needed, and none more exactly than it is kept. */
function areEnough(needs: Needs): boolean {
  const { hooks, exact } = needs
  const isRough = exact && hooks.some(hook => keptType(hook) === 'float16')
  const others = { ...needs, hooks: nothing.hooks, exact: nothing.exact, slice: nothing.slice }
  return !isRough && isDeepStrictEqual(others, nothing)
}

/** Whether a value is of the tokens and heads of a run: a file may say anything. */
function isOfRun(
  { shape }: Tensor,
  hook: string,
  slice: number | null,
  { info, run: { tokens } }: ValuedRun
): boolean {
  const address = parseHookName(hook)
  if (address === null) return false
  const axes = axesOf(address).slice(slice === null ? 0 : 1)
  const lengths = { pos: tokens.length, query: tokens.length, key: tokens.length }
  const heads = isMatrix(hook) ? { head: info.config?.nHeads } : {}
  const known: Readonly<Record<string, number | undefined>> = { ...lengths, ...heads }
  return (
    axes.length === shape.length && axes.every((name, i) => (known[name] ?? shape[i]) === shape[i])
  )
}
