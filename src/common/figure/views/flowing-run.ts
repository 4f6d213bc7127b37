import type { ModelInfo, Run } from '../../contract/schemas.ts'
import { readsRightToLeft } from '../../text/token-text.ts'
import { writtenTokens, type WrittenToken } from '../../text/written-tokens.ts'
import { flowingBoxes } from '../flowing-boxes.ts'
import type { Look } from '../look.ts'
import { shadedText } from '../shaded-text.ts'
import { modelFigure, type MadeFigure, type ViewText } from './figure-view.ts'

/** How a text flows where it is not laid out by a page. */
export interface Flow {
  /** How long its lines are, in CSS pixels. */
  readonly line: number
  readonly mirrored: boolean
  /** The group of each token; left out where each is its own. */
  readonly groupOf?: ArrayLike<number>
}

/** A text as it is written; null of token ids. */
export interface Written {
  readonly tokens: readonly WrittenToken[]
  readonly written: string | null
}

/** That of a run. */
export function writtenOf(run: Pick<Run, 'source' | 'tokens'>): Written {
  const { input } = run.source
  return { tokens: writtenTokens(run), written: 'text' in input ? input.text : null }
}

/** A shaded text, in lines that are broken anew. */
export function madeText(
  model: Pick<ModelInfo, 'name'>,
  { tokens, written }: Written,
  { data, ...figure }: ViewText,
  { line, mirrored, groupOf }: Flow,
  look: Look
): MadeFigure {
  const flowing = flowingBoxes(
    tokens,
    groupOf ?? tokens.map((_, at) => at),
    written,
    line,
    mirrored
  )
  return modelFigure(model, { ...figure, kind: shadedText, data: data(flowing) }, look)
}

/** Whether a run is read from right to left: as it is asked for, else by the letters of its text. */
export function isMirrored({ source: { input } }: Pick<Run, 'source'>, asked: boolean | null) {
  return asked ?? ('text' in input && readsRightToLeft(input.text))
}
