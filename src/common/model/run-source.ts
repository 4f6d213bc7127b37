import { z } from 'zod'
import { Edit } from './edit.ts'
import { ModelRef } from './model-ref.ts'
import { Provider, ProviderChoice } from './provider.ts'
import { RunInput } from './run-input.ts'

/** One edit covers any number of places at its hook: more than this is a mistake. */
export const mostEdits = 1024

/**
 * All that makes a run what it is: everything that can be looked at is of one. Plain JSON, which sessions, links, the
 * command line and the cache share.
 */
export const RunSource = z.object({
  model: ModelRef,
  input: RunInput,
  edits: z.array(Edit).max(mostEdits).default([]),
  provider: ProviderChoice.default('auto')
})
export type RunSource = z.infer<typeof RunSource>

/** The source of a run that was made: it names the provider that computes it. */
export const MadeRunSource = RunSource.extend({ provider: Provider })
export type MadeRunSource = z.infer<typeof MadeRunSource>
