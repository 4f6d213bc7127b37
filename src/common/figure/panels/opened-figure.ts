import type { Dataset } from '../../data/dataset.ts'
import { LamellaError, toLamellaError } from '../../model/errors.ts'
import type { Taken } from '../data-limits.ts'
import { drawingOf } from '../drawing-of.ts'
import type { Drawing, KeptDrawing } from '../drawing.ts'
import type { PanelsProvenance } from '../provenance.ts'
import type { OpenedPanel } from './drawn-panels.ts'
import { withOneScale } from './one-scale.ts'
import { readPanels, type PanelContent } from './panel-content.ts'
import { panelLetter, panelMark } from './panel-letter.ts'
import { panelCaption, panelTitles, type PanelWords } from './panel-words.ts'
import { panelsDataset, panelsWithout } from './panels-dataset.ts'
import type { SessionFigure } from './session-figure.ts'

/** A panel to be drawn, and what is printed of it under its figure. */
export type CaptionedPanel = OpenedPanel & PanelWords

/** A figure of a session whose panels were read, to be drawn. */
export interface OpenedFigure {
  readonly panels: readonly CaptionedPanel[]
  readonly from: PanelsProvenance
  /** Of all its panels; null where none has any. */
  readonly numbers: Dataset | null
  /** What of them is not kept. */
  readonly without: readonly string[]
  /** Of panels that cannot be drawn; a line says so in their place. */
  readonly faults: readonly LamellaError[]
}

/**
 * Reads what the panels of a figure are drawn of.
 * @param session path of its session's file, or what that is called
 * @param version of Lamella
 */
export async function openedFigure(
  figure: SessionFigure,
  { session, version }: { readonly session: string; readonly version: string }
): Promise<OpenedFigure> {
  const faults: LamellaError[] = []
  const ofPanel = (at: number, { code, message, hint }: LamellaError) => {
    const mark = panelMark(at, panelLetter(at, figure.lettering))
    return new LamellaError(code, `panel ${mark}: ${message}`, hint)
  }
  const contents = await panelContents(figure.panels.map(({ content }) => content))
  const panels = openedPanels(
    figure,
    contents.map((content, i) => {
      if (!(content instanceof Error)) return content
      faults.push(ofPanel(i, content))
      return content.message
    }),
    (error, i) => faults.push(ofPanel(i, error))
  )
  const known = contents.map(content => (content instanceof Error ? null : content))
  return {
    panels,
    from: panelsProvenance(figure, panels, known, { session, version }),
    numbers: panelsDataset(known, figure.lettering),
    without: panelsWithout(known, figure.lettering),
    faults
  }
}

/**
 * The panels of a figure, to be drawn.
 * @param contents of each, or why it cannot be read
 * @param fault is told why one cannot be drawn
 */
export function openedPanels(
  { panels, oneScale }: Pick<SessionFigure, 'panels' | 'oneScale'>,
  contents: readonly (PanelContent | string)[],
  fault: (error: LamellaError, panel: number) => void = () => undefined
): CaptionedPanel[] {
  const kept = contents.flatMap(content => (typeof content === 'object' ? [content.drawing] : []))
  const scaled = oneScale ? withOneScale(kept) : kept.map(drawing => ({ drawing, meaning: null }))
  const taken = { values: 0 }
  const titles = panelTitles(panels, contents)
  let at = 0
  return panels.map(({ caption, columns, heightMm = null }, i) => {
    const place = { title: titles[i]!, columns, heightMm }
    const content = contents[i]!
    if (typeof content === 'string') return { ...place, caption: caption ?? '', drawing: content }
    const { drawing, meaning } = scaled[at++]!
    const own = drawable(drawing, taken, error => fault(error, i))
    return { ...place, caption: panelCaption({ caption }, content, own), drawing: own, meaning }
  })
}

async function panelContents(all: readonly string[]): Promise<(PanelContent | LamellaError)[]> {
  const contents = new Map<string, PanelContent | LamellaError>()
  for await (const [packed, read] of readPanels(all))
    contents.set(packed, read instanceof LamellaError ? read : read.content)
  return all.map(packed => contents.get(packed)!)
}

function drawable(
  kept: KeptDrawing,
  taken: Taken,
  fault: (error: LamellaError) => void
): Drawing | string {
  const { values } = taken
  try {
    return drawingOf(kept, taken)
  } catch (thrown) {
    // What is not drawn takes nothing from the others.
    taken.values = values
    const error = toLamellaError(thrown)
    fault(error)
    return error.message
  }
}

/**
 * Where a figure of panels comes from.
 * @param opened its panels
 * @param contents of them; null for one that cannot be read
 */
export function panelsProvenance(
  { name, lettering }: Pick<SessionFigure, 'name' | 'lettering'>,
  opened: readonly Pick<CaptionedPanel, 'title' | 'caption'>[],
  contents: readonly (PanelContent | null)[],
  { session, version }: { readonly session: string; readonly version: string }
): PanelsProvenance {
  return {
    version,
    panels: opened.map(({ title, caption }, i) => ({
      ...{ letter: panelLetter(i, lettering), title, caption },
      from: contents[i]?.from ?? null
    })),
    again: { session, figure: name }
  }
}
