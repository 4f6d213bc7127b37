import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import { cancelWork } from '#common/model/cancel.ts'
import { toLamellaError } from '#common/model/errors.ts'
import type { LamellaError } from '#common/model/errors.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { ProviderChoice } from '#common/model/provider.ts'
import type { RunSource } from '#common/model/run-source.ts'
import type { Token } from '#common/model/token.ts'
import { exactCount } from '#common/text/number-text.ts'
import { useClient } from './client.ts'
import { useModels } from './models.ts'
import { useStatus } from './status.ts'
import { useTasks } from './tasks.ts'
import { typedIds } from './token-ids.ts'

/** A run and what it ran on. */
export interface RunRecord {
  readonly run: Run
  readonly text: string
  readonly modelPath: string
}

const tokenizeDelay = 120
const runsKept = 24

/** The text of each model, its tokens as it is typed, and the runs made of it. */
export const useRuns = defineStore('runs', () => {
  const models = useModels()
  const status = useStatus()
  const tasks = useTasks()

  const texts = ref<Record<string, string>>({})
  /** The text edited last, which a model with none of its own starts with; never a list of ids. */
  const carried = ref('')
  const records = shallowRef<readonly RunRecord[]>([])
  const currentIds = ref<Record<string, string>>({})
  const running = ref(false)
  const error = shallowRef<LamellaError | null>(null)
  const tokenized = shallowRef<readonly Token[]>([])
  const tokenizeError = shallowRef<LamellaError | null>(null)
  let controller: AbortController | null = null

  const text = computed({
    get: () => textOf(models.active),
    set: value => {
      if (!readsIds(models.active)) carried.value = value
      if (models.active) texts.value = { ...texts.value, [models.active.path]: value }
    }
  })
  const current = computed(() => {
    const id = models.activeId === null ? undefined : currentIds.value[models.activeId]
    return records.value.find(({ run }) => run.id === id) ?? null
  })
  /** Whether the text on screen is the one that ran. */
  const upToDate = computed(() => current.value?.text === text.value)
  /** What was typed as token ids, for a model without a tokenizer. */
  const typed = computed(() => {
    const { active } = models
    return readsIds(active) ? typedIds(text.value, active.config?.dVocab ?? Infinity) : null
  })
  const liveTokens = computed(() => typed.value?.tokens ?? tokenized.value)
  const tooLong = computed(() => {
    const limit = models.active?.config?.nCtx
    return limit !== undefined && liveTokens.value.length > limit
  })
  /** Why the text cannot run now; null when it can. */
  const notRunnable = computed(() => {
    if (models.active === null) return 'No model is open'
    if (models.active.notRunnable !== null) return models.active.notRunnable
    if (typed.value?.problems[0] !== undefined) return typed.value.problems[0]
    if (typed.value?.tokens.length === 0) return 'No token ids are typed'
    if (text.value === '') return 'There is no text'
    if (tooLong.value)
      return `The text has ${exactCount(liveTokens.value.length)} tokens; the model reads at most ${exactCount(models.active.config!.nCtx)}`
    return null
  })

  watch(
    () => models.active,
    (_, before) => {
      if (before && !readsIds(before)) carried.value = textOf(before)
    },
    { flush: 'sync' }
  )

  let timer: ReturnType<typeof setTimeout> | undefined
  let request = 0
  watch([text, () => models.activeId], ([, id], [, before]) => {
    clearTimeout(timer)
    timer = setTimeout(() => void tokenize(), id === before ? tokenizeDelay : 0)
  })

  async function tokenize(): Promise<void> {
    const mine = ++request
    const model = models.active
    if (!model || model.tokenizer === null || text.value === '') {
      tokenized.value = []
      tokenizeError.value = null
      return
    }
    try {
      const tokens = await useClient().call('text.tokenize', {
        modelId: model.id,
        text: text.value
      })
      if (mine !== request) return
      tokenized.value = tokens
      tokenizeError.value = null
    } catch (thrown) {
      if (mine !== request) return
      tokenized.value = []
      tokenizeError.value = toLamellaError(thrown)
    }
  }

  /** Runs the active model's text; a run under way is abandoned first. */
  async function start(): Promise<RunRecord | null> {
    const model = models.active
    if (!model || notRunnable.value !== null) return null
    controller?.abort()
    const own = (controller = new AbortController())
    running.value = true
    error.value = null
    try {
      const record = await runText(model, text.value, own.signal)
      currentIds.value = { ...currentIds.value, [model.id]: record.run.id }
      return record
    } catch (thrown) {
      const failure = toLamellaError(thrown)
      if (failure.code !== 'cancelled' && controller === own) error.value = failure
      return null
    } finally {
      if (controller === own) {
        controller = null
        running.value = false
      }
    }
  }

  /** A run of a text that is not the current one, for a pinned view; made when there is none yet. */
  async function ensure(modelPath: string, text: string, signal?: AbortSignal): Promise<RunRecord> {
    const known = records.value.find(
      record => record.modelPath === modelPath && record.text === text
    )
    if (known) return known
    const model = models.open.find(({ path }) => path === modelPath)
    if (!model) throw toLamellaError(new Error(`${modelPath} is not open`))
    return runText(model, text, signal)
  }

  async function runText(model: ModelInfo, text: string, signal?: AbortSignal): Promise<RunRecord> {
    const run = await tasks.track(
      'Running the text',
      options =>
        useClient().call('runs.start', { source: sourceOf(model, text, status.choice) }, options),
      signal
    )
    const record: RunRecord = { run, text, modelPath: model.path }
    const inUse = new Set(Object.values(currentIds.value))
    const others = records.value.filter(({ run: { id } }) => id !== run.id)
    const spare = others.length - runsKept
    records.value = [...others.filter(({ run: { id } }, i) => i >= spare || inUse.has(id)), record]
    return record
  }

  /** Takes what has become of a run. */
  function update(run: Run): void {
    records.value = records.value.map(record =>
      record.run.id === run.id ? { ...record, run } : record
    )
  }

  function textOf(model: ModelInfo | null): string {
    if (!model) return ''
    return texts.value[model.path] ?? model.sampleText ?? (readsIds(model) ? '' : carried.value)
  }

  function cancel(): void {
    cancelWork(controller)
  }

  return {
    texts,
    text,
    records,
    current,
    upToDate,
    running,
    error,
    typed,
    liveTokens,
    tokenizeError,
    tooLong,
    notRunnable,
    start,
    ensure,
    update,
    cancel
  }
})

/** Whether a model runs on token ids typed by hand, because it has no tokenizer. */
function readsIds(model: ModelInfo | null): model is ModelInfo {
  return model !== null && model.tokenizer === null
}

function sourceOf(model: ModelInfo, text: string, provider: ProviderChoice): RunSource {
  const { path, fingerprint } = model
  const input = readsIds(model)
    ? { ids: typedIds(text, Infinity).tokens.map(({ id }) => id) }
    : { text }
  return { model: { path, fingerprint }, input, edits: [], provider }
}
