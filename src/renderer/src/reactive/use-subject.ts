import { computed, watch } from 'vue'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { LamellaError } from '#common/model/errors.ts'
import type { ObjectSet } from '#common/model/object-set.ts'
import type { RunSource } from '#common/model/run-source.ts'
import {
  LinkGroup,
  subjectModel,
  type Cell,
  type Hover,
  type On,
  type Scope,
  type Subject
} from '#common/model/subject.ts'
import { useModels } from '../stores/models.ts'
import { sharesText } from '../stores/carried.ts'
import { refOf, useRuns } from '../stores/runs.ts'
import { useSelection } from '../stores/selection.ts'
import { useTabs } from '../stores/tabs.ts'
import { useLatest } from './use-latest.ts'

/** What a tab is about, as it stands now. */
export interface ViewSubject {
  /** Whose model, text and edits it has: a group's, or those of a tab that stands alone. */
  readonly scope: Scope
  /** Null of a tab that stands alone. */
  readonly group: LinkGroup | null
  readonly model: ModelInfo | null
  /** The newest run there is; null before there is one, and of a subject that is a model alone. */
  readonly run: Run | null
  readonly layer: number
  readonly head: number
  /** The tensor that is selected in the group, or that a tab stays on, by its name in the files. */
  readonly tensor: string | null
  /** The neuron of the layer that a tab stays on; null where it stays on none. */
  readonly neuron: number | null
  readonly cell: Cell | null
  readonly hover: Hover | null
  /** What is selected together, besides the one head and cell; `selected-objects.ts` tells what of it is where. */
  readonly selected: ObjectSet | null
  /** A newer run is under way. */
  readonly waiting: boolean
  /** Why the run is not what running the text would give now; null when it is. */
  readonly stale: string | null
  /** Why the text could not run. */
  readonly error: LamellaError | null
  selectHead(layer: number, head: number): void
  selectTensor(name: string): void
  selectCell(cell: Cell): void
  selectTogether(set: ObjectSet | null): void
  /** Selects together what a line that was drawn tells, where the session is from before that was kept. */
  selectUntold(set: ObjectSet | null): void
  point(hover: Hover | null): void
  /** Runs the text once more. */
  retry(): void
  /** The subject as it is now, to stay on; null where there is nothing to stay on. */
  fixed(at?: { readonly layer: number; readonly head: number }): Subject | null
}

/**
 * What is about what: the subject of a link group, or one that a tab stays on, resolved to a model and a run.
 * @param on null where there is no subject
 * @param scope what keeps the selection of a subject that stands alone: the id of its tab
 * @param move takes another place in a subject that stands alone
 * @param makes whether the run of a subject that stands alone is made when there is none
 */
export function useSubject(
  on: () => On | null,
  scope: () => string,
  move: (subject: Subject) => void,
  makes = true
): ViewSubject {
  const models = useModels()
  const runs = useRuns()
  const selection = useSelection()
  const tabs = useTabs()

  const group = computed(() => LinkGroup.safeParse(on()).data ?? null)
  const subject = computed(() => (group.value === null ? (on() as Subject | null) : null))
  const owner = computed(() => group.value ?? scope())
  const model = computed(() => {
    if (group.value !== null) return models.activeOf(group.value)
    return subject.value && models.referred(subjectModel(subject.value))
  })
  const held = useLatest(
    () => {
      const own = subject.value
      if (!makes || !own || !model.value || !('run' in own)) return null
      return { modelId: model.value.id, source: JSON.stringify(own.run) }
    },
    ({ source }, signal) => runs.ensure(JSON.parse(source) as RunSource, signal)
  )
  /** The run that is held; that of another text stays while it is on its way, one of another model never. */
  const heldRun = computed(() => {
    const { value } = held.standing
    return value?.modelId === model.value?.id ? value : null
  })
  const run = computed(() =>
    group.value === null ? (runs.currentOf(scope()) ?? heldRun.value) : runs.currentOf(group.value)
  )
  const place = computed(() => {
    if (group.value !== null) return selection.headOf(group.value)
    const { layer = 0, head = 0 } = subject.value?.at ?? {}
    return {
      layer: within(layer, model.value?.config?.nLayers),
      head: within(head, model.value?.config?.nHeads)
    }
  })
  /** Where cell and pointer are kept: with the group, also of a subject alone whose text is the group's. */
  const kept = computed(() => {
    if (group.value !== null) return group.value
    const current = runs.currentOf(tabs.group)
    return run.value && current && sharesText(current, run.value) ? tabs.group : scope()
  })

  watch(
    [model, run],
    () => {
      const isThere = run.value !== null || (subject.value !== null && !('run' in subject.value))
      if (model.value && isThere && group.value === null)
        selection.takeAwaited(model.value, run.value, scope())
    },
    { immediate: true }
  )
  const selected = computed(() => selection.setIn(model.value, run.value, kept.value))

  return {
    get scope() {
      return owner.value
    },
    get group() {
      return group.value
    },
    get model() {
      return model.value
    },
    get run() {
      return run.value
    },
    get layer() {
      return place.value.layer
    },
    get head() {
      return place.value.head
    },
    get tensor() {
      return group.value === null
        ? (subject.value?.at.tensor ?? null)
        : selection.tensorOf(group.value)
    },
    get neuron() {
      return subject.value?.at.neuron ?? null
    },
    get cell() {
      return run.value && selection.cellIn(run.value, kept.value)
    },
    get hover() {
      return run.value && selection.hoverIn(run.value, kept.value)
    },
    get selected() {
      return selected.value
    },
    get waiting() {
      return held.pending.value || runs.underWay.includes(owner.value)
    },
    get stale() {
      return runs.outdated(owner.value)
    },
    get error() {
      return runs.errorOf(owner.value) ?? held.error.value
    },
    selectHead(layer, head) {
      const { nLayers, nHeads } = model.value?.config ?? {}
      const at = { layer: within(layer, nLayers), head: within(head, nHeads) }
      if (group.value !== null) selection.selectHead(at.layer, at.head, group.value)
      else if (subject.value) move({ ...subject.value, at: { ...subject.value.at, ...at } })
    },
    selectTensor(name) {
      if (group.value !== null) selection.selectTensor(name, group.value)
      else if (subject.value) move({ ...subject.value, at: { ...subject.value.at, tensor: name } })
    },
    selectCell: cell => selection.selectCell(cell, run.value, kept.value),
    selectTogether: set => selection.selectSet(set, model.value, run.value, kept.value),
    selectUntold: set => selection.selectUntold(set, model.value, run.value, kept.value),
    point: hover => selection.setHover(hover, run.value, kept.value),
    retry() {
      if (held.error.value) held.retry()
      else void runs.start(owner.value)
    },
    fixed(at = place.value) {
      if (subject.value) return { ...subject.value, at: { ...subject.value.at, ...at } }
      if (run.value) return { run: run.value.source, at }
      return model.value && { model: refOf(model.value), at: {} }
    }
  }
}

/** An index as near as there is one. */
function within(index: number, length = Infinity): number {
  return Math.max(0, Math.min(length - 1, index))
}
