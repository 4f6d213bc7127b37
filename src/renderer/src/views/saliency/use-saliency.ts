import { computed, ref } from 'vue'
import { rankCorrelation } from '#common/analysis/rank-correlation.ts'
import {
  groupOfMethod,
  groupParams,
  methodValues,
  saliencyMethods,
  type MethodGroup,
  type SaliencyMethod
} from '#common/analysis/saliency/saliency-methods.ts'
import { mapMethods } from '#common/analysis/saliency/saliency-map.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { useAskedTokens } from '../../reactive/use-asked-tokens.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { saliencyMapOf, saliencyOf } from '../../stores/analyses.ts'
import { useResults } from '../../stores/results.ts'
import type { SaliencyOptions } from './saliency-options.ts'

/** The longest text whose tokens are taken away one by one unasked: each takes two runs. */
const shortText = 128

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
  const subjectOf = computed(() => {
    const { model, run } = subject()
    if (!model || !run || tokens.missing.value !== null || !mayAsk()) return null
    return scalar.value === null ? null : { model, run, of: scalar.value }
  })
  const mayErase = computed(() => {
    const { run } = subject()
    return run !== null && (run.tokens.length <= shortText || longRun.value === run.id)
  })
  function askedOf(group: MethodGroup, { run, of }: { run: Run; of: string }) {
    return saliencyOf(run, groupParams(group, of, options), labels[group])
  }
  const isText = () => options.form === 'text'
  function groupOf(group: MethodGroup) {
    return useLatest(
      () => {
        const own = subjectOf.value
        if (own === null || !isText() || (group === 'erasure' && !mayErase.value)) return null
        // As text: a request that is put together anew is not another one.
        return { ...own, params: JSON.stringify(groupParams(group, own.of, options)) }
      },
      async (own, signal): Promise<Found> => ({
        ...own,
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
  function headsOf({ run, of }: { run: Run; of: string }) {
    return saliencyOf(run, { of, steps: 0, occlusion: false }, 'Going back to the heads')
  }
  const mapOf = computed(() => {
    const kind = options.of === 'probability' ? 'probability' : 'logit'
    const { a } = tokens.asked.value ?? {}
    const rows = options.rows === 'token' ? a : options.rows
    return rows === undefined ? null : `${kind}:${rows}`
  })
  const mapMethod = computed(
    () => mapMethods.find(method => method === options.method) ?? 'grad_x_input'
  )
  const map = useLatest(
    () => {
      const { model, run } = subject()
      const ready = model && run && tokens.missing.value === null && mayAsk()
      if (options.form !== 'map' || !ready || mapOf.value === null) return null
      return { model, run, of: mapOf.value, method: mapMethod.value }
    },
    async (own, signal) => ({
      ...own,
      result: await results.ask(saliencyMapOf(own.run, own.of, own.method), signal)
    })
  )

  /** Of each method how it stands: what it gives, of the same number as the others. */
  const standings = computed(() =>
    saliencyMethods.map(method => {
      const group = groups[groupOfMethod(method)]
      const { value } = group.value
      const isNew =
        value !== null && value.of === scalar.value && value.run.id === subject().run?.id
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
      return run && mapOf.value !== null
        ? results.workOf(saliencyMapOf(run, mapOf.value, mapMethod.value))
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
    ...{ scalar, groups, inside, map, standings, alike, latest, work, mayErase, mapMethod },
    eraseLong: () => (longRun.value = subject().run?.id ?? null)
  }
}

/** What a group of methods came to, and of what. */
interface Found {
  readonly model: ModelInfo
  readonly run: Run
  readonly of: string
  readonly result: Dataset
}
