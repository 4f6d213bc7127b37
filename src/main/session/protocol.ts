import type { Dataset } from '#common/data/dataset.ts'
import type { Json } from '#common/model/json.ts'
import type { CorpusFiles } from '#common/model/library.ts'
import type { Keep, SessionContent } from '#common/model/session.ts'
import type { Tensor } from '#common/model/tensor.ts'
import type { z } from 'zod'
import type { Table } from './format.ts'
import type { KeptTexts } from './text-rows.ts'

/** What a session's file says of itself. */
export interface SessionFile {
  /** Its links resolved. */
  readonly path: string
  /** Of the file as it was read: another one once it has changed. */
  readonly mark: string
  readonly saved: Saved
  readonly content: SessionContent
  /** JSON, by key, of rows that are whole. */
  readonly models: readonly string[]
  readonly runs: readonly string[]
  /** What was migrated, left out or damaged, a sentence each. */
  readonly notes: readonly string[]
}

/** A session's file as it was written last. */
export interface Saved {
  readonly at: number
  readonly version: string
  readonly keep: Keep
  readonly bytes: number
}

/** A row of JSON that the file does not look into. */
export interface JsonRow {
  readonly table: Exclude<Table, 'content' | 'meta' | 'trace_values' | 'results'>
  readonly key: string
  /** JSON. */
  readonly json: string
}

/** A value, and how exactly it is kept. */
export interface KeptValue {
  readonly value: Tensor
  readonly precision: 'float32' | 'float16'
}

/** What the thread of a session does. */
export interface SessionCalls {
  /** Takes it for this program's own. */
  lock: { argument: { readonly path: string }; result: 'held' | 'taken' | 'refused' }
  read: { argument: { readonly path: string }; result: SessionFile }
  /** Looks whether what lies at a path is a session of this or an earlier version. */
  recognise: { argument: { readonly path: string }; result: null }
  /** The mark of what lies at a path now; null for nothing. */
  mark: { argument: { readonly path: string }; result: string | null }
  /** The runs and hooks whose values are kept, and what each takes, in bytes. */
  values: {
    argument: null
    result: readonly { readonly run: string; readonly hook: string; readonly bytes: number }[]
  }
  /** A value, or a slice of its first axis; null where none is kept, or it is damaged. */
  value: {
    argument: { readonly run: string; readonly hook: string; readonly index?: number | undefined }
    result: KeptValue | null
  }
  /** What was asked for each dataset, and what it takes, in bytes. */
  results: {
    argument: null
    result: readonly {
      readonly key: string
      readonly request: z.infer<typeof Json>
      readonly bytes: number
    }[]
  }
  result: { argument: { readonly key: string }; result: Dataset | null }
  /** The corpora of files whose texts are kept; null of those that are damaged. */
  corpora: {
    argument: null
    result: readonly { readonly path: string; readonly files: CorpusFiles | null }[]
  }
  /** The texts of a path, and a digest of them; null where none are kept, or they are damaged. */
  texts: {
    argument: { readonly path: string }
    result: { readonly texts: KeptTexts; readonly digest: string } | null
  }
  /** Reads every row: how many there are, and which are not what was written. */
  check: {
    argument: null
    result: {
      readonly rows: number
      readonly isWhole: boolean
      readonly damaged: readonly string[]
    }
  }
  /** Begins a file that will take the place of what is at a path. */
  begin: { argument: { readonly path: string }; result: null }
  putJson: { argument: JsonRow; result: null }
  /** Numbers are brought to the precision that they are kept in by the thread. */
  putValue: {
    argument: KeptValue & {
      readonly run: string
      readonly hook: string
      readonly bySlice: boolean
    }
    result: null
  }
  putResult: {
    argument: {
      readonly key: string
      readonly request: z.infer<typeof Json>
      readonly result: Dataset
    }
    result: null
  }
  putTexts: { argument: KeptTexts; result: null }
  /** Ends the file, puts it in its place, and reads from it from then on. */
  finish: {
    argument: {
      readonly content: SessionContent
      readonly saved: Omit<Saved, 'bytes'>
      /** Mark of the file that it takes the place of, null where there is none; left out it takes that of any. */
      readonly over?: string | null
    }
    result: { readonly file: SessionFile }
  }
  abandon: { argument: null; result: null }
  close: { argument: null; result: null }
}
