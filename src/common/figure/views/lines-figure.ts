import { firstTokenHidden } from '../../analysis/first-token.ts'
import type { ModelInfo, Run } from '../../contract/schemas.ts'
import { axis, dataset, type Dataset, type Variable } from '../../data/dataset.ts'
import { namedOf } from '../../text/figure-title.ts'
import { exactCount, percentText } from '../../text/number-text.ts'
import { tokenText } from '../../text/token-text.ts'
import { attentionLines, type AttentionLinesData } from '../attention-lines.ts'
import { lessCaption } from '../captions.ts'
import type { DrawnLines } from '../drawn-lines.ts'
import type { Quantity } from '../heat-map-pixels.ts'
import type { FigureOrigin } from '../provenance.ts'
import type { ViewFigure } from './figure-view.ts'
import { runOrigin } from './origin.ts'

/** More lines than this are no picture any more. */
export const mostLines = 6000

/** Some heads of a block on one text. */
export interface FiguredLines {
  readonly model: Pick<ModelInfo, 'name' | 'fingerprint'>
  readonly run: Pick<Run, 'source'>
  readonly layer: number
  readonly heads: readonly number[]
  readonly firstHidden: boolean
  /** What is taken from it, and which from which; left out where nothing is. */
  readonly less?: Omit<FiguredLines, 'less' | 'firstHidden'> & { readonly caption: string }
}

/** What is taken from lines of a block, and which from which. */
export function linesTaken(
  own: Omit<FiguredLines, 'less'>,
  other: Omit<FiguredLines, 'less'>
): NonNullable<FiguredLines['less']> {
  const named = ({ model, run, layer, heads }: Omit<FiguredLines, 'less'>) => ({
    ...{ model, run },
    name: heads.length === 1 ? `Head ${layer}.${heads[0]}` : `Block ${layer}`
  })
  const { model, run, layer, heads } = other
  return { model, run, layer, heads, caption: lessCaption(named(own), named(other)) }
}

/** What lines are called, and where they come from. */
export function linesOrigin(
  { model, run, layer, heads, firstHidden, less }: FiguredLines,
  version: string
): { readonly short: string; readonly from: FigureOrigin } {
  const namesOf = ({ layer, heads }: Pick<FiguredLines, 'layer' | 'heads'>) =>
    heads.map(head => `Head ${layer}.${head}`).join(', ')
  const placeOf = (names: string) => (firstHidden ? `${names}, ${firstTokenHidden}` : names)
  const own = heads.length > 3 ? `Block ${layer}, ${heads.length} heads` : namesOf({ layer, heads })
  return {
    short: less?.caption ?? own,
    from: {
      version,
      of: runOrigin(model, run, placeOf(namesOf({ layer, heads }))),
      less: less ? runOrigin(less.model, less.run, placeOf(namesOf(less))) : null,
      // As the trace cache keeps patterns.
      precision: 'float16'
    }
  }
}

/**
 * Lines as they are saved.
 * @param least weight that has one
 */
export function linesFigure(
  whole: FiguredLines,
  data: Omit<AttentionLinesData, 'title' | 'marked'>,
  least: string,
  version: string
): ViewFigure<AttentionLinesData> {
  const { short, from } = linesOrigin(whole, version)
  const marked = { query: null, key: null }
  return {
    ...{ what: `${short} · lines`, kind: attentionLines, from },
    data: { ...data, title: namedOf(whole.model.name, short), marked },
    dataset: () => linesDataset(whole, data, least)
  }
}

/**
 * How many lines there are, and what is left out.
 * @param least that has a line, where nothing beside it says so
 */
export function linesNote(
  { lines, left, leftShare }: DrawnLines,
  firstHidden: boolean,
  quantity: Quantity = 'weight',
  least = '0'
): string {
  const isDifference = quantity === 'difference'
  const count = `${exactCount(lines.length)} ${lines.length === 1 ? 'line' : 'lines'}`
  const [one, many] = isDifference
    ? ['difference is', 'differences are']
    : ['weight is', 'weights are']
  const weights = left === 1 ? one : many
  return [
    count,
    ...(left > 0
      ? [
          `${exactCount(left)} ${weights} left out, ${percentText(leftShare)} of the ${isDifference ? 'difference' : 'attention'}`
        ]
      : []),
    ...(Number(least) > 0 ? [`lines of at least ${least}${isDifference ? ' from zero' : ''}`] : []),
    ...(firstHidden ? [firstTokenHidden] : [])
  ].join('; ')
}

function linesDataset(
  { layer, heads }: Pick<FiguredLines, 'layer' | 'heads'>,
  { lines, tokens, quantity }: Pick<AttentionLinesData, 'lines' | 'tokens' | 'quantity'>,
  least: string
): Dataset {
  const labels = tokens.map(token => tokenText(token))
  const column = (name: string, data: Int32Array | Float32Array, about: string) =>
    [name, { axes: ['line'], data, unit: '', about }] satisfies [string, Variable]
  const strongestFirst = lines.toReversed()
  return dataset(
    { line: axis(strongestFirst.map(({ query, key }) => `${labels[query]} → ${labels[key]}`)) },
    Object.fromEntries([
      column(
        'head',
        Int32Array.from(strongestFirst, ({ head }) => heads[head]!),
        'head of the layer'
      ),
      column(
        'query',
        Int32Array.from(strongestFirst, ({ query }) => query),
        'position of the query'
      ),
      column(
        'key',
        Int32Array.from(strongestFirst, ({ key }) => key),
        'position of the key'
      ),
      column(
        quantity,
        Float32Array.from(strongestFirst, ({ weight }) => weight),
        quantity === 'difference'
          ? `difference of weights, at least ${least} from zero`
          : `weight, at least ${least}`
      )
    ]),
    { layer }
  )
}
