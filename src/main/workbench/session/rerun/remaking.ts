import { z } from 'zod'
import type { Calls, Handlers } from '#common/contract/rpc.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { Rerun, SessionRerun } from '#common/contract/session.ts'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import { firstFault } from '#common/model/first-fault.ts'
import type { ModelRef } from '#common/model/model-ref.ts'
import type { KeptSession } from '../kept-session.ts'

/** What computes anew, whatever a session keeps. */
export type Computed = Pick<
  Handlers,
  | 'models.open'
  | 'models.close'
  | 'text.tokenize'
  | 'text.decode'
  | 'text.vocabulary'
  | 'runs.start'
  | 'runs.complete'
  | 'runs.generate'
  | 'runs.value'
>

/** What all that a session keeps is made again with. */
export interface Remaking {
  readonly kept: KeptSession
  /** What computes anew, whatever the session keeps, of the texts that it carries. */
  readonly call: Calls<keyof Computed | 'analysis.run'>
  /** The very model of a reference, opened once. @throws LamellaError where it cannot be had */
  readonly open: (ref: ModelRef) => Promise<ModelInfo>
  /** Says what is made next. */
  readonly step: (label: string) => void
  readonly comparisons: Comparisons
}

/** What was compared. */
export type RerunOf = Omit<Rerun, 'difference' | 'problem'>

/** How far something is from what was kept, or why that cannot be told of it. */
export type Compared = number | { readonly why: string }

/** What is compared, and what that came to so far. */
export interface Comparisons {
  /**
   * Tells what a comparison came to, or why it could not be made.
   * @param compared is given what tells what is known better by then of what is compared
   */
  add(
    of: RerunOf,
    compared: (known: (more: Partial<RerunOf>) => void) => Promise<Compared>
  ): Promise<void>
  /** Tells what nothing computes again. */
  leave(what: string, why: string): void
  readonly all: Pick<SessionRerun, 'again' | 'left'>
}

export function startComparisons(signal: AbortSignal): Comparisons {
  const again: Rerun[] = []
  const left: SessionRerun['left'] = []
  const leave = (what: string, why: string) => void left.push({ what, why })
  return {
    all: { again, left },
    leave,
    async add(of, compared) {
      let known = of
      try {
        const came = await compared(more => (known = { ...known, ...more }))
        if (typeof came === 'number') again.push({ ...known, difference: came, problem: null })
        else leave(of.what, came.why)
      } catch (thrown) {
        signal.throwIfAborted()
        // Settings of a stranger's file are of no view's kind.
        const problem =
          thrown instanceof z.ZodError ? firstFault(thrown) : toLamellaError(thrown).message
        again.push({ ...known, difference: null, problem })
      }
    }
  }
}

/**
 * The model that something of a session is of, as the session knows it now.
 * @param isOne whether a model is it, by one of the fingerprints that it has had
 * @throws LamellaError where the session does not know it
 */
export function modelOf(
  { models }: Pick<KeptSession, 'models'>,
  name: string,
  isOne: (model: Pick<ModelInfo, 'name' | 'fingerprint'>) => boolean
): ModelRef {
  const known = models.find(({ info, formerly }) =>
    [info.fingerprint, ...formerly].some(fingerprint => isOne({ ...info, fingerprint }))
  )
  if (known === undefined)
    throw new LamellaError('not-found', `the session does not know the model ${name} that it is of`)
  const { path, fingerprint } = known.info
  return { path, fingerprint }
}
