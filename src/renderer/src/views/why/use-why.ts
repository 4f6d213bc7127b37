import { computed } from 'vue'
import { variable, type Dataset } from '#common/data/dataset.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { useAskedTokens } from '../../reactive/use-asked-tokens.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { whyOf, type Prompts } from '../../stores/analyses.ts'
import { useLibrary } from '../../stores/library.ts'
import { useResults } from '../../stores/results.ts'
import type { WhyOptions } from './why-options.ts'

/** Which two tokens are set against each other, and what makes the model prefer one. */
export function useWhy(subject: () => ViewSubject, options: WhyOptions, mayAsk: () => boolean) {
  const results = useResults()
  const library = useLibrary()
  const tokens = useAskedTokens(subject, options, {
    ...{ mayAsk, isPair: () => true },
    at: () => (options.over === null ? (subject().cell?.query ?? null) : null)
  })
  const { position } = tokens
  /** The two tokens by their ids; null until they are known. */
  const asked = computed(() => {
    const { a, b = null } = tokens.asked.value ?? {}
    return a === undefined || b === null ? null : { a, b }
  })
  /** The pair or corpus that is read; null of the text, also where it is there no more. */
  const prompts = computed<Prompts | null>(() => {
    const { over } = options
    if (over === null) return null
    const item = library.items.find(({ kind, name }) => kind === over.kind && name === over.name)
    if (item?.kind === 'pair')
      return { name: item.name, of: { texts: [item.clean, item.corrupt] }, window: null }
    return item?.kind === 'corpus'
      ? {
          ...{ name: item.name, window: item.window },
          of: 'path' in item.of ? item.of : { texts: item.of.texts.map(({ input }) => input) }
        }
      : null
  })
  const lost = computed(() =>
    options.over !== null && prompts.value === null
      ? `There is no ${options.over.kind} “${visibleText(options.over.name)}” any more: this is of the text.`
      : null
  )
  const wanted = computed(() => {
    const { run, model } = subject()
    if (!run || !model || asked.value === null) return null
    const { a, b } = asked.value
    const at = `${prompts.value === null ? position.value : 'last'}:${a}-${b}`
    return { run, model, at, by: options.by, prompts: prompts.value, position: position.value }
  })
  const latest = useLatest(
    () => wanted.value,
    async (asked, signal) => {
      const { run, at, by, prompts } = asked
      const first = await results.ask(whyOf(run, { at, by }, prompts), signal)
      const parts = unasked(first)
      const result =
        parts === null ? first : await results.ask(whyOf(run, { at, by, parts }, prompts), signal)
      return { ...asked, result }
    }
  )
  const work = computed(() => {
    const own = wanted.value
    if (own === null) return null
    const first = whyOf(own.run, own, own.prompts)
    const state = results.stateOf(first)
    const parts = state?.kind === 'done' ? unasked(state.value) : null
    return results.workOf(parts === null ? first : whyOf(own.run, { ...own, parts }, own.prompts))
  })
  return { ...tokens, asked, prompts, lost, wanted, latest, work }
}

/** Parts that not every prompt was run without, with all of those that are listed; null where there are none. */
function unasked(result: Dataset): string | null {
  const isLeft = variable(result, 'part.ablation').data.some(own => Number.isNaN(own))
  return isLeft ? result.axes['part']!.labels!.join(',') : null
}

export type ShownWhy = NonNullable<ReturnType<typeof useWhy>['latest']['value']['value']>
