import { isAbsolute, win32 } from 'node:path'
import { callsOf, type HandlerContext } from '#common/contract/rpc.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { SessionRerun } from '#common/contract/session.ts'
import { refuseOtherMachine } from '#common/model/absence.ts'
import { LamellaError } from '#common/model/errors.ts'
import { isSameModel, type ModelRef } from '#common/model/model-ref.ts'
import { onceEach } from '#common/model/once-each.ts'
import type { Analyses } from '../../analysis/analyses.ts'
import { readFromDisk, type ReadPath } from '../../analysis/corpus-sources.ts'
import type { OpenModels } from '../../model/open-models.ts'
import { stateOf } from '../kept-model.ts'
import type { KeptSession } from '../kept-session.ts'
import { keptSources } from '../kept-texts.ts'
import { startComparisons, type Computed, type Remaking } from './remaking.ts'
import { findingsToRerun, rerunFindings } from './rerun-findings.ts'
import { rerunNumbers } from './rerun-numbers.ts'
import { panelsToRerun, rerunPanels } from './rerun-panels.ts'

/** What computes a session again. */
export interface RerunParts {
  readonly computed: Computed
  readonly models: Pick<OpenModels, 'openBy'>
  readonly reading: Analyses['reading']
  /** Of Lamella. */
  readonly version: string
  /** Whether files of this machine may be read that the session carries no copy of. */
  readonly readFiles: boolean
}

/**
 * Makes all values, results, panels and findings of a session again, one after the other: of the texts that it carries, wherever
 * it keeps them, and of files on the disk where it carries none of them and they may be read: a stranger's session names what it likes.
 */
export async function rerun(
  { computed, models, reading, version, readFiles }: RerunParts,
  kept: KeptSession,
  context: HandlerContext
): Promise<SessionRerun> {
  const quiet = { ...context, progress: () => undefined }
  const opened: ModelInfo[] = []
  const read = new Set<string>()
  const unread = new Set<string>()
  const call = callsOf({ ...computed, 'analysis.run': reading(() => readCarried) }, quiet)
  const comparisons = startComparisons(context.signal)
  const total =
    kept.runs.length + kept.results.size + panelsToRerun(kept) + findingsToRerun(kept).length
  let done = 0
  const remaking: Remaking = {
    ...{ kept, call, comparisons, open: onceEach(open) },
    step: label => context.progress({ label, done: done++, total })
  }
  try {
    await rerunNumbers(remaking)
    await rerunPanels(remaking, version)
    await rerunFindings(remaking)
    return { ...comparisons.all, read: [...read], unread: [...unread] }
  } finally {
    for (const { id } of opened)
      await computed['models.close']({ modelId: id }, quiet).catch(() => undefined)
  }

  /** @throws LamellaError where the very model cannot be had */
  async function open(ref: ModelRef): Promise<ModelInfo> {
    const own = models.openBy(context.client).find(({ info }) => isSameModel(info, ref))
    if (own !== undefined) return own.info
    refuseOtherMachine(ref.path)
    const known = kept.models.find(({ info }) => isSameModel(info, ref))
    if (known !== undefined && (await stateOf(known)) === 'missing')
      throw new LamellaError('not-found', `${known.info.name} is not there`)
    const info = await computed['models.open']({ path: ref.path }, quiet)
    opened.push(info)
    if (info.fingerprint === ref.fingerprint) return info
    const name = known?.info.name ?? ref.path
    throw new LamellaError(
      'file-invalid',
      `${name} is another model now than the one of the session`
    )
  }

  async function readCarried(...[path, within]: Parameters<ReadPath>): ReturnType<ReadPath> {
    if (kept.texts.has(path)) return keptSources(kept, path)
    refuseOtherMachine(path)
    if (!isAbsolute(path)) throw noCopy(path)
    if (!readFiles) {
      unread.add(path)
      throw new LamellaError(
        'not-found',
        `${path}: the session has no copy of it, and files of this machine are not read unasked`
      )
    }
    const sources = await readFromDisk(path, within)
    read.add(path)
    return sources
  }
}

/** Of a path that says nothing of where it lies on this machine. */
function noCopy(path: string): LamellaError {
  const why = win32.isAbsolute(path)
    ? 'lies on another system, and the session has no copy of it'
    : 'the session has its name alone, and no copy of it'
  return new LamellaError('not-found', `${path}: ${why}`)
}
