import { computed, ref } from 'vue'
import { rankCorrelation } from '#common/analysis/rank-correlation.ts'
import {
  groupOfMethod,
  groupParams,
  groupSettings,
  methodValues,
  numberParams,
  saliencyMethods,
  type AskedNumber,
  type MethodGroup,
  type SaliencyMethod
} from '#common/analysis/saliency/saliency-methods.ts'
import { mapCost } from '#common/analysis/saliency/saliency-map.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { useAskedTokens } from '../../reactive/use-asked-tokens.ts'
import { maskedParam, useHiddenTokens } from '../../reactive/use-hidden-tokens.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { patternOf, saliencyMapOf, saliencyOf } from '../../stores/analyses.ts'
import { useResults } from '../../stores/results.ts'
import { rowsOf, type SaliencyOptions } from './saliency-options.ts'

/** The longest text whose tokens are taken away one by one unasked: each takes two runs. */
const shortText = 128

/** Runs and ways back that a map takes unasked. */
const fewRuns = 512

const labels: Readonly<Record<MethodGroup, string>> = {
  gradients: 'Going back to the tokens',
  path: 'Integrating gradients',
  noise: 'Averaging noisy gradients',
  erasure: 'Running without each token'
}

/** Which number is explained, and what each method says of it. */
export function useSaliency(
  subject: () => ViewSubject,
  options: SaliencyOptions,
  mayAsk: () => boolean
) {
  const results = useResults()
  const tokens = useAskedTokens(subject, options, {
    mayAsk,
    isPair: () => options.of === 'difference'
  })
  /** The run that is read although it is long. */
  const longRun = ref<string | null>(null)
  const scalar = computed(() => {
    if (options.of === 'loss') return 'loss'
    if (tokens.asked.value === null) return null
    const { a, b } = tokens.asked.value
    const pair = options.of === 'difference' ? `${a}-${b}` : String(a)
    return `${options.of}:${tokens.position.value}:${pair}`
  })
  const masks = useHiddenTokens(subject, {
    get of() {
      return options.hiddenOf
    },
    set of(run) {
      options.hiddenOf = run
    },
    get masked() {
      return options.hidden
    },
    set masked(positions) {
      options.hidden = positions
    }
  })
  /** Positions that are hidden for the loss of a model of masked tokens: at first the one that is selected, or one in the middle. */
  const hidden = computed(() => {
    const { model, run, cell } = subject()
    const isHiding = options.of === 'loss' && options.form !== 'map'
    if (!isHiding || model?.predicts !== 'masked' || !run || !masks.mask.current.value) return []
    if (masks.hidden.value.length > 0) return masks.hidden.value
    const ordinary = [...run.tokens.keys()].filter(at => !run.tokens[at]!.special)
    const usual = ordinary.includes(cell?.query ?? -1)
      ? cell!.query
      : ordinary[ordinary.length >> 1]
    return usual === undefined ? [] : [usual]
  })
  const without = useLatest(
    () => {
      const { run } = subject()
      return run && hidden.value.length > 0 ? { run, positions: hidden.value.join() } : null
    },
    async ({ run, positions }, signal) => ({
      ...{ run, positions },
      read: await masks.without(run, positions.split(',').map(Number), signal)
    })
  )
  /** Why the loss is not to be had; null where it is. */
  const noLoss = computed(() => {
    const { model } = subject()
    if (model?.predicts === 'labels') return 'This model predicts no tokens'
    if (model?.predicts !== 'masked') return null
    const { current, pending, error } = masks.mask
    const isKnown = !pending.value && error.value === null
    return isKnown && current.value === null ? 'No token of this model hides others' : null
  })
  const subjectOf = computed(() => {
    const { model, run } = subject()
    if (!model || !run || tokens.missing.value !== null || !mayAsk()) return null
    if (scalar.value === null) return null
    const own = { model, shown: run, of: scalar.value }
    if (options.of !== 'loss' || model.predicts !== 'masked') return { ...own, run, masked: null }
    const { value } = without.value
    if (value?.run.id !== run.id || value.positions !== hidden.value.join()) return null
    return { ...own, run: value.read, masked: maskedParam(run, hidden.value) }
  })
  const mayErase = computed(() => {
    const { run } = subject()
    return run !== null && (run.tokens.length <= shortText || longRun.value === run.id)
  })
  function askedOf(group: MethodGroup, own: AskedNumber & { readonly run: Run }) {
    return saliencyOf(own.run, groupParams(group, own, options), labels[group])
  }
  const isText = () => options.form === 'text'
  function groupOf(group: MethodGroup) {
    return useLatest(
      () => {
        const own = subjectOf.value
        if (own === null || !isText() || (group === 'erasure' && !mayErase.value)) return null
        // As text: a request that is put together anew is not another one.
        return { ...own, settings: JSON.stringify(groupSettings(group, options)) }
      },
      async ({ settings, ...own }, signal): Promise<Found> => ({
        ...own,
        settings: JSON.parse(settings) as Found['settings'],
        result: await results.ask(askedOf(group, own), signal)
      })
    )
  }
  /** Of each group its own, so that what is quick is there first. */
  const groups = {
    gradients: groupOf('gradients'),
    erasure: groupOf('erasure'),
    path: groupOf('path'),
    noise: groupOf('noise')
  }

  const inside = useLatest(
    () => (options.form === 'heads' ? subjectOf.value : null),
    async (own, signal) => ({ ...own, result: await results.ask(headsOf(own), signal) })
  )
  function headsOf({ run, ...number }: AskedNumber & { readonly run: Run }) {
    const params = { ...numberParams(number), steps: 0, occlusion: false }
    return saliencyOf(run, params, 'Going back to the heads')
  }
  /** What the selected head attends to, of the run whose heads are shown. */
  const pattern = useLatest(
    () => {
      const { value } = inside.value
      const { layer, head } = subject()
      if (!value || !('pattern_grad' in value.result.variables)) return null
      return { run: value.run, layer, head }
    },
    async ({ run, layer, head }, signal) => {
      const { data } = await results.ask(patternOf(run, layer, head), signal)
      return { run, layer, head, data: Float32Array.from(data) }
    }
  )
  const mapOf = computed(() => {
    const kind = options.of === 'probability' ? 'probability' : 'logit'
    const { a } = tokens.asked.value ?? {}
    const { model } = subject()
    if (!model) return null
    const own = rowsOf(model, options)
    const rows = own === 'token' ? a : own
    return rows === undefined ? null : `${kind}:${rows}`
  })
  const mapCosts = computed(() =>
    mapCost(options.method, subject().run?.tokens.length ?? 0, options)
  )
  /** What is asked of a map, as text: the map that was asked for although it takes long. */
  const longMap = ref<string | null>(null)
  const mapParams = computed(() => {
    const of = mapOf.value
    if (of === null) return null
    const { method } = options
    return { of, method, ...groupSettings(groupOfMethod(method), options) }
  })
  const mapKey = computed(() => `${subject().run?.id} ${JSON.stringify(mapParams.value)}`)
  const mayMap = computed(() => {
    const { runs, waysBack } = mapCosts.value
    return runs + waysBack <= fewRuns || longMap.value === mapKey.value
  })
  const map = useLatest(
    () => {
      const { model, run } = subject()
      const ready = model && run && tokens.missing.value === null && mayAsk() && mayMap.value
      if (options.form !== 'map' || !ready || mapParams.value === null) return null
      return { model, run, shown: run, params: JSON.stringify(mapParams.value) }
    },
    async (own, signal) => {
      const params = JSON.parse(own.params) as NonNullable<typeof mapParams.value>
      const { of, method, ...settings } = params
      const result = await results.ask(saliencyMapOf(own.run, params), signal)
      return { ...own, of, masked: null, method, settings, result }
    }
  )

  /** Of each method how it stands: what it gives, of the same number as the others. */
  const standings = computed(() =>
    saliencyMethods.map(method => {
      const group = groups[groupOfMethod(method)]
      const { value } = group.value
      const isNew =
        value !== null &&
        value.of === scalar.value &&
        value.masked === (subjectOf.value?.masked ?? null) &&
        value.shown.id === subject().run?.id
      return {
        method,
        values: isNew ? methodValues(value.result, method) : null,
        error: group.error.value,
        pending: group.pending.value
      }
    })
  )
  const valuesOf = (method: SaliencyMethod) =>
    standings.value.find(own => own.method === method)!.values
  /** How alike two methods rank the tokens; null while one is not there. */
  function alike(one: SaliencyMethod, other: SaliencyMethod): number | null {
    const [a, b] = [valuesOf(one), valuesOf(other)]
    return a && b && rankCorrelation(a.map(Math.abs), b.map(Math.abs))
  }
  const latest = computed(() => {
    if (options.form === 'map') return map
    return options.form === 'heads' ? inside : groups[groupOfMethod(options.method)]
  })
  const work = computed(() => {
    if (options.form === 'map') {
      const { run } = subject()
      return run && mapParams.value !== null
        ? results.workOf(saliencyMapOf(run, mapParams.value))
        : null
    }
    const own = subjectOf.value
    if (own === null) return null
    if (options.form === 'heads') return results.workOf(headsOf(own))
    const pending = (Object.keys(groups) as MethodGroup[]).find(name => groups[name].pending.value)
    return results.workOf(askedOf(pending ?? groupOfMethod(options.method), own))
  })
  return {
    ...tokens,
    ...{ scalar, groups, inside, map, standings, alike, latest, work, mayErase, mayMap, mapCosts },
    ...{ hidden, hide: (at: number) => masks.hide(at, hidden.value), noLoss, without, pattern },
    mask: masks.mask,
    eraseLong: () => (longRun.value = subject().run?.id ?? null),
    mapLong: () => (longMap.value = mapKey.value)
  }
}

/** What a group of methods came to, and of what. */
interface Found extends AskedNumber {
  readonly model: ModelInfo
  /** The run that was read, and the one whose tokens are shown: they differ where some are hidden. */
  readonly run: Run
  readonly shown: Run
  /** What of the settings it was asked with: those of now may be others. */
  readonly settings: Readonly<Record<string, string | number>>
  readonly result: Dataset
}
