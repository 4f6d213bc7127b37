import { lensVariable, type LensPart } from '../../analysis/lens/lens.ts'
import { tokensOfResult } from '../../analysis/described-tokens.ts'
import type { ModelInfo } from '../../contract/schemas.ts'
import { shapeOf, variable, withDrawn, type Dataset } from '../../data/dataset.ts'
import { idToken, type Token } from '../../model/token.ts'
import type { WrittenToken } from '../../text/written-tokens.ts'
import { rankName } from '../../text/rank-text.ts'
import { tokenText } from '../../text/token-text.ts'
import type { Look } from '../look.ts'
import type { GridContent } from '../token-grid.ts'
import type { ValueRange } from '../value-scale.ts'

/** What a lens is coloured by: of its top token, of a token that is looked for, or of all tokens. */
export const lensColors = ['probability', 'target', 'rank', 'kl', 'entropy'] as const
export type LensColor = (typeof lensColors)[number]

/** What of a lens is shown. */
export interface LensOf {
  readonly part: LensPart
  readonly color: LensColor
  /** The token that is looked for, by its id, which the result was asked for; null for the next one of the text. */
  readonly target: number | null
}

/**
 * What a lens comes to, the last layer on top.
 * @param result of `lens`, at every position
 * @param tokens of the text that it is of
 * @param dVocab how many tokens there are to choose from
 */
export function lensGrid(
  result: Dataset,
  tokens: readonly WrittenToken[],
  { part, color, target }: LensOf,
  dVocab: number
): GridContent {
  const known = tokensOfResult(result)
  const top = variable(result, lensVariable(part, 'top'))
  const [streams = 0, positions = 0, kept = 1] = shapeOf(result, top)
  const next = nextTokens(result, known, positions)
  const values = new Float32Array(streams * positions).fill(NaN)
  const hits = new Uint8Array(streams * positions)
  const cells: Token[] = []
  const read = valueOf(result, { part, color, target }, positions, kept)
  for (let row = 0; row < streams; row++)
    for (let position = 0; position < positions; position++) {
      const stream = streams - 1 - row
      const id = top.data[(stream * positions + position) * kept]!
      const cell = row * positions + position
      cells.push(known.get(id) ?? idToken(id))
      values[cell] = read(stream, position)
      hits[cell] = id === (target ?? next?.[position]?.id) ? 1 : 0
    }
  // Of a text as a whole there is one column.
  const columns = positions === tokens.length ? tokens : [wholeText]
  const ofTarget =
    target === null ? 'the next token' : tokenText(known.get(target) ?? idToken(target))
  return {
    rows: rowNames(part, streams),
    rowsName: part === 'resid' ? 'after block' : 'block',
    tokens: columns,
    from: 0,
    expected: next,
    cells,
    values,
    hits,
    unit: unitOf(color, ofTarget),
    ranks: color === 'rank' ? Math.max(2, dVocab) : null
  }
}

/** The numbers of a lens, of which a grid draws what it is coloured by. */
export function lensNumbers(result: Dataset, of: LensOf): Dataset {
  return withDrawn(result, [lensVariable(of.part, colorVariable(of))])
}

const wholeText: Token = { ...idToken(0), piece: 'text', text: 'text' }

/** From top to bottom. */
function rowNames(part: LensPart, streams: number): string[] {
  const all = Array.from({ length: streams }, (_, stream) =>
    part === 'resid' ? (stream === 0 ? 'embed' : String(stream - 1)) : String(stream)
  )
  return all.reverse()
}

/** The token after each position; null where nothing is predicted that the text has. */
function nextTokens(
  result: Dataset,
  known: ReadonlyMap<number, Token>,
  positions: number
): (Token | null)[] | null {
  const ids = result.variables['predicted_token']?.data
  if (ids === undefined) return null
  return Array.from({ length: positions }, (_, position) => {
    const id = ids[position]
    return id === undefined ? null : (known.get(id) ?? idToken(id))
  })
}

/** The variable that cells are coloured by, as it is called of the residual stream. */
function colorVariable({ color, target }: Pick<LensOf, 'color' | 'target'>): string {
  const whose = target === null ? 'next' : 'token'
  return {
    probability: 'top_prob',
    target: `${whose}_prob`,
    rank: `${whose}_rank`,
    kl: 'kl_final_lens',
    entropy: 'entropy'
  }[color]
}

/** What a cell is coloured by; NaN where there is nothing. */
function valueOf(
  result: Dataset,
  { part, color, target }: LensOf,
  positions: number,
  kept: number
): (stream: number, position: number) => number {
  const data = (name: string) => result.variables[lensVariable(part, name)]?.data
  const cell = (stream: number, position: number) => stream * positions + position
  const own = data(colorVariable({ color, target }))
  if (own === undefined) return () => NaN
  if (color === 'kl' || color === 'entropy')
    return (stream, position) => own[cell(stream, position)]!
  if (color === 'probability') return (stream, position) => own[cell(stream, position) * kept]!
  if (target !== null) {
    const asked = variable(result, 'asked_token').data
    const at = asked.indexOf(target)
    return (stream, position) => own[cell(stream, position) * asked.length + at]!
  }
  // The last position predicts nothing that the text has.
  const predicted = variable(result, 'predicted_token').data.length
  return (stream, position) => (position < predicted ? own[stream * predicted + position]! : NaN)
}

function unitOf(color: LensColor, target: string): string {
  return {
    probability: 'probability of the top token',
    target: `probability of ${target}`,
    rank: rankName(target),
    kl: 'KL of the final distribution from it, nats',
    entropy: 'entropy, nats'
  }[color]
}

/**
 * The look of a lens; a fixed range is of all that may be, where that is known.
 * @param look whose range is what its values span, or those of several
 */
export function lensLook(look: Look, color: LensColor, dVocab: number): Look {
  const whole = { probability: 1, target: 1, entropy: Math.log(dVocab), kl: null, rank: null }[
    color
  ]
  const follows = look.follows || whole === null
  const own = look.range.high > 0 ? look.range.high : 1
  // Only of probabilities small values are told apart by a scale.
  const scale = color === 'probability' || color === 'target' ? look.scale : 'linear'
  return { ...look, follows, scale, range: { low: 0, high: follows ? own : (whole ?? own) } }
}

/** From 0 to the highest value. */
export function lensExtent({ values }: Pick<GridContent, 'values'>): ValueRange {
  return { low: 0, high: values.reduce((most, value) => (value > most ? value : most), 0) }
}

/** The title of a lens, or of some columns of one: from the first, before the end. */
export function lensTitle(
  { name }: Pick<ModelInfo, 'name'>,
  part: LensPart,
  { tokens }: Pick<GridContent, 'tokens'>,
  { first, end }: { readonly first: number; readonly end: number }
): string {
  const title = `${name} · logit lens of the ${lensPartWords[part]}`
  const isWhole = first === 0 && end === tokens.length
  return isWhole ? title : `${title} · tokens ${first} to ${end - 1}`
}

/** What of the model is read, in words. */
export const lensPartWords: Readonly<Record<LensPart, string>> = {
  resid: 'residual stream',
  attn_out: 'attention outputs',
  mlp_out: 'MLP outputs'
}
