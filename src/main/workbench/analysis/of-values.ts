import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { nothing, type Analysis, type Needs, type Taken } from '#common/analysis/analysis.ts'
import { analyses } from '#common/analysis/registry.ts'
import type { Corpus } from '#common/analysis/subject.ts'
import type { CallContext } from '#common/contract/rpc.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { AnalysisRequest } from '#common/contract/session.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { axesOf, parseHookName } from '#common/model/hooks.ts'
import type { Tensor } from '#common/model/tensor.ts'
import { idToken, type Token } from '#common/model/token.ts'
import type { Compute } from '../../compute/compute.ts'
import type { KeptValue } from '../../session/protocol.ts'
import { isMatrix } from '../run/hook-values.ts'
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
  value(hook: string, index?: number): Promise<KeptValue | null>
}

/**
 * What an analysis of one text comes to where its model is not there: the same, to the bit, as with the model, where values are
 * kept as exactly as it takes them. Where it would take more exact ones, its `precision` says that.
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
    const isOfTokenizer = (analysis.texts?.(params).length ?? 0) > 0
    if (analysis.compares || isOfWeights || isOfTokenizer) return null
    const facts = toldFacts(info)
    const first = analysis.needs(params, facts, run.tokens.length)
    if (!areEnough(first)) return null

    const { sources } = await corpusSources(corpus.inputs, context)
    const window = { tokens: run.tokens, label: sources[0]!.label, after: corpusStart }
    const start = { name, params, model: facts, state: null }
    const computation = await compute.start(start, context.signal, waiting(context))
    try {
      computation.begin(windowOf(window, info))
      let hasNotFinite = false
      let isExact = first.exact
      const more = () => (analysis.continues ? computation.more() : null)
      for (let needs: Needs | null = first; needs !== null; needs = await more()) {
        if (!areEnough(needs)) return null
        for (const hook of needs.hooks) {
          const kept = await valued.value(hook, needs.slice ?? undefined)
          if (kept === null || !isOfRun(kept.value, hook, needs.slice, valued)) return null
          const taken: Taken = { kind: 'hook', hook, ...kept.value }
          hasNotFinite ||= isNotFinite(taken)
          isExact &&= kept.precision === 'float32'
          if (!isExact && wantsExact(params)) return null
          await computation.take(taken)
        }
      }
      const report = computing(name, context)
      report(0, 0)
      const own = await describedBy(analysis, await computation.result(report), run)
      if (own === null) return null
      const result = labelled(own, withWindow(noneRead([]), window, hasNotFinite))
      const attributes = {
        ...attributesOf(analysis, params, valued),
        ...madeWith(edits, run.source.provider),
        ...readAs(corpus, isExact),
        ...result.attributes
      }
      return { ...result, attributes }
    } finally {
      computation.end()
    }
  }
}

/** Whether a corpus is the text of a run, read at once: whole, or by windows that have room for all of it. */
function isWholly(corpus: Corpus | null, { source: { input }, tokens }: Run): corpus is Corpus {
  const [own, ...more] = corpus?.inputs ?? []
  if (corpus === null || own === undefined || more.length > 0) return false
  const { window, stride, sentences } = corpus
  if (sentences || (window === null ? stride !== null : window < tokens.length)) return false
  if ('text' in own) return 'text' in input && input.text === own.text
  return (
    'ids' in own &&
    isDeepStrictEqual(
      own.ids,
      tokens.map(({ id }) => id)
    )
  )
}

/** A result with the tokens that its numbers stand for; null where a run does not tell of all of them. */
async function describedBy(
  analysis: Analysis,
  result: Dataset,
  { tokens }: Run
): Promise<Dataset | null> {
  const known = new Map(tokens.map(token => [token.id, token]))
  let areKnown = true
  const describe = (id: number): Token => {
    const { piece, text, special } = known.get(id) ?? idToken(id)
    areKnown &&= known.has(id)
    return { id, piece, text, start: 0, end: 0, special }
  }
  const naming = { tokens: (ids: readonly number[]) => Promise.resolve(ids.map(describe)) }
  const described = await analysis.described?.(result, { ...naming, labels: null })
  return areKnown ? (described ?? result) : null
}

/** Whether a person wants values as they were computed, of an analysis that leaves that open. */
function wantsExact(params: unknown): boolean {
  return z.object({ exact: z.literal(true) }).safeParse(params).success
}

/** Whether values are all that is needed. */
function areEnough(needs: Needs): boolean {
  const others = { ...needs, hooks: nothing.hooks, exact: nothing.exact, slice: nothing.slice }
  return isDeepStrictEqual(others, nothing)
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
