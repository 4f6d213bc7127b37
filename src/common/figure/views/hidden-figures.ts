import type { NamedInputs } from '../../analysis/subject.ts'
import type { ModelInfo } from '../../contract/schemas.ts'
import { variable, withDrawn, type Dataset } from '../../data/dataset.ts'
import { tokenText } from '../../text/token-text.ts'
import { visibleText } from '../../text/visible-text.ts'
import type { WrittenToken } from '../../text/written-tokens.ts'
import { linePlot, LinePlotData } from '../line-plot.ts'
import type { CommandParams, Provenance } from '../provenance.ts'
import { tokenGrid, type GridContent, type TokenGridData } from '../token-grid.ts'
import { weightMap, type WeightMapData } from '../weight-map.ts'
import type { ViewFigure } from './figure-view.ts'
import { runOrigin, type RunRead } from './origin.ts'
import { valueGrid } from './value-grid.ts'
import { firstLetters } from '../../text/cut-short.ts'

/** What is said of a token at a layer. */
export const hiddenMeasures = ['moved', 'norm', 'cosine_previous', 'cosine_input'] as const
export type HiddenMeasure = (typeof hiddenMeasures)[number]

export const hiddenMeasureWords: Readonly<Record<HiddenMeasure, string>> = {
  moved: 'norm of the step',
  norm: 'norm',
  cosine_previous: 'cosine, layer before',
  cosine_input: 'cosine, input'
}

/** What is compared at a layer. */
export const hiddenPairs = ['tokens', 'word', 'texts'] as const
export type HiddenPairs = (typeof hiddenPairs)[number]

/** Their variables. */
const pairsVariables: Readonly<Record<HiddenPairs, string>> = {
  tokens: 'similarity',
  word: 'word_similarity',
  texts: 'sentence_similarity'
}

/** Cosines are coloured over all that they can be, whatever is compared. */
export const pairRange = { follows: false, range: { low: -1, high: 1 } } as const

/** What `hidden-states` came to, and of what. */
export interface FiguredStates {
  readonly model: Pick<ModelInfo, 'name' | 'fingerprint'>
  readonly run: RunRead
  readonly result: Dataset
  /** What was read, such as `the text`. */
  readonly read: string
  /** What makes it again, beside what each figure adds. */
  readonly params: CommandParams
  /** What texts are called that are compared; null where nobody says. */
  readonly texts: readonly string[] | null
}

/** A measure of each token at each layer, the last on top. */
export function hiddenGrid(
  result: Dataset,
  tokens: readonly WrittenToken[],
  measure: HiddenMeasure
): GridContent {
  return valueGrid({
    layers: result.axes['layer']!.labels!,
    layersName: 'after block',
    tokens,
    values: variable(result, measure).data,
    unit: hiddenMeasureWords[measure]
  })
}

export function hiddenGridFigure(
  of: FiguredStates,
  grid: GridContent,
  measure: HiddenMeasure,
  mirrored: boolean,
  version: string
): ViewFigure<TokenGridData, Provenance> {
  const data = { ...grid, mirrored, scrolled: null, marked: [] }
  const said = { form: 'layers', measure }
  const numbers = withDrawn(of.result, [measure])
  return named(of, hiddenMeasureWords[measure], said, version, tokenGrid, data, numbers)
}

/**
 * How alike the vectors are of each two tokens of the text, places of a word, or texts; null where there are none.
 * @param labels of what is compared, from 0
 * @param mirrored whether the text runs from right to left
 */
export function hiddenMap(
  result: Dataset,
  pairs: HiddenPairs,
  labels: readonly string[],
  layer: string,
  mirrored: boolean
): WeightMapData | null {
  const found = result.variables[pairsVariables[pairs]]
  const count = found ? Math.sqrt(found.data.length) : 0
  if (!found || count === 0) return null
  // Of a long text one token in a few is compared.
  const step = pairs === 'tokens' ? (variable(result, 'shown').data[1] ?? 1) : 1
  const side = { from: 0, to: pairs === 'tokens' ? labels.length : count, each: step }
  const what = { tokens: 'token', word: 'place', texts: 'text' }[pairs]
  return {
    ...{ title: null, name: `cosine, ${layer}`, rows: side, columns: side },
    names: { rows: what, columns: what },
    labels: { rows: labels, columns: labels },
    // Other things than tokens of one text stand in no text's order.
    mirrored: mirrored && pairs === 'tokens',
    values: Float32Array.from(found.data)
  }
}

export function hiddenMapFigure(
  of: FiguredStates,
  map: WeightMapData,
  pairs: HiddenPairs,
  version: string
): ViewFigure<WeightMapData, Provenance> {
  const what = { tokens: 'tokens', word: 'places of a word', texts: 'texts' }[pairs]
  const { texts } = of
  const said = { form: pairs, ...(pairs !== 'tokens' && texts !== null && { texts }) }
  const numbers = withDrawn(of.result, [pairsVariables[pairs]])
  return named(of, `${what}, ${map.name}`, said, version, weightMap, map, numbers)
}

/** What labels say of the tokens of a text, and of where a word stands. */
export function tokenLabels(tokens: readonly WrittenToken[]): string[] {
  return tokens.map(tokenText)
}

/** Characters of a text that has no name, by which it is called. */
const mostOfName = 200

/**
 * What texts are called that are compared, or what is read of them in parts: as is said, else by how they begin; files and
 * sentences as the result has them.
 */
export function textLabels(
  result: Dataset,
  { corpus, cut }: Pick<RunRead, 'corpus' | 'cut'>,
  said: readonly string[] | null
): readonly string[] {
  if (corpus === undefined) return ['the text']
  const windows = result.axes['window']?.labels ?? []
  const names = cut?.sentences ? null : (said ?? textNames(corpus))
  return names?.length === windows.length ? names : windows
}

/** What texts are called where nobody says; null of files and token ids. */
export function textNames({ inputs }: NamedInputs): string[] | null {
  const texts = inputs.flatMap(input => ('text' in input ? [input.text] : []))
  return texts.length < inputs.length
    ? null
    : texts.map(text => visibleText(firstLetters(text, mostOfName)))
}

/** @param texts what each text is called; its number where it is not known */
export function placeLabels(result: Dataset, texts: readonly string[]): string[] {
  if (!('place.pos' in result.variables)) return []
  const [window, pos] = ['place.window', 'place.pos'].map(name => variable(result, name).data)
  const isOne = window!.every((own: number) => own === 0)
  return [...pos!].map((at, i) => {
    const text = window![i]!
    // What is cut where there is little room is the text.
    return isOne ? `at ${at}` : `at ${at} of ${texts[text] ?? text}`
  })
}

const curveVariables = ['anisotropy', 'cosine_input_mean', 'cosine_previous_mean'] as const

/** Layer over layer: what any two tokens have in common, and how far tokens turn. */
export function hiddenCurves(result: Dataset): LinePlotData {
  const labels = result.axes['layer']!.labels!
  const of = (name: string, text: string, color: number) => ({
    ...{ name: text, shape: 'line', color, width: 0 },
    x: Float64Array.from(labels, (_, i) => i - 1),
    y: Float64Array.from(variable(result, name).data)
  })
  const [any, input, before] = curveVariables
  return LinePlotData.parse({
    title: null,
    x: { name: 'after block', whole: true, start: { at: -1, text: 'input' } },
    y: { name: 'cosine', span: { low: 0, high: 1 } },
    series: [of(any, 'any two tokens', 0), of(input, 'input', 1), of(before, 'layer before', 2)]
  })
}

export function hiddenCurvesFigure(
  of: FiguredStates,
  version: string
): ViewFigure<LinePlotData, Provenance> {
  const data = hiddenCurves(of.result)
  const numbers = withDrawn(of.result, curveVariables)
  return named(of, 'anisotropy', { form: 'anisotropy' }, version, linePlot, data, numbers)
}

function named<D extends { readonly title: string | null }>(
  { model, run, read, params }: FiguredStates,
  what: string,
  said: CommandParams,
  version: string,
  kind: ViewFigure<D, Provenance>['kind'],
  data: Omit<D, 'title'>,
  numbers: Dataset
): ViewFigure<D, Provenance> {
  const from: Provenance = {
    ...{ version, of: runOrigin(model, run, `Hidden states: ${what}, over ${read}`), less: null },
    precision: 'float32',
    again: { view: 'hidden-states', params: { ...params, ...said } }
  }
  const title = `${model.name} · ${what} · ${read}`
  const full = { ...data, title } as D
  return { what: `hidden states · ${what}`, kind, data: full, from, dataset: () => numbers }
}
