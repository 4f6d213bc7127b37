import { z } from 'zod'
import { ItemRef } from '../../model/library.ts'
import { Moment } from '../../model/moment.ts'
import { figureFonts, presetNames } from '../presets.ts'

/** What a figure of a session may take at most. */
export const figureLimits = {
  panels: 26,
  columns: 6,
  /** How high a panel may be asked to be, in millimetres. */
  leastMm: 10,
  mostMm: 500,
  /** What of the library a panel may read. */
  reads: 10,
  /** What all figures of a session take, in characters. */
  characters: 2 ** 21
} as const

/** How long what is written of a panel may be, in characters. */
export const panelTextLimits = { title: 500, caption: 5000 } as const

/** How panels are named: `(a)`, **a**, **A**, or not at all. */
export const letterings = ['(a)', 'a', 'A', 'none'] as const
export type Lettering = (typeof letterings)[number]

/** A figure that was taken from a view, and where it stands among others. */
export const FigurePanel = z.object({
  id: z.string().min(1).max(100),
  /** What stands beside its letter, as it was written; empty for nothing, null for a draft. */
  title: z.string().max(panelTextLimits.title).nullable(),
  /** How many columns it takes. */
  columns: z.number().min(0.1).max(figureLimits.columns),
  /** How high it is without what stands above it; null, as where it is left out, for the height that goes with its width. */
  heightMm: z
    .number()
    .min(figureLimits.leastMm)
    .max(figureLimits.mostMm)
    .nullable()
    .exactOptional(),
  /** As it was written; null for a draft. */
  caption: z.string().max(panelTextLimits.caption).nullable(),
  /** What it is drawn of: `panelContent` reads it. */
  content: z.string(),
  /** What of the library that reads, by what it is called; left out by earlier versions. */
  reads: z.array(ItemRef).max(figureLimits.reads).exactOptional()
})
export type FigurePanel = z.output<typeof FigurePanel>

/** A figure of several panels on a page, as a session keeps it. */
export const SessionFigure = z.object({
  kind: z.literal('panels'),
  id: z.string().min(1).max(100),
  name: z.string().min(1).max(200),
  /** When it was made. */
  at: Moment,
  /** Of the Lamella that made it. */
  version: z.string(),
  preset: z.enum(presetNames),
  widthMm: z.number().min(10).max(2000),
  /** Of labels; the preset's where it is null. */
  points: z.number().min(3).max(48).nullable(),
  font: z.enum(figureFonts),
  background: z.enum(['paper', 'none']),
  columns: z.int().min(1).max(figureLimits.columns),
  lettering: z.enum(letterings),
  /** Panels that are alike have one range of colours. */
  oneScale: z.boolean(),
  /** From left to right and from top to bottom. */
  panels: z.array(FigurePanel).max(figureLimits.panels)
})
export type SessionFigure = z.output<typeof SessionFigure>

/** The figures of a session that this version can read. */
export function sessionFigures(kept: readonly unknown[]): SessionFigure[] {
  return kept.flatMap(figure => SessionFigure.safeParse(figure).data ?? [])
}
