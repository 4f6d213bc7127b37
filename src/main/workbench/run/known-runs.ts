import { LamellaError } from '#common/model/errors.ts'
import { createBoundedMap } from '../bounded-map.ts'
import type { Model } from '../model/model.ts'
import type { RunRecord } from './run-record.ts'
import type { Runnable } from './runnable.ts'

/** The runs that are known by their ids: those used last. One that is forgotten is known again once it is started again. */
export interface KnownRuns {
  /** @throws LamellaError `not-found` */
  get(runId: string): RunRecord<Runnable>
  /** Null where it is not known. */
  find(runId: string): RunRecord<Runnable> | null
  keep(record: RunRecord<Runnable>): void
  /** Forgets all runs of a model. */
  forget(model: Model): void
  readonly size: number
}

/** What all that is known may take, in tokens; one is some 150 bytes. */
const mostTokens = 2 ** 17

/** What a run takes beside its tokens and its edits, in tokens. */
const ownSize = 64

/** @param most tokens of all runs together; a run counts `ownSize` more, and what its edits say */
export function createKnownRuns(most = mostTokens): KnownRuns {
  const records = createBoundedMap<RunRecord<Runnable>>(most, sizeOf)

  return {
    get(runId) {
      const record = records.get(runId)
      if (record === undefined)
        throw new LamellaError('not-found', 'This run is gone', 'Run the text again.')
      return record
    },
    find: runId => records.get(runId) ?? null,
    keep: record => records.set(record.run.id, record),
    forget({ info }) {
      for (const [id, { model }] of records.entries())
        if (model.info.id === info.id) records.delete(id)
    },
    get size() {
      return records.size
    }
  }
}

/** In tokens: of edits a number or a character counts a hundredth. */
function sizeOf({ run }: RunRecord<Runnable>): number {
  return ownSize + run.tokens.length + JSON.stringify(run.source).length / 100
}
