import { z } from 'zod'
import { AnalysisSubject, Cut } from '../analysis/subject.ts'
import { Edit } from '../model/edit.ts'
import { Json } from '../model/json.ts'
import { CorpusFiles, ItemName } from '../model/library.ts'
import { ModelMove, ModelRef } from '../model/model-ref.ts'
import { RunSource } from '../model/run-source.ts'
import { Keep, SessionContent, sessionLimits, WishedRuns } from '../model/session.ts'

/** What `analysis.run` was asked. */
export const AnalysisRequest = z.strictObject({
  name: z.string().min(1).max(200),
  params: Json.default({}),
  of: AnalysisSubject,
  with: AnalysisSubject.nullable().default(null)
})
export type AnalysisRequest = z.infer<typeof AnalysisRequest>

/** What the window has looked at: runs, what analyses came to, and what its tabs are set to read, its findings were found in or its panels are drawn of. */
export const KeptWish = z.strictObject({
  runs: WishedRuns,
  results: z.array(AnalysisRequest).max(sessionLimits.results),
  /** Corpora by their names. */
  corpora: z.array(ItemName).max(sessionLimits.library)
})
export type KeptWish = z.infer<typeof KeptWish>

/**
 * A value as JSON text. A session has more lists and numbers than one message may, as has a window that looked at long
 * texts, while a text is a single value of it; what is longer than a message may be is to be refused by whoever sends it (`sessionLimits.characters`).
 */
function asText<S extends z.ZodType>(schema: S) {
  return z
    .string()
    .max(sessionLimits.characters)
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text)
      } catch {
        context.addIssue({ code: 'custom', message: 'expected JSON' })
        return z.NEVER
      }
    })
    .pipe(schema)
}

/** `SessionContent` as JSON text: `JSON.stringify(content)`. */
export const SessionText = asText(SessionContent)
/** `KeptWish` as JSON text: `JSON.stringify(wish)`. */
export const WishText = asText(KeptWish)

/** The window's arrangement as JSON text. */
export const WorkspaceText = asText(Json)

/** A session's file as it was last written. */
export const SavedSession = z.object({
  /** When, in milliseconds since 1970. */
  at: z.number(),
  /** Of the Lamella that wrote it. */
  version: z.string(),
  keep: Keep,
  /** Of the file. */
  bytes: z.number()
})
export type SavedSession = z.infer<typeof SavedSession>

/** A model that a session speaks of, and whether it can be had. */
export const SessionModel = z.object({
  ref: ModelRef,
  name: z.string(),
  /** `missing`: nothing is at its path. `changed`: what is there is another model than the one of the session. */
  state: z.enum(['here', 'missing', 'changed']),
  /**
   * Where it lies now, if that is elsewhere than as the session was saved: `ref` and all of the session speak of it there
   * already. Null where it did not move.
   */
  foundAt: z.string().nullable(),
  /** Fingerprints that it had where it lay before: panels of figures are still known by them. */
  formerly: z.array(z.string()),
  /** Whether any numbers of it are in the file: values of its runs, or results. */
  kept: z.boolean()
})
export type SessionModel = z.infer<typeof SessionModel>

/** A corpus of files whose texts are in a session's file, as they were when it was saved. */
export const KeptCorpus = CorpusFiles.extend({ path: z.string() })
export type KeptCorpus = z.infer<typeof KeptCorpus>

/** Why a session cannot be saved that another window of the same workbench has: it may be free soon. */
export const openElsewhere = 'Another window has it open'

/** A session that is open. */
export const OpenSession = z.object({
  id: z.string(),
  path: z.string(),
  /** Why it cannot be saved here, in a sentence; null when it can. */
  readOnly: z.string().nullable(),
  content: SessionContent,
  saved: SavedSession,
  models: z.array(SessionModel),
  texts: z.array(KeptCorpus),
  /** Models that are elsewhere than as it was saved, by themselves or because a person said so, in order. */
  moves: z.array(ModelMove),
  /** What was migrated, left out or damaged, a sentence each. */
  notes: z.array(z.string())
})
export type OpenSession = z.infer<typeof OpenSession>

/** The numbers that a session keeps. */
export const SessionKept = z.object({
  runs: z.array(
    z.object({
      source: RunSource,
      tokens: z.number(),
      /** Its values, and what each takes in the file, in bytes. */
      values: z.array(z.object({ hook: z.string(), bytes: z.number() }))
    })
  ),
  results: z.array(z.object({ request: AnalysisRequest, bytes: z.number() }))
})
export type SessionKept = z.infer<typeof SessionKept>

/** What a kept value or result came to as it was computed again. */
export const Rerun = z.object({
  /** Such as `blocks.0.attn.hook_pattern of "To be"`. */
  what: z.string(),
  /** One, or two that are compared. */
  models: z.array(ModelRef),
  edits: z.array(Edit),
  /** What an analysis or a figure was asked; null of a value. */
  params: Json,
  /** How what it read is cut into windows; null where nobody says. */
  cut: Cut.nullable(),
  /** What its numbers are rounded to. */
  precision: z.enum(['float32', 'float16']),
  /**
   * The largest difference of a number from the one that was kept, of numbers beyond one as a share of it; null where it could
   * not be computed again.
   */
  difference: z.number().nullable(),
  /** Why it could not, or what else is another; null for nothing. */
  problem: z.string().nullable()
})
export type Rerun = z.infer<typeof Rerun>

/** What a session came to as all of it was made again. */
export const SessionRerun = z.object({
  again: z.array(Rerun),
  /** What nothing computes again, and why. */
  left: z.array(z.object({ what: z.string(), why: z.string() })),
  /** Files and folders of this machine that were read, as the session carries no copy of them. */
  read: z.array(z.string()),
  /** Those that were not, as nobody said that they may be. */
  unread: z.array(z.string())
})
export type SessionRerun = z.infer<typeof SessionRerun>

/** What a session's file would take by what it keeps, in bytes, about. */
export const SessionSizes = z.object({
  recompute: z.number(),
  seen: z.number(),
  everything: z.number(),
  /** The corpora whose texts would be in it with everything, and what each takes. */
  texts: z.array(z.object({ name: ItemName, bytes: z.number() })),
  /** Of which that are read they would not be, a sentence each. */
  without: z.array(z.string())
})
export type SessionSizes = z.infer<typeof SessionSizes>
