import type { PanelContent } from '#common/figure/panels/panel-content.ts'
import type { Origin } from '#common/figure/provenance.ts'
import type { Edit } from '#common/model/edit.ts'
import type { RunInput } from '#common/model/run-input.ts'
import { LinkGroup } from '#common/model/subject.ts'
import { useModels } from './models.ts'
import { useRuns } from './runs.ts'
import { useSession } from './session.ts'

/** Of what a panel is drawn of, and where that was taken. */
export interface Standing extends Pick<PanelContent, 'from'> {
  readonly made: Pick<PanelContent['made'], 'context'>
}

/** What a link group shows now. */
export interface GroupState {
  readonly model: {
    readonly name: string
    readonly fingerprint: string
    /** What the session's file knows it by from places where it lay before. */
    readonly formerly: readonly string[]
    /** Nothing stands in for it. */
    readonly computes: boolean
  } | null
  /** Null where nothing has run. */
  readonly run: { readonly input: RunInput; readonly edits: readonly Edit[] } | null
}

/**
 * Why a panel is not of what its group is about now, in a few words; null where it is, or stays on its subject.
 * @param mayBeOfOther whether it may be of a model of another name than its group is, as in a figure of several
 */
export function panelStanding(
  { from, made: { context } }: Standing,
  stateOf: (group: string) => GroupState,
  mayBeOfOther = false
): string | null {
  const sides = [
    [context.on, from?.of],
    [context.with, from?.beside ?? from?.less ?? undefined]
  ] as const
  for (const [on, origin] of sides) {
    if (typeof on !== 'string' || !origin) continue
    const now = stateOf(on)
    if (now.model === null) return `no model is shown in group ${on} now`
    const isNamedOtherwise = origin.model !== now.model.name
    if (mayBeOfOther && isNamedOtherwise && !isOf(origin, now.model)) continue
    const why = differs(origin, now.model, now.run)
    if (why !== null) return why
  }
  return null
}

/** Why a panel is not of what the window shows now, as `panelStanding` says it. */
export function usePanelStanding(): (panel: Standing, mayBeOfOther?: boolean) => string | null {
  const models = useModels()
  const runs = useRuns()
  const session = useSession()
  const stateOf = (name: string): GroupState => {
    const group = LinkGroup.parse(name)
    const model = models.activeOf(group)
    return {
      model: model && {
        name: models.nameAt(model.path),
        fingerprint: model.fingerprint,
        formerly: session.formerly(model.fingerprint),
        computes: !model.absent
      },
      run: runs.currentOf(group)?.source ?? null
    }
  }
  return (panel, mayBeOfOther) => panelStanding(panel, stateOf, mayBeOfOther)
}

function isOf({ fingerprint }: Origin, model: NonNullable<GroupState['model']>): boolean {
  return model.fingerprint === fingerprint || model.formerly.includes(fingerprint)
}

function differs(
  origin: Origin,
  model: NonNullable<GroupState['model']>,
  run: GroupState['run']
): string | null {
  const { model: name, input, edits, kept } = origin
  if (!isOf(origin, model))
    return name === model.name ? `of other files of ${name}` : `of another model than ${model.name}`
  if (kept && model.computes) return 'of numbers that were kept, where its model computes'
  if (input === null || run === null) return null
  if (!isAlike(input, run.input)) return 'of another text'
  return isAlike(edits, run.edits) ? null : 'edited otherwise'
}

function isAlike(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
