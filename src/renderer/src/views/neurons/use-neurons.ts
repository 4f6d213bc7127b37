import { computed } from 'vue'
import { neuronContextsOf } from '#common/analysis/neurons/contexts-of.ts'
import { variable } from '#common/data/dataset.ts'
import { neuronParams } from '#common/figure/views/neuron-view.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { neuronsOf, type ScoredOver } from '../../stores/analyses.ts'
import { useResults } from '../../stores/results.ts'
import { useScoredOver } from '../../ui/head-scores/use-scored-over.ts'
import type { ChosenNeuron, NeuronsOptions } from './neurons-options.ts'

/** Neurons of a token that are listed. */
const listed = 12

/** What the neurons of a subject's model do over its text or a corpus. */
export function useNeurons(
  subject: () => ViewSubject,
  options: NeuronsOptions,
  mayAsk: () => boolean
) {
  const results = useResults()
  const over = useScoredOver(subject, {
    get over() {
      return options.over
    },
    window: null
  })
  const ofText = computed<ScoredOver>(() => ({ ...over.value, corpus: null }))
  /** Those that have as many neurons as the one that is selected; null of all. */
  const layers = computed(() => {
    const { model, layer } = subject()
    const widths = model?.mlps?.map(({ neurons }) => neurons) ?? []
    const alike = widths.flatMap((width, own) => (width === widths[layer] ? own : []))
    return alike.length === widths.length ? null : alike
  })
  const totalsOf = (of: ScoredOver) => {
    const { model, run } = subject()
    if (!model || !run || !mayAsk()) return null
    const { threshold } = options
    const params = { layers: layers.value, threshold, values: false, top: listed }
    const asked = neuronsOf(run, of, params, 'Counting neurons')
    return { model, run, over: of, params, threshold, asked }
  }
  /** Of the text, whose tokens are selected. */
  const textAsked = computed(() => totalsOf(ofText.value))
  const text = latestOf(() => textAsked.value)
  const totalsAsked = computed(() => (over.value.corpus === null ? null : totalsOf(over.value)))
  const corpus = latestOf(() => totalsAsked.value)

  const position = computed(() => {
    const { cell, run } = subject()
    return cell?.query ?? (run?.tokens.length ?? 1) - 1
  })
  /** The neurons that are strongest at the token that is selected, of either sign. */
  const strongest = computed(() => {
    const shown = text.value.value
    if (shown === null || shown.run.id !== subject().run?.id) return []
    const { result } = shown
    const ranks = result.axes['rank']!.length
    const data = (name: string) => variable(result, name).data
    return Array.from({ length: ranks }, (_, rank) => {
      const at = position.value * ranks + rank
      return {
        layer: data('pos.layer')[at]!,
        unit: data('pos.unit')[at]!,
        value: data('pos.value')[at]!
      }
    })
  })
  const chosen = computed<ChosenNeuron | null>(() => {
    const { model, layer, neuron } = subject()
    const wanted = options.neuron ?? (neuron === null ? null : { layer, unit: neuron })
    const width = wanted && model?.mlps?.[wanted.layer]?.neurons
    if (wanted && width && wanted.unit < width) return wanted
    return strongest.value[0] ?? null
  })
  const neuronAsked = computed(() => {
    const { model, run } = subject()
    if (!model || !run || !chosen.value || !mayAsk()) return null
    const { layer, unit } = chosen.value
    const { threshold, seed } = options
    const params = neuronParams({ layer, unit }, threshold, seed)
    const asked = neuronsOf(run, over.value, params, `Reading neuron ${layer}.${unit}`)
    return { model, run, over: over.value, asked, layer, unit, params: { threshold, seed } }
  })
  const neuron = useLatest(
    () => neuronAsked.value,
    async ({ asked, ...of }, signal) => {
      const result = await results.ask(asked, signal)
      return { ...of, result, found: neuronContextsOf(result) }
    }
  )

  function latestOf(asked: () => ReturnType<typeof totalsOf>) {
    return useLatest(asked, async ({ asked, ...of }, signal) => ({
      ...of,
      result: await results.ask(asked, signal)
    }))
  }
  /** Of what is read: the corpus, where one is. */
  const totals = computed(() => (over.value.corpus === null ? text : corpus))
  /** Counts over what the neuron that is shown was read from, above the same: they are saved with it. Null of anything else. */
  const totalsOfNeuron = computed(() => {
    const [all, own] = [totals.value.value.value, neuron.value.value]
    const isOfIt =
      all?.run.id === own?.run.id &&
      all?.over.corpus === own?.over.corpus &&
      all?.over.window === own?.over.window &&
      all?.threshold === own?.params.threshold
    return isOfIt ? all : null
  })
  return {
    ...{ over, layers, position, strongest, chosen, text, neuron, totals, totalsOfNeuron },
    reading: computed(() => results.workOf(neuronAsked.value?.asked ?? null)),
    counting: computed(() => results.workOf((totalsAsked.value ?? textAsked.value)?.asked ?? null))
  }
}

export type ShownNeuron = NonNullable<ReturnType<typeof useNeurons>['neuron']['value']['value']>
export type ShownTotals = NonNullable<ReturnType<typeof useNeurons>['text']['value']['value']>
