import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { RunInput } from '#common/model/run-input.ts'
import type { RunSource } from '#common/model/run-source.ts'
import { linkGroups, type LinkGroup } from '#common/model/subject.ts'
import { exactCount } from '#common/text/number-text.ts'
import { cancelWork } from '#common/model/cancel.ts'
import { useClient } from './client.ts'
import { useModels } from './models.ts'
import { sameSource } from './carried.ts'
import { useStatus } from './status.ts'
import { useTabs } from './tabs.ts'
import { useTasks } from './tasks.ts'
import { useLiveTokens } from './live-tokens.ts'
import { typedIds } from './token-ids.ts'

const runsKept = 24

/** Of each link group, by the path of the model. */
type Texts = Partial<Record<LinkGroup, Readonly<Record<string, string>>>>

/** The text of each group and model, and the runs made of it. */
export const useRuns = defineStore('runs', () => {
  const models = useModels()
  const status = useStatus()
  const tabs = useTabs()
  const tasks = useTasks()

  const texts = ref<Texts>({})
  /** The text edited last, which a model with none of its own starts with; never a list of ids. */
  const carried = ref('')
  const records = shallowRef<readonly Run[]>([])
  /** The run of each group, by the id of the model. */
  const currentIds = ref<Partial<Record<LinkGroup, Readonly<Record<string, string>>>>>({})
  const underWay = ref<readonly LinkGroup[]>([])
  const errors = shallowRef<Partial<Record<LinkGroup, LamellaError | null>>>({})
  const controllers = new Map<LinkGroup, { controller: AbortController; modelId: string }>()

  const text = computed({
    get: () => textOf(models.active, tabs.group),
    set: value => {
      if (!readsIds(models.active)) carried.value = value
      if (models.active) setText(models.active, value)
    }
  })
  const current = computed(() => currentOf(tabs.group))
  /** Whether the text on screen is the one that ran, computed as is asked for now. */
  const upToDate = computed(() => isCurrent(tabs.group))
  const running = computed(() => underWay.value.includes(tabs.group))
  const error = computed(() => errors.value[tabs.group] ?? null)
  /** What was typed as token ids, for a model without a tokenizer. */
  const typed = computed(() => {
    const { active } = models
    return readsIds(active) ? typedIds(text.value, active.config?.dVocab ?? Infinity) : null
  })
  const { tokens: tokenized, error: tokenizeError } = useLiveTokens(
    () => models.active,
    () => text.value
  )
  const liveTokens = computed(() => typed.value?.tokens ?? tokenized.value)
  const longest = computed(() => models.active?.config?.nCtx ?? Infinity)
  const tooLong = computed(() => liveTokens.value.length > longest.value)
  /** Why the text cannot run now; null when it can. */
  const notRunnable = computed(() => {
    const reason = unreadable(models.active, text.value)
    if (reason !== null) return reason
    if (tooLong.value)
      return `The text has ${exactCount(liveTokens.value.length)} tokens; the model reads at most ${exactCount(longest.value)}`
    return null
  })

  watch(
    () => models.active,
    (_, before) => {
      if (before && !readsIds(before)) carried.value = textOf(before, tabs.group)
    },
    { flush: 'sync' }
  )
  // What a closed model was computing nobody waits for.
  watch(
    () => models.open,
    open => {
      for (const { controller, modelId } of controllers.values())
        if (!open.some(({ id }) => id === modelId)) controller.abort()
      records.value = records.value.filter(({ modelId }) => open.some(({ id }) => id === modelId))
    },
    { flush: 'sync' }
  )

  function currentOf(group: LinkGroup): Run | null {
    const modelId = models.activeIds[group] ?? null
    const id = modelId === null ? undefined : currentIds.value[group]?.[modelId]
    return records.value.find(run => run.id === id) ?? null
  }

  /** Whether what a group shows is a run of what its text says now, by the provider that is chosen now. */
  function isCurrent(group: LinkGroup): boolean {
    return currentOf(group) !== null && outdated(group) === null
  }

  /** Why what a group shows is not what running its text would give now; null when it is, or there is nothing. */
  function outdated(group: LinkGroup): string | null {
    const model = models.activeOf(group)
    const run = currentOf(group)
    if (!model || !run) return null
    const { choice } = status
    if (!sameSource(run.source, sourceOf(model, textOf(model, group))))
      return 'from the text before'
    const asked = choice === 'auto' || choice === run.source.provider
    return asked ? null : `computed by ${run.source.provider}`
  }

  /** Runs a group's text, that of the focused one where none is named; a run of it under way is given up first. */
  async function start(group: LinkGroup = tabs.group): Promise<Run | null> {
    const model = models.activeOf(group)
    const own = textOf(model, group)
    const reason = group === tabs.group ? notRunnable.value : unreadable(model, own)
    if (!model || reason !== null) {
      if (reason !== null) setError(group, new LamellaError('invalid-argument', reason))
      return null
    }
    controllers.get(group)?.controller.abort()
    const controller = new AbortController()
    const isLatest = () => controllers.get(group)?.controller === controller
    controllers.set(group, { controller, modelId: model.id })
    underWay.value = [...underWay.value.filter(other => other !== group), group]
    setError(group, null)
    try {
      const record = await make(sourceOf(model, own), controller.signal)
      if (!isLatest()) return record
      const ofGroup = { ...currentIds.value[group], [model.id]: record.id }
      currentIds.value = { ...currentIds.value, [group]: ofGroup }
      return record
    } catch (thrown) {
      const failure = toLamellaError(thrown)
      if (failure.code !== 'cancelled' && isLatest()) setError(group, failure)
      return null
    } finally {
      if (isLatest()) {
        controllers.delete(group)
        underWay.value = underWay.value.filter(other => other !== group)
      }
    }
  }

  function setError(group: LinkGroup, failure: LamellaError | null): void {
    errors.value = { ...errors.value, [group]: failure }
  }

  /** A run of a source, for a view that stays on it; made when there is none yet. */
  async function ensure(source: RunSource, signal?: AbortSignal): Promise<Run> {
    const model = models.referred(source.model)
    if (!model)
      throw new LamellaError(
        'not-found',
        `${source.model.path} is not open as it was`,
        'Open it again.'
      )
    const own = {
      ...source,
      model: refOf(model),
      input: readsIds(model) ? idsOf(source.input) : source.input
    }
    return records.value.find(known => sameSource(known.source, own)) ?? make(own, signal)
  }

  async function make(source: RunSource, signal?: AbortSignal): Promise<Run> {
    const record = await tasks.track(
      'Running the text',
      options => useClient().call('runs.start', { source }, options),
      signal
    )
    const inUse = new Set(linkGroups.flatMap(group => Object.values(currentIds.value[group] ?? {})))
    const others = records.value.filter(({ id }) => id !== record.id)
    const spare = others.length - runsKept
    records.value = [...others.filter(({ id }, i) => i >= spare || inUse.has(id)), record]
    return record
  }

  /** Takes what has become of a run. */
  function update(run: Run): void {
    records.value = records.value.map(record => (record.id === run.id ? run : record))
  }

  function textOf(model: ModelInfo | null, group: LinkGroup): string {
    if (!model) return ''
    const own = texts.value[group]?.[model.path]
    return own ?? model.sampleText ?? (readsIds(model) ? '' : carried.value)
  }

  function setText(model: Pick<ModelInfo, 'path'>, value: string, group = tabs.group): void {
    texts.value = { ...texts.value, [group]: { ...texts.value[group], [model.path]: value } }
    setError(group, null)
  }

  /** What running a text of a model would be a run of. */
  function sourceOf(model: ModelInfo, text: string): RunSource {
    const input = readsIds(model) ? idsOf({ text }) : { text }
    return { model: refOf(model), input, edits: [], provider: status.choice }
  }

  /** A group begins with what another one has. */
  function copy(from: LinkGroup, to: LinkGroup): void {
    texts.value = { ...texts.value, [to]: { ...texts.value[from] } }
    currentIds.value = { ...currentIds.value, [to]: { ...currentIds.value[from] } }
  }

  function cancel(): void {
    const own = controllers.get(tabs.group)
    if (own) cancelWork(own.controller)
  }

  return {
    texts,
    text,
    records,
    current,
    upToDate,
    running,
    underWay,
    error,
    errors,
    typed,
    liveTokens,
    tokenizeError,
    tooLong,
    notRunnable,
    currentOf,
    isCurrent,
    outdated,
    start,
    ensure,
    update,
    setText,
    copy,
    cancel
  }
})

/** Why a model cannot run a text, as far as that is seen without its tokens; null when it can. */
function unreadable(model: ModelInfo | null, text: string): string | null {
  if (model === null) return 'No model is open'
  if (model.notRunnable !== null) return model.notRunnable
  if (!readsIds(model)) return text === '' ? 'There is no text' : null
  const { tokens, problems } = typedIds(text, model.config?.dVocab ?? Infinity)
  return problems[0] ?? (tokens.length === 0 ? 'No token ids are typed' : null)
}

/** Whether a model runs on token ids typed by hand, because it has no tokenizer. */
function readsIds(model: ModelInfo | null): model is ModelInfo {
  return model !== null && model.tokenizer === null
}

function idsOf(input: RunInput): RunInput {
  if (!('text' in input)) return input
  return { ids: typedIds(input.text, Infinity).tokens.map(({ id }) => id) }
}

/** A model as runs and tabs name it. */
export function refOf({ path, fingerprint }: ModelInfo) {
  return { path, fingerprint }
}
