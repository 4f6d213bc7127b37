import type { z } from 'zod'
import type { ModelInfo, Run } from '../../contract/schemas.ts'
import type { Dataset } from '../../data/dataset.ts'
import type { DrawnFigure } from '../drawn-figure.ts'
import type { FigureWish } from '../presets.ts'
import type { Provenance } from '../provenance.ts'

/** What a figure is made of, and who computes it. */
export interface FigureSource {
  readonly model: ModelInfo
  /** Of Lamella. */
  readonly version: string
  /** The run of the text that it is of; asked for by figures that are of one. */
  readonly run: () => Promise<Run>
  /** What an analysis of that text comes to. */
  readonly analysis: (name: string, params: Readonly<Record<string, unknown>>) => Promise<Dataset>
}

/** A figure, and the numbers that it shows. */
export interface MadeFigure {
  /** Name of its files, without an ending. */
  readonly title: string
  readonly from: Provenance
  readonly draw: (wish: FigureWish) => DrawnFigure
  readonly dataset: () => Dataset
}

/** A kind of figure by what it is of: what the window shows in a view, and what the command line is asked for by name. */
export interface FigureView {
  readonly name: string
  readonly about: string
  /** What it reads: a text, or the weights alone. */
  readonly of: 'text' | 'weights'
  readonly params: z.ZodType
  /** @throws ZodError when the params are not its own */
  readonly make: (source: FigureSource, params: unknown) => Promise<MadeFigure>
}

/** A figure view whose params are checked where they come in. */
export function figureView<P>({
  params,
  make,
  ...facts
}: Pick<FigureView, 'name' | 'about' | 'of'> & {
  readonly params: z.ZodType<P>
  readonly make: (source: FigureSource, params: P) => Promise<MadeFigure>
}): FigureView {
  // Async, so that params that are not its own are told as all else is.
  return { ...facts, params, make: async (source, given) => make(source, params.parse(given)) }
}
