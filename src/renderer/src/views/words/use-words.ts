import { computed } from 'vue'
import type { TokenName } from '#common/analysis/embeddings/words.ts'
import { variable, type Dataset } from '#common/data/dataset.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import { selectedEntries } from '../../reactive/selected-objects.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import {
  analogyOf,
  nearestTokensOf,
  similarityOf,
  standingOutOf,
  type EmbeddingSide
} from '../../stores/embedding-analyses.ts'
import { hasOwnUnembedding } from '../../stores/model-facts.ts'
import { useResults, type Asked } from '../../stores/results.ts'
import { mostListed, typedWord, typedWords } from './typed-words.ts'
import type { WordsOptions } from './words-options.ts'

/** Of each list so many are shown. */
const top = 24

/** What is asked of the embeddings of a subject's model, and what came of it. */
export function useWords(subject: () => ViewSubject, options: WordsOptions) {
  const results = useResults()
  const hasOutput = computed(() => {
    const { model } = subject()
    return model !== null && hasOwnUnembedding(model)
  })
  const of = computed<EmbeddingSide>(() => (hasOutput.value ? options.of : 'input'))
  const among = computed<EmbeddingSide>(() =>
    hasOutput.value ? (options.among ?? of.value) : 'input'
  )
  /** The one that is selected in the text, or its last. */
  const selected = computed(() => {
    const { run, cell } = subject()
    // While another model is opened the run is still that of the one before.
    if (run === null || run.modelId !== subject().model?.id) return null
    return run.tokens[cell?.query ?? run.tokens.length - 1]?.id ?? null
  })
  const word = computed<TokenName | null>(() => typedWord(options.word) ?? selected.value)
  const all = computed<TokenName[]>(() => {
    const typed = typedWords(options.list, options.spaced)
    return typed.length > 0 ? typed : [...selectedEntries(subject())]
  })
  const list = computed(() => all.value.slice(0, mostListed))
  const triple = computed(() => {
    const [a, b, c] = [options.a, options.b, options.c].map(typedWord)
    return a == null || b == null || c == null ? null : ([a, b, c] as const)
  })

  const ofForm = (form: WordsOptions['form']) => (options.form === form ? subject().model : null)
  const nearest = latestOf(() => {
    const model = ofForm('word')
    if (!model || word.value === null) return null
    return nearestTokensOf(model, word.value, { of: of.value, among: among.value, top })
  })
  const dimensions = latestOf(() => {
    const model = ofForm('word')
    if (!model || word.value === null) return null
    return standingOutOf(model, { tokens: word.value }, { of: of.value, top })
  })
  const dimension = computed(() => {
    const width = subject().model?.config?.dModel ?? 0
    if (options.dimension !== null && options.dimension < width) return options.dimension
    const found = dimensions.value.value
    return found && (variable(found, 'dimensions.top').data[0] ?? null)
  })
  const tokens = latestOf(() => {
    const model = ofForm('word')
    if (!model || dimension.value === null) return null
    return standingOutOf(model, { dimensions: dimension.value }, { of: of.value, top })
  })
  const similarity = latestOf(() => {
    const model = ofForm('list')
    if (!model || list.value.length === 0) return null
    const centred = options.measure === 'centred'
    return similarityOf(model, list.value, { of: of.value, centred })
  })
  const analogy = latestOf(() => {
    const model = ofForm('analogy')
    if (!model || triple.value === null) return null
    return analogyOf(model, triple.value, { of: of.value, top })
  })

  function latestOf(one: () => Asked<Dataset> | null) {
    const asked = computed(one)
    const latest = useLatest(
      () => asked.value && JSON.stringify([asked.value.name, asked.value.params, asked.value.of]),
      async (_, signal) => {
        const { params, of } = asked.value!
        return { result: await results.ask(asked.value!, signal), params, of }
      }
    )
    return {
      value: computed(() => latest.standing.value?.result ?? null),
      /** What the value was asked for with. */
      params: computed(() => latest.standing.value?.params ?? null),
      /** Whether it is of what was asked for before: another word, or another model. */
      isOld: computed(() => latest.standing.value !== latest.current.value),
      /** Whether it is another model's, whose ids are other tokens. */
      isForeign: computed(
        () => latest.standing.value !== null && latest.standing.value.of !== subject().model?.id
      ),
      ...{ error: latest.error, pending: latest.pending, retry: () => latest.retry() },
      work: computed(() => results.workOf(asked.value))
    }
  }

  return {
    ...{ hasOutput, of, among, word, all, list, triple },
    ...{ nearest, dimensions, dimension, tokens, similarity, analogy }
  }
}
