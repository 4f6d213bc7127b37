import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { Edit } from '#common/model/edit.ts'
import type { RunSource } from '#common/model/run-source.ts'
import { linkGroups, type LinkGroup, type Scope } from '#common/model/subject.ts'
import { inputText } from '#common/text/input-text.ts'
import { exactCount } from '#common/text/number-text.ts'
import { cancelWork } from '#common/model/cancel.ts'
import { useClient } from './client.ts'
import { useLibrary } from './library.ts'
import { useModels } from './models.ts'
import { sameSource } from './carried.ts'
import { useStatus } from './status.ts'
import { useTabs } from './tabs.ts'
import { useTasks } from './tasks.ts'
import { useLiveTokens } from './live-tokens.ts'
import { idsOf, typedIds } from './token-ids.ts'

const runsKept = 24

/** Of each group, or tab that stands alone, by the path of the model. */
type OfScopes<T> = Partial<Record<Scope, Readonly<Record<string, T>>>>

interface Failure {
  readonly source: RunSource
  readonly error: LamellaError
}

/** The text and the edits of each group and model, and the runs made of them. */
export const useRuns = defineStore('runs', () => {
  const models = useModels()
  const status = useStatus()
  const tabs = useTabs()
  const tasks = useTasks()
  const library = useLibrary()

  const texts = ref<OfScopes<string>>({})
  /** What is typed as ids for a model that has a tokenizer; where there is something, it is what runs. */
  const ids = ref<OfScopes<string | null>>({})
  const edits = shallowRef<OfScopes<readonly Edit[]>>({})
  /** The text edited last, which a model with none of its own starts with; never a list of ids. */
  const carried = ref('')
  const records = shallowRef<readonly Run[]>([])
  /** The run of each group, by the id of the model. */
  const currentIds = ref<OfScopes<string>>({})
  const underWay = ref<readonly Scope[]>([])
  /** What could not run last, and why. */
  const failures = shallowRef<Partial<Record<Scope, Failure | null>>>({})
  /** Why what was asked for last was not begun. */
  const refused = ref<string | null>(null)
  const controllers = new Map<Scope, { controller: AbortController; modelId: string }>()
  /** Texts that became a group's own as they ran there, since that was taken last. */
  let unasked: readonly { scope: Scope; path: string; text: string }[] = []

  const text = computed({
    get: () => textOf(models.active, tabs.scope),
    set: value => {
      if (!readsIds(models.active, tabs.scope)) carried.value = value
      if (models.active) setText(models.active, value)
    }
  })
  /** Whether what is typed is read as token ids. */
  const byIds = computed(() => readsIds(models.active, tabs.scope))
  const current = computed(() => currentOf(tabs.scope))
  /** Whether the text on screen is the one that ran, computed as is asked for now. */
  const upToDate = computed(() => isCurrent(tabs.scope))
  const running = computed(() => underWay.value.includes(tabs.scope))
  /** What was typed as token ids; null where a text is typed. */
  const typed = computed(() =>
    byIds.value ? typedIds(text.value, models.active?.config?.dVocab ?? Infinity) : null
  )
  const live = useLiveTokens(
    () => (byIds.value ? null : models.active),
    () => text.value
  )
  const tokenizeError = live.error
  const liveTokens = computed(() => typed.value?.tokens ?? live.tokens.value)
  const longest = computed(() => models.active?.config?.nCtx ?? Infinity)
  const tooLong = computed(
    () => (byIds.value || live.known.value) && liveTokens.value.length > longest.value
  )
  /** Why the text cannot run now; null when it can. */
  const notRunnable = computed(() => {
    const reason = unreadable(models.active, tabs.scope)
    if (reason !== null) return reason
    if (tooLong.value)
      return `The text has ${exactCount(liveTokens.value.length)} tokens; the model reads at most ${exactCount(longest.value)}`
    // That its tokens could not be asked for says nothing against it.
    return tokenizeError.value?.code === 'disconnected'
      ? null
      : (tokenizeError.value?.message ?? null)
  })

  watch(
    [() => models.active, () => tabs.scope] as const,
    (_, [before, scope]) => {
      if (before && !readsIds(before, scope)) carried.value = textOf(before, scope)
    },
    { flush: 'sync' }
  )
  watch([text, () => models.active], () => (refused.value = null), { flush: 'sync' })
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

  function currentOf(scope: Scope): Run | null {
    const alone = tabs.subjectOf(scope)
    if (alone) return 'run' in alone ? (made(alone.run) ?? null) : null
    const modelId = models.activeIds[scope as LinkGroup] ?? null
    const id = modelId === null ? undefined : currentIds.value[scope]?.[modelId]
    return records.value.find(run => run.id === id) ?? null
  }

  /** A run of a source, when there is one; by the provider that is asked for, where one is. */
  function made(source: RunSource): Run | undefined {
    const own = resolved(source)
    return records.value.findLast(
      ({ source: known }) =>
        own !== null &&
        sameSource(known, own) &&
        (own.provider === 'auto' || own.provider === known.provider)
    )
  }

  /** A source as a run of it names it: with the files of its model as they are open, and ids where it reads ids. */
  function resolved(source: RunSource): RunSource | null {
    const model = models.referred(source.model)
    if (!model) return null
    const input = model.tokenizer === null ? idsOf(source.input) : source.input
    return { ...source, model: refOf(model), input }
  }

  /** Whether what a group shows is a run of what its text says now, by the provider that is chosen now. */
  function isCurrent(scope: Scope): boolean {
    return currentOf(scope) !== null && outdated(scope) === null
  }

  /** Why what a group shows is not what running its text would give now; null when it is, or there is nothing. */
  function outdated(scope: Scope): string | null {
    const model = models.activeOf(scope)
    const run = currentOf(scope)
    if (!model || !run) return null
    const asked = sourceOf(model, scope)
    if (!sameSource({ ...run.source, edits: asked.edits }, asked)) return 'from the text before'
    if (!sameSource(run.source, asked)) return 'from the edits before'
    const { choice } = status
    if (tabs.subjectOf(scope) || choice === 'auto' || choice === run.source.provider) return null
    return `computed by ${run.source.provider}`
  }

  /**
   * Runs a group's text, that of the focused tab where none is named; a run of it under way is given up first.
   * @param comesBack whether it runs as it did before, such as with a session that is opened: nobody asked for it anew
   */
  async function start(scope: Scope = tabs.scope, comesBack = false): Promise<Run | null> {
    const model = models.activeOf(scope)
    const reason = refusalOf(scope)
    if (!model || reason !== null) {
      refused.value = reason
      return null
    }
    controllers.get(scope)?.controller.abort()
    const controller = new AbortController()
    const isLatest = () => controllers.get(scope)?.controller === controller
    controllers.set(scope, { controller, modelId: model.id })
    underWay.value = [...underWay.value.filter(other => other !== scope), scope]
    setFailure(scope, null)
    const source = sourceOf(model, scope)
    keepText(model, scope)
    try {
      const record = await make(source, controller.signal)
      if (isLatest()) show(record, scope, model.id)
      const past = { source, modelName: model.name, at: Date.now() }
      // What stands in computes nothing: it ran when it was kept.
      if (!model.absent) void (comesBack ? library.rememberNew(past) : library.remember(past))
      return record
    } catch (thrown) {
      const failure = toLamellaError(thrown)
      if (failure.code !== 'cancelled' && isLatest()) setFailure(scope, { source, error: failure })
      return null
    } finally {
      if (isLatest()) {
        controllers.delete(scope)
        underWay.value = underWay.value.filter(other => other !== scope)
      }
    }
  }

  /** What a group runs is its own text from then on, whatever is typed elsewhere. */
  function keepText(model: ModelInfo, scope: Scope): void {
    const { path } = model
    if (readsIds(model, scope) || tabs.subjectOf(scope)) return
    if (texts.value[scope]?.[path] !== undefined) return
    const text = textOf(model, scope)
    put(texts, scope, path, text)
    unasked = [...unasked, { scope, path, text }]
  }

  /** The same texts with those that became a group's own as they ran: nobody typed them, and it is nothing to take back. It is told once. */
  function withUnasked(before: OfScopes<string>): OfScopes<string> {
    const own = { value: before }
    const has = (all: OfScopes<string>, scope: Scope, path: string) =>
      all[scope]?.[path] !== undefined
    for (const { scope, path, text } of unasked)
      // What was taken away since, as by another session, was not there before either.
      if (has(texts.value, scope, path) && !has(before, scope, path)) put(own, scope, path, text)
    unasked = []
    return own.value
  }

  /** A group goes to a run, which is of its model; a tab that stands alone stays on it from now on. */
  function show(record: Run, scope: Scope, modelId: string): void {
    const alone = tabs.subjectOf(scope)
    if (!alone) {
      const ofGroup = { ...currentIds.value[scope], [modelId]: record.id }
      currentIds.value = { ...currentIds.value, [scope]: ofGroup }
    } else if ('run' in alone) tabs.putOn(scope, { ...alone, run: record.source })
  }

  function setFailure(scope: Scope, failure: Failure | null): void {
    failures.value = { ...failures.value, [scope]: failure }
  }

  /** Why what a group's text says now could not run; null where it did, or another was asked for. */
  function errorOf(scope: Scope): LamellaError | null {
    const failure = failures.value[scope]
    const model = models.activeOf(scope)
    if (!failure || !model) return null
    return sameSource(failure.source, sourceOf(model, scope)) ? failure.error : null
  }

  /** A run of a source, for a view that stays on it; made when there is none yet. */
  async function ensure(source: RunSource, signal?: AbortSignal): Promise<Run> {
    const own = resolved(source)
    if (!own)
      throw new LamellaError(
        'not-found',
        `${source.model.path} is not open as it was`,
        'Open the model again.'
      )
    return made(own) ?? make(own, signal)
  }

  async function make(source: RunSource, signal?: AbortSignal): Promise<Run> {
    const answer = await tasks.track(
      'Running the text',
      options => useClient().call('runs.start', { source }, options),
      signal
    )
    // The edits as they were asked for: what is asked for next is compared with them.
    const record = { ...answer, source: { ...answer.source, edits: source.edits } }
    const alone = tabs.tabs.flatMap(({ id }) => currentOf(id)?.id ?? [])
    const ofGroups = linkGroups.flatMap(group => Object.values(currentIds.value[group] ?? {}))
    const inUse = new Set([...alone, ...ofGroups])
    const others = records.value.filter(({ id }) => id !== record.id)
    const spare = others.length - runsKept
    records.value = [...others.filter(({ id }, i) => i >= spare || inUse.has(id)), record]
    return record
  }

  /** Leaves all that ran: another session begins. */
  function leaveAll(): void {
    for (const { controller } of controllers.values()) controller.abort()
    records.value = []
    currentIds.value = {}
  }

  /** Takes what has become of a run. */
  function update(run: Run): void {
    records.value = records.value.map(record =>
      record.id === run.id ? { ...run, source: record.source } : record
    )
  }

  /** Whether what is typed for a model is read as token ids: it has no tokenizer, or ids were asked for. */
  function readsIds(model: ModelInfo | null, scope: Scope): boolean {
    return model !== null && (model.tokenizer === null || typedIdsOf(model, scope) !== null)
  }

  function typedIdsOf({ path }: ModelInfo, scope: Scope): string | null {
    const own = ids.value[scope]?.[path]
    if (own !== undefined) return own
    const alone = tabs.subjectOf(scope)
    return alone && 'run' in alone && 'ids' in alone.run.input ? inputText(alone.run.input) : null
  }

  /** Reads what is typed as ids, those of the present tokens to begin with, or as text again. */
  function typeIds(wanted: boolean): void {
    const { active } = models
    if (!active) return
    const present = wanted ? liveTokens.value.map(({ id }) => id).join(', ') : null
    put(ids, tabs.scope, active.path, present)
  }

  function textOf(model: ModelInfo | null, scope: Scope): string {
    if (!model) return ''
    const asIds = model.tokenizer === null ? null : typedIdsOf(model, scope)
    if (asIds !== null) return asIds
    const own = texts.value[scope]?.[model.path]
    if (own !== undefined) return own
    const alone = tabs.subjectOf(scope)
    if (alone && 'run' in alone) return inputText(alone.run.input)
    return firstText(model)
  }

  /** What a model starts with: its sample, where it can be read; else the text edited last. */
  function firstText({ sampleText, tokenizer, config }: ModelInfo): string {
    if (tokenizer !== null) return sampleText ?? carried.value
    // A model whose tokenizer is damaged may have a sample, which is no list of ids.
    const { problems } = typedIds(sampleText ?? '', config?.dVocab ?? Infinity)
    return problems.length === 0 ? (sampleText ?? '') : ''
  }

  function setText(model: ModelInfo, value: string, scope: Scope = tabs.scope): void {
    const asIds = model.tokenizer !== null && typedIdsOf(model, scope) !== null
    put<string | null>(asIds ? ids : texts, scope, model.path, value)
    setFailure(scope, null)
  }

  function editsOf(model: ModelInfo, scope: Scope): readonly Edit[] {
    const own = edits.value[scope]?.[model.path]
    if (own !== undefined) return own
    const alone = tabs.subjectOf(scope)
    return alone && 'run' in alone ? alone.run.edits : []
  }

  function setEdits(next: readonly Edit[], scope: Scope = tabs.scope): void {
    const model = models.activeOf(scope)
    if (!model) return
    put(edits, scope, model.path, next)
    setFailure(scope, null)
  }

  /** What running the text of a group would be a run of. */
  function sourceOf(model: ModelInfo, scope: Scope): RunSource {
    const own = { text: textOf(model, scope) }
    const input = readsIds(model, scope) ? idsOf(own) : own
    const { choice: provider } = status
    return { model: refOf(model), input, edits: [...editsOf(model, scope)], provider }
  }

  /** Takes the input and the edits of a source, to be run. */
  function take({ input, edits: next }: RunSource, model: ModelInfo, scope: Scope): void {
    const written = inputText(input)
    const own = model.tokenizer === null
    if (!own) put(ids, scope, model.path, 'ids' in input ? written : null)
    if (own || 'text' in input) put(texts, scope, model.path, written)
    put(edits, scope, model.path, next)
    setFailure(scope, null)
  }

  /** Why a model cannot run its text, as far as that is seen without its tokens; null when it can. */
  function unreadable(model: ModelInfo | null, scope: Scope): string | null {
    if (model === null) return 'No model is open'
    if (model.notRunnable !== null) return model.notRunnable
    const alone = tabs.subjectOf(scope)
    if (alone && !('run' in alone)) return 'This tab is about the model alone'
    const own = textOf(model, scope)
    if (!readsIds(model, scope)) return own === '' ? 'There is no text' : null
    const { tokens, problems } = typedIds(own, model.config?.dVocab ?? Infinity)
    return problems[0] ?? (tokens.length === 0 ? 'No token ids are typed' : null)
  }

  /** The same of a group, or a tab that stands alone, also by its tokens where it is in focus. */
  function refusalOf(scope: Scope): string | null {
    return scope === tabs.scope ? notRunnable.value : unreadable(models.activeOf(scope), scope)
  }

  /** A group begins with what another one has. */
  function copy(from: LinkGroup, to: LinkGroup): void {
    for (const own of [texts, ids, edits, currentIds] as { value: OfScopes<unknown> }[])
      own.value = { ...own.value, [to]: { ...own.value[from] } }
  }

  function cancel(): void {
    const own = controllers.get(tabs.scope)
    if (own) cancelWork(own.controller)
  }

  return {
    texts,
    ids,
    edits,
    carried,
    text,
    byIds,
    records,
    current,
    upToDate,
    running,
    underWay,
    errorOf,
    refused,
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
    leaveAll,
    update,
    textOf,
    setText,
    withUnasked,
    typeIds,
    editsOf,
    setEdits,
    sourceOf,
    take,
    unreadable,
    refusalOf,
    copy,
    cancel
  }
})

function put<T>(of: { value: OfScopes<T> }, scope: Scope, path: string, value: T): void {
  of.value = { ...of.value, [scope]: { ...of.value[scope], [path]: value } }
}

/** A model as runs and tabs name it. */
export function refOf({ path, fingerprint }: ModelInfo) {
  return { path, fingerprint }
}
