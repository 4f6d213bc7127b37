import { z } from 'zod'
import { Json } from './json.ts'
import { LibraryItem, PastRun } from './library.ts'
import { Moment } from './moment.ts'
import { RunSource } from './run-source.ts'
import { Subject } from './subject.ts'

/** What a session may hold at most: it is one file, and goes whole from window to workbench. */
export const sessionLimits = {
  /** Of its content as JSON, in characters. */
  characters: 3 * 2 ** 20,
  runs: 1000,
  results: 1000,
  library: 2000,
  notes: 2000,
  noteCharacters: 100_000,
  findings: 2000,
  figures: 500,
  /** Of all texts of corpora of files, in bytes. */
  textBytes: 2 ** 25
} as const

/** What a person wrote, of the session as a whole (`on` is null), of a tab, or of a head and the like. */
export const Note = z.strictObject({
  id: z.string().min(1).max(100),
  on: z.union([z.strictObject({ tab: z.string().min(1).max(200) }), Subject]).nullable(),
  /** As it was written: whoever shows it takes it for text, never for markup of the page. */
  markdown: z.string().max(sessionLimits.noteCharacters),
  /** Of its last change. */
  at: Moment
})
export type Note = z.infer<typeof Note>

/** All that a person made in a session, as its file keeps it beside runs, values and results. */
export const SessionContent = z.strictObject({
  /** Tabs, groups, layout and models, as the window wrote them; the window alone reads it. */
  window: Json,
  library: z.array(LibraryItem).max(sessionLimits.library),
  runs: z.array(PastRun).max(sessionLimits.runs),
  notes: z.array(Note).max(sessionLimits.notes),
  findings: z.array(Json).max(sessionLimits.findings),
  figures: z.array(Json).max(sessionLimits.figures)
})
export type SessionContent = z.infer<typeof SessionContent>

/**
 * What a session keeps beside what a person made: how numbers are computed again and no more; those that were looked at; or all
 * that is kept of its runs, with the patterns of all their layers and the texts of corpora of files that its results, tabs, findings or panels read.
 */
export const Keep = z.enum(['recompute', 'seen', 'everything'])
export type Keep = z.infer<typeof Keep>

/** The runs that were looked at, whose tokens and values may be kept. */
export const WishedRuns = z.array(RunSource).max(sessionLimits.runs)
