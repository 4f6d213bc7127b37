import { computed } from 'vue'
import { axesOf, parseHookName } from '#common/model/hooks.ts'
import { layersParams, unitsParams } from '#common/figure/views/activations-view.ts'
import { writtenTokens } from '#common/text/written-tokens.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { activationsOf, expertsOf } from '../../stores/analyses.ts'
import { useResults } from '../../stores/results.ts'
import type { ActivationsOptions } from './activations-options.ts'

/** The values of a hook over a subject's text. */
export function useActivations(
  subject: () => ViewSubject,
  options: ActivationsOptions,
  mayAsk: () => boolean
) {
  const results = useResults()
  /** Hooks of blocks that have a value for each token, each once. */
  const hooks = computed(() => {
    const all = subject().model?.hooks ?? []
    const kinds = all.flatMap((name): string[] => {
      const address = parseHookName(name)
      return address?.layer != null && axesOf(address)[0] === 'pos' ? [address.hook] : []
    })
    return [...new Set(kinds)]
  })
  const hook = computed(() =>
    hooks.value.includes(options.hook) ? options.hook : 'hook_resid_post'
  )
  const hasExperts = computed(
    () => subject().model?.mlps?.some(({ experts }) => experts !== undefined) ?? false
  )
  const form = computed(() =>
    options.form === 'experts' && !hasExperts.value ? 'layers' : options.form
  )
  const asked = computed(() => {
    const { model, run, layer } = subject()
    if (!model || !run || !mayAsk()) return null
    const of = { model, run, form: form.value, hook: hook.value }
    if (form.value === 'experts') return { ...of, layer: null, asked: expertsOf(run, null) }
    const isLayers = form.value === 'layers'
    const params = isLayers ? layersParams(hook.value, model) : unitsParams(hook.value, layer)
    return { ...of, layer: isLayers ? null : layer, asked: activationsOf(run, params) }
  })
  const latest = useLatest(
    () => asked.value,
    async ({ asked, ...of }, signal) => ({
      ...{ ...of, tokens: writtenTokens(of.run), result: await results.ask(asked, signal) }
    })
  )
  const work = computed(() => results.workOf(asked.value?.asked ?? null))
  return { hooks, hook, hasExperts, form, latest, work }
}

export type ShownActivations = NonNullable<
  ReturnType<typeof useActivations>['latest']['value']['value']
>
