import { computed, ref, shallowRef, watch } from 'vue'
import {
  comparedAnswers,
  type ComparedAnswers,
  type MeasuredAnswer
} from '#common/model/answer-comparison.ts'
import { toLamellaError } from '#common/model/errors.ts'
import type { LamellaError } from '#common/model/errors.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { ModelDescription } from '#common/model/describe-file.ts'
import type { DescriptionCheck, Question, Reading } from '#common/model/describe-reading.ts'
import { forgetAfterBreak } from '../../stores/after-break.ts'
import { useClient } from '../../stores/client.ts'
import { useSession } from '../../stores/session.ts'

/** Options compared at once; the likeliest come first. */
const mostCompared = 8

/** Answers to a question beside one another. */
export interface Comparison extends ComparedAnswers {
  /** Loss of each, in nats; null where a reading could not be checked. */
  readonly losses: ReadonlyMap<string, number | null>
  /** Whether all that are compared are measured. */
  readonly isWhole: boolean
}

/** What went wrong, and with what. */
export interface Failure {
  readonly title: string
  readonly error: LamellaError
}

/** The state of *Describe this model*: the reading, the answers, and how well they predict a text. */
export function useDescribe() {
  const model = shallowRef<ModelInfo | null>(null)
  const answers = ref<Record<string, string>>({})
  const reading = shallowRef<Reading | null>(null)
  const text = ref('')
  const check = shallowRef<DescriptionCheck | null>(null)
  const checkedKey = ref('')
  const comparisons = shallowRef<ReadonlyMap<string, Comparison>>(new Map())
  const comparing = ref<string | null>(null)
  const checking = ref(false)
  const saving = ref(false)
  const savedTo = ref<string | null>(null)
  const failure = shallowRef<Failure | null>(null)
  forgetAfterBreak(failure)
  let controller = new AbortController()
  let request = 0
  let checkWanted = false

  const key = computed(() => JSON.stringify([reading.value?.description, text.value, characters()]))
  /** The check is of other answers or another text. */
  const stale = computed(() => check.value !== null && checkedKey.value !== key.value)
  const ready = computed(
    () => reading.value?.description != null && reading.value.problems.length === 0
  )
  const busy = computed(() => checking.value || comparing.value !== null)

  watch(text, () => (comparisons.value = new Map()))

  function characters(): string | null {
    return answers.value.characters ? answers.value.characters : null
  }

  /** Begins with a model; what was said of another is forgotten. */
  async function begin(of: ModelInfo, sample: string): Promise<void> {
    cancel()
    model.value = of
    answers.value = {}
    reading.value = null
    check.value = null
    comparisons.value = new Map()
    savedTo.value = null
    failure.value = null
    text.value = sample
    await infer()
  }

  async function infer(): Promise<void> {
    const mine = ++request
    const of = model.value
    if (of === null) return
    try {
      const next = await read(of, answers.value, controller.signal)
      if (mine === request) reading.value = next
    } catch (thrown) {
      if (mine === request) fail('The tensors could not be read', thrown)
    }
  }

  async function answer(id: string, value: string): Promise<void> {
    answers.value = { ...answers.value, [id]: value }
    savedTo.value = null
    // What other answers gave was measured with this one as it was.
    comparisons.value = new Map([...comparisons.value].filter(([asked]) => asked === id))
    await infer()
  }

  /** Checks what stands there; asked for while something is under way, once more when that is done. */
  async function runCheck(): Promise<void> {
    if (busy.value) {
      checkWanted = true
      return
    }
    const description = reading.value?.description
    if (!description) return
    checkWanted = false
    checking.value = true
    failure.value = null
    const now = key.value
    const { signal } = controller
    try {
      check.value = await measure(description, signal)
      checkedKey.value = now
    } catch (thrown) {
      fail('The text could not be checked', thrown)
    } finally {
      checking.value = false
    }
    if (checkWanted) await runCheck()
    else if (failure.value === null && !signal.aborted) await compareHeads()
  }

  /** Looks how the other numbers of heads do: one that is wrong may still do better than a guess. */
  async function compareHeads(): Promise<void> {
    const heads = reading.value?.questions.find(({ id }) => id === 'heads')
    if (heads === undefined || comparisons.value.has('heads') || busy.value) return
    try {
      await measureAnswers(heads, controller.signal)
    } catch (thrown) {
      fail('Other numbers of heads could not be compared', thrown)
    } finally {
      comparing.value = null
    }
    if (checkWanted) await runCheck()
  }

  /** Checks the reading under every answer to some questions, one after the other, and keeps the best. */
  async function compare(questions: readonly Question[]): Promise<void> {
    if (busy.value || model.value === null) return
    failure.value = null
    const { signal } = controller
    try {
      for (const question of questions) {
        const best = (await measureAnswers(question, signal))?.best ?? null
        if (best !== null) answers.value = { ...answers.value, [question.id]: best }
        await infer()
      }
      savedTo.value = null
    } catch (thrown) {
      fail('The answers could not be compared', thrown)
    } finally {
      comparing.value = null
    }
    if (checkWanted || (failure.value === null && !signal.aborted)) await runCheck()
  }

  /** The reading under each of the likeliest answers, the present one among them; null once another question was answered. */
  async function measureAnswers(
    { id, options, value }: Question,
    signal: AbortSignal
  ): Promise<Comparison | null> {
    comparing.value = id
    const others = () => JSON.stringify([{ ...answers.value, [id]: '' }, text.value])
    const before = others()
    const measured = new Map<string, MeasuredAnswer>()
    const asked = options.filter((option, i) => i < mostCompared || option.value === value)
    let comparison: Comparison | null = null
    for (const option of asked) {
      const own = await measuredWith({ ...answers.value, [id]: option.value }, signal)
      if (signal.aborted || others() !== before) return null
      measured.set(option.value, own)
      const losses = new Map([...measured].map(([answer, { loss }]) => [answer, loss]))
      comparison = { losses, ...comparedAnswers(measured), isWhole: measured.size === asked.length }
      comparisons.value = new Map(comparisons.value).set(id, comparison)
    }
    return comparison
  }

  async function measuredWith(
    given: Record<string, string>,
    signal: AbortSignal
  ): Promise<MeasuredAnswer> {
    const { description, problems } = await read(model.value!, given, signal)
    if (description === null || problems.length > 0) return { loss: null, perToken: [] }
    return measure(description, signal)
  }

  /** @returns the model as it opens with its description */
  async function save(): Promise<ModelInfo | null> {
    const description = reading.value?.description
    const of = model.value
    if (!description || of === null) return null
    const { signal } = controller
    saving.value = true
    failure.value = null
    try {
      const saved = await useClient().call('describe.save', {
        modelId: of.id,
        description,
        sampleText: text.value.trim() === '' ? null : text.value,
        characters: characters()
      })
      if (!signal.aborted) savedTo.value = saved.savedTo
      return saved.model
    } catch (thrown) {
      if (!signal.aborted) fail('The description could not be saved', thrown)
      else sayLeft(`The description of ${of.name} could not be saved.`, thrown)
      return null
    } finally {
      saving.value = false
    }
  }

  /** Goes on with a model as it is open with its description; not where it was begun with another meanwhile. */
  function goOn(saved: ModelInfo): void {
    if (model.value?.path === saved.path) model.value = saved
  }

  function measure(description: ModelDescription, signal: AbortSignal): Promise<DescriptionCheck> {
    const params = {
      modelId: model.value!.id,
      description,
      text: text.value,
      characters: characters()
    }
    return useClient().call('describe.check', params, { signal })
  }

  function read(
    of: ModelInfo,
    given: Record<string, string>,
    signal: AbortSignal
  ): Promise<Reading> {
    return useClient().call('describe.infer', { modelId: of.id, answers: given }, { signal })
  }

  /** Says in the window what the dialog does not any more: it was left, or is about another model. */
  function sayLeft(title: string, thrown: unknown): void {
    useSession().notice = { title, lines: [], error: toLamellaError(thrown) }
  }

  function fail(title: string, thrown: unknown): void {
    const error = toLamellaError(thrown)
    if (error.code !== 'cancelled') failure.value = { title, error }
  }

  /** Nothing of what is under way goes on; what is asked for from then on is done. */
  function cancel(): void {
    controller.abort()
    controller = new AbortController()
    checkWanted = false
  }

  return {
    model,
    reading,
    text,
    check,
    stale,
    ready,
    busy,
    checking,
    comparing,
    comparisons,
    saving,
    savedTo,
    failure,
    begin,
    answer,
    runCheck,
    compare,
    save,
    goOn,
    cancel
  }
}
