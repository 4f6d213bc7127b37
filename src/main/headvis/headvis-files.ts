import type { Dataset } from '#common/data/dataset.ts'
import type { HeadVisConfig } from '#common/analysis/head-sequences/headvis-schema.ts'
import type {
  HeadVisFacts,
  HeadVisProfile
} from '#common/analysis/head-sequences/headvis-profile.ts'
import { copiedDataset } from '../threads/copied.ts'
import { movableDataset } from '../threads/movable-dataset.ts'
import { oneCall } from '../threads/one-call.ts'
import { startThread } from '../threads/thread.ts'

/** What holds of all of a tree that is written. */
export interface WrittenFacts {
  readonly facts: Pick<
    HeadVisConfig,
    'model_name' | 'dataset_name' | 'n_layers' | 'n_heads' | 'n_intervals'
  >
  readonly made: Readonly<Record<string, unknown>>
}

/** What a thread that has to do with trees does. */
export interface HeadVisCalls {
  facts: { argument: { readonly path: string }; result: HeadVisFacts }
  profile: {
    argument: { readonly path: string; readonly layer: number; readonly head: number }
    result: HeadVisProfile
  }
  begin: { argument: { readonly folder: string }; result: void }
  /** Writes the files of heads, and tells how many. */
  heads: { argument: { readonly sequences: Dataset }; result: number }
  /** Writes all other files. */
  rest: { argument: WrittenFacts & { readonly scores: Dataset }; result: number }
  undo: { argument: null; result: void }
}

/** Trees that HeadVis shows, read and written in threads of their own. */
export interface HeadVisFiles {
  /** @throws LamellaError as `readHeadVis` does; what `signal` is aborted with */
  facts(path: string, signal: AbortSignal): Promise<HeadVisFacts>
  profile(at: HeadVisCalls['profile']['argument'], signal: AbortSignal): Promise<HeadVisProfile>
  /** Begins to write one into a folder as `inTreeFolder` has it. */
  write(folder: string): Promise<WrittenTree>
}

/** A tree that is written, one part after the other; each tells how many files it has. */
export interface WrittenTree {
  /** @param sequences what `head-sequences` came to for some layers */
  heads(sequences: Dataset): Promise<number>
  /** @param scores what `head-scores` came to for all of them */
  rest(scores: Dataset, what: WrittenFacts): Promise<number>
  /** Removes what was written. */
  undo(): Promise<void>
  end(): void
}

/** @param entry the module that a thread runs */
export function createHeadVisFiles(entry: string): HeadVisFiles {
  return {
    facts: (path, signal) =>
      oneCall<HeadVisCalls, 'facts'>(entry, reading, 'facts', { path }, signal),
    profile: (at, signal) =>
      oneCall<HeadVisCalls, 'profile'>(entry, reading, 'profile', at, signal),
    async write(folder) {
      const thread = startThread<HeadVisCalls>(entry, writing)
      await thread.ask('begin', { folder }).catch((error: unknown) => {
        thread.stop()
        throw error
      })
      return {
        async heads(result) {
          const sequences = await copiedDataset(result)
          return thread.ask('heads', { sequences }, movableDataset(sequences))
        },
        async rest(result, what) {
          const scores = await copiedDataset(result)
          return thread.ask('rest', { scores, ...what }, movableDataset(scores))
        },
        undo: () => thread.ask('undo', null),
        end: () => thread.stop()
      }
    }
  }
}

const reading = { name: 'Lamella HeadVis', does: 'reads it' }
const writing = { name: 'Lamella HeadVis', does: 'writes it' }
