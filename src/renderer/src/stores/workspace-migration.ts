import { z } from 'zod'
import type { Subject, TabContext } from '#common/model/subject.ts'

const Pin = z.object({
  modelPath: z.string(),
  text: z.string().optional(),
  layer: z.int().min(0).optional(),
  head: z.int().min(0).optional()
})

/** What version 1 kept of a tab: what it was pinned to, if it was. */
const PinnedContext = z.object({ pin: Pin.nullable().catch(null) })

const First = z.looseObject({
  version: z.literal(1),
  activeModel: z.unknown().optional(),
  texts: z.unknown().optional(),
  tabs: z.array(z.unknown()).catch([]),
  selection: z.looseObject({}).catch({})
})

/** An arrangement of an earlier version as this one keeps it; anything else as it is. */
export function migrated(saved: unknown): unknown {
  const first = First.safeParse(saved)
  if (!first.success) return saved
  const { activeModel, texts, tabs, selection, ...rest } = first.data
  return {
    ...rest,
    version: 2,
    groups: [{ ...selection, name: 'A', model: activeModel, texts }],
    tabs: tabs.map(withSubject)
  }
}

/** A tab that was pinned stays on what it was pinned to; the others follow group A. */
function withSubject(tab: unknown): unknown {
  if (typeof tab !== 'object' || tab === null) return tab
  const parsed = PinnedContext.safeParse((tab as { context?: unknown }).context)
  const pin = parsed.success ? parsed.data.pin : null
  const context: TabContext = { on: pin === null ? 'A' : pinnedSubject(pin), with: null }
  return { ...tab, context }
}

function pinnedSubject({ modelPath: path, text, layer, head }: z.infer<typeof Pin>): Subject {
  // Which files it was pinned to was not kept: those that are there are taken.
  const model = { path, fingerprint: '' }
  const at = { ...(layer !== undefined && { layer }), ...(head !== undefined && { head }) }
  if (text === undefined) return { model, at }
  return { run: { model, input: { text }, edits: [], provider: 'auto' }, at }
}
