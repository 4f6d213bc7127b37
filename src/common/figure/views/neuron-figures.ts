import type { NeuronContexts, NeuronPlace } from '../../analysis/neurons/contexts-of.ts'
import type { ModelInfo } from '../../contract/schemas.ts'
import { tokensOfResult } from '../../analysis/described-tokens.ts'
import { variable, withDrawn, type Dataset } from '../../data/dataset.ts'
import { idToken, Token } from '../../model/token.ts'
import { contextLine } from '../../text/context-pieces.ts'
import { counted, exactCount, percentText } from '../../text/number-text.ts'
import { isolated, tokenText } from '../../text/token-text.ts'
import { leastSeen, type ContextGroup } from '../context-group.ts'
import { contextLines, type ContextLinesData } from '../context-lines.ts'
import { linePlot, LinePlotData } from '../line-plot.ts'
import type { Look } from '../look.ts'
import type { CommandParams, Provenance } from '../provenance.ts'
import { scoreHistogram, type ScoreHistogramData } from '../score-histogram.ts'
import { signedBars, type SignedBarsData } from '../signed-bars.ts'
import type { ValueRange } from '../value-scale.ts'
import type { ViewFigure } from './figure-view.ts'
import { runOrigin, type RunRead } from './origin.ts'

/** Of each form the variables of `neurons` that it draws. */
const drawnIn = {
  histogram: ['cell.low', 'cell.high', 'cell.tokens'],
  contexts: ['activation', 'context.bin', 'context.value'],
  writes: ['neuron_top_value', 'neuron_bottom_value'],
  reads: ['reads_top_value', 'reads_bottom_value'],
  activity: ['active']
} as const
type NeuronForm = keyof typeof drawnIn

/** What `neurons` came to of one neuron, and of what. */
export interface FiguredNeuron {
  readonly model: Pick<ModelInfo, 'name' | 'fingerprint'>
  readonly run: RunRead
  readonly result: Dataset
  /** Such as `Neuron 3.17`, with its expert. */
  readonly name: string
  /** What was read, such as `the text`. */
  readonly read: string
  /** What makes it again, beside what each figure adds. */
  readonly params: CommandParams
}

/** How its values are distributed. */
export function neuronHistogram(
  { cells, bins, mean }: NeuronContexts,
  lit: number | null = null
): Omit<ScoreHistogramData, 'title'> {
  return {
    name: 'activation',
    counts: 'tokens',
    cells,
    bins: bins.map(({ low, high }) => ({ low, high })),
    lines: [{ name: 'mean', value: mean, faint: false }],
    lit
  }
}

export function neuronHistogramFigure(
  of: FiguredNeuron,
  found: NeuronContexts,
  version: string
): ViewFigure<ScoreHistogramData, Provenance> {
  return named(of, 'values', 'histogram', version, scoreHistogram, neuronHistogram(found))
}

/** Tokens of the highest values and of each part of the range, the highest first. */
export function neuronGroups(
  { tokens, bins, top }: NeuronContexts,
  look: Look,
  text: (value: number) => string
): ContextGroup<NeuronPlace>[] {
  const least = leastSeen(look)
  const lines = (contexts: readonly NeuronPlace[]) =>
    contexts.map(context => ({
      ...{ context, score: text(context.value) },
      ...contextLine(
        { ...context, weights: context.values.map(value => (value > 0 ? value : null)) },
        least
      )
    }))
  const highest = {
    ...{ bin: -1, range: 'Highest', lines: lines(top) },
    count: `${exactCount(top.length)} of ${exactCount(tokens)} tokens`
  }
  const parts = bins.map(({ low, high, count, contexts }, bin) => ({
    ...{ bin, lines: lines(contexts).toReversed() },
    range: low === high ? text(low) : `${text(low)} to ${text(high)}`,
    count: `${counted(count, 'token')}, ${percentText(count / tokens)}`
  }))
  return [highest, ...parts.toReversed()].map(group => ({
    ...group,
    label: `${group.range} · ${group.count}`
  }))
}

/** What its values span above 0, where they are shaded. */
export function neuronExtent({ top }: NeuronContexts): ValueRange {
  return { low: 0, high: Math.max(0, top[0]?.value ?? 0) }
}

export function neuronContextsFigure(
  of: FiguredNeuron,
  groups: ContextLinesData['groups'],
  mirrored: boolean,
  version: string
): ViewFigure<ContextLinesData, Provenance> {
  return named(of, 'contexts', 'contexts', version, contextLines, {
    mirrored,
    groups,
    unit: 'activation'
  })
}

/** The tokens that a neuron promotes and suppresses most; null of a model whose logits it does not know. */
export function neuronWrites(result: Dataset): Omit<SignedBarsData, 'title'> | null {
  return extremes(result, 'neuron', 'logits, for an activation of 1', writtenTokensOf(result))
}

/** The tokens whose embeddings raise and lower it most; null where embeddings have another width. */
export function neuronReads(result: Dataset): Omit<SignedBarsData, 'title'> | null {
  return extremes(result, 'reads', 'by the embedding of', tokensOfResult(result))
}

function extremes(
  result: Dataset,
  what: 'neuron' | 'reads',
  name: string,
  known: ReadonlyMap<number, Token>
): Omit<SignedBarsData, 'title'> | null {
  if (!(`${what}_top` in result.variables)) return null
  const ends = (end: string) => {
    const values = variable(result, `${what}_${end}_value`).data
    return [...variable(result, `${what}_${end}`).data].map((id, i) => ({ id, value: values[i]! }))
  }
  const top = ends('top')
  const seen = new Set(top.map(({ id }) => id))
  // Of few tokens the lowest are the highest, too.
  const bottom = ends('bottom').filter(({ id }) => !seen.has(id))
  const bars = [...top, ...bottom.toReversed()].map(({ id, value }) => ({
    label: isolated(tokenText(known.get(id) ?? idToken(id))),
    ...{ value, spread: null, isSum: false }
  }))
  return { name, bars }
}

/** Of a model that classifies logits are of labels. */
function writtenTokensOf({ attributes }: Dataset): ReadonlyMap<number, Token> {
  const known = Token.array().parse(attributes['labels'] ?? attributes['tokens'] ?? [])
  return new Map(known.map(token => [token.id, token]))
}

export function neuronWritesFigure(
  of: FiguredNeuron,
  version: string
): ViewFigure<SignedBarsData, Provenance> | null {
  const bars = neuronWrites(of.result)
  return bars && named(of, 'writes', 'writes', version, signedBars, bars)
}

export function neuronReadsFigure(
  of: FiguredNeuron,
  version: string
): ViewFigure<SignedBarsData, Provenance> | null {
  const bars = neuronReads(of.result)
  return bars && named(of, 'reads', 'reads', version, signedBars, bars)
}

const parts = 20

/** How many neurons of a layer are active at which share of the tokens. */
export function neuronActivity(result: Dataset, row: number): LinePlotData {
  const active = variable(result, 'active').data
  const units = result.axes['unit']!.length
  const counts = new Float64Array(parts)
  for (const share of active.subarray(row * units, (row + 1) * units))
    counts[Math.min(parts - 1, Math.floor(share * parts))]!++
  return LinePlotData.parse({
    title: null,
    x: { name: 'share of tokens at which it is active', span: { low: 0, high: 1 } },
    y: { name: 'neurons', whole: true },
    series: [
      {
        ...{ name: null, shape: 'bars', color: 'bar', width: 1 / parts, y: counts },
        x: Float64Array.from({ length: parts }, (_, i) => i / parts)
      }
    ]
  })
}

export function neuronActivityFigure(
  of: FiguredNeuron,
  row: number,
  version: string
): ViewFigure<LinePlotData, Provenance> {
  return named(of, 'activity', 'activity', version, linePlot, neuronActivity(of.result, row))
}

function named<D extends { readonly title: string | null }>(
  { model, run, result, name, read, params }: FiguredNeuron,
  what: string,
  form: NeuronForm,
  version: string,
  kind: ViewFigure<D, Provenance>['kind'],
  data: Omit<D, 'title'>
): ViewFigure<D, Provenance> {
  const from: Provenance = {
    ...{ version, of: runOrigin(model, run, `${name}, over ${read}`), less: null },
    precision: 'float32',
    again: { view: 'neuron', params: { ...params, form } }
  }
  const title = `${model.name} · ${name} · ${what} · ${read}`
  return {
    what: `${name} · ${what}`,
    kind,
    data: { ...data, title } as D,
    from,
    dataset: () => withDrawn(result, drawnIn[form])
  }
}
