import type { ModelInfo } from '../contract/schemas.ts'
import type { KeptCorpus, SavedSession, SessionKept, SessionModel } from '../contract/session.ts'
import type { DrawnFigure } from '../figure/drawn-figure.ts'
import type { KeptProvenance, PanelsProvenance } from '../figure/provenance.ts'
import type { SessionContent } from '../model/session.ts'

/** What a report of a session is made of. */
export interface ReportedSession {
  /** Such as `induction heads`. */
  readonly name: string
  /** What its file is called in commands. */
  readonly file: string
  /** Of the Lamella that reports. */
  readonly version: string
  /** When, in milliseconds since 1970. */
  readonly at: number
  /** Its file as it was saved last; null where it was never saved. */
  readonly saved: SavedSession | null
  /** Whether it differs from that. */
  readonly changed: boolean
  readonly content: SessionContent
  readonly models: readonly ReportedModel[]
  readonly kept: SessionKept
  /** The texts of corpora of files that its file keeps. */
  readonly texts: readonly KeptCorpus[]
  /** What was migrated, left out or damaged as it was read, a sentence each. */
  readonly notes: readonly string[]
}

/** A model that a session speaks of. */
export interface ReportedModel {
  readonly info: ModelInfo
  readonly state: SessionModel['state'] | 'unreadable'
  /** Fingerprints that it had where it lay before: figures name it by them. */
  readonly formerly: readonly string[]
}

/** A figure of a report. */
export interface ReportedFigure {
  readonly name: string
  /** What stands in place of one that cannot be drawn, and why. */
  readonly drawn: DrawnFigure | string
  readonly from: KeptProvenance | PanelsProvenance
}
