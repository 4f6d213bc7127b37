import { z } from 'zod'
import { ModelRef } from '#common/model/model-ref.ts'
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

/** What was chosen of a path before it was said of which model: what is there now, what was kept, or a reference to that. */
const FormerChoice = z.union([z.enum(['present', 'kept']), ModelRef.strict()])

const Chosen = z.looseObject({
  chosen: z.record(z.string(), z.unknown()),
  fingerprints: z.record(z.string(), z.string()).catch({})
})

/** An arrangement of an earlier version as this one keeps it; anything else as it is. */
export function migrated(saved: unknown): unknown {
  return withChoices(withGroups(saved))
}

/** A choice that did not say of which model it was is of the one that was open last; where nobody knows that, there is none. */
function withChoices(saved: unknown): unknown {
  const { data } = Chosen.safeParse(saved)
  if (data === undefined) return saved
  const chosen = Object.entries(data.chosen).flatMap(([path, own]) => {
    const former = FormerChoice.safeParse(own).data
    if (former === undefined) return [[path, own]]
    const known = typeof former === 'string' ? data.fingerprints[path] : former.fingerprint
    const as = former === 'present' ? former : 'aside'
    return known === undefined ? [] : [[path, { path, fingerprint: known, as }]]
  })
  return { ...data, chosen: Object.fromEntries(chosen) as unknown }
}

function withGroups(saved: unknown): unknown {
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
