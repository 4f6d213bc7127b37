import type { Run } from '../contract/schemas.ts'
import { parseSessionWindow } from '../contract/session-window.ts'
import { isSameModel, type ModelRef } from '../model/model-ref.ts'
import type { RunInput } from '../model/run-input.ts'
import type { RunSource } from '../model/run-source.ts'
import type { ReportedSession } from './reported-session.ts'

/**
 * Tells runs that nobody asked for: a text that goes on is run as far as it has come, to tell how probable its tokens are and what else
 * might have come. No tab is of such a run, and nobody has begun it.
 */
export async function servedRuns(
  { content }: ReportedSession,
  read: { run(source: RunSource): Promise<Run> }
): Promise<(model: ModelRef, input: RunInput) => boolean> {
  const ofTabs = (parseSessionWindow(content.window)?.tabs ?? []).flatMap(({ context }) =>
    [context.on, context.with].flatMap(on =>
      on !== null && typeof on === 'object' && 'run' in on ? [on.run] : []
    )
  )
  const asked: Run[] = []
  for (const source of [...content.runs.map(({ source }) => source), ...ofTabs]) {
    const run = await read.run(source).catch(() => null)
    if (run !== null) asked.push(run)
  }
  return (model, input) => {
    if (!('ids' in input)) return false
    const begins = ({ tokens }: Run) => tokens.every(({ id }, at) => id === input.ids[at])
    const own = asked.filter(({ source }) => isSameModel(source.model, model)).filter(begins)
    const isAsked = own.some(({ tokens }) => tokens.length === input.ids.length)
    return own.length > 0 && !isAsked
  }
}
