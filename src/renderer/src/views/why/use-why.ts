import { computed } from 'vue'
import { unaskedParts } from '#common/analysis/why/unasked-parts.ts'
import type { NamedCorpus } from '#common/model/library.ts'
import { visibleText } from '#common/text/visible-text.ts'
import { useAskedTokens } from '../../reactive/use-asked-tokens.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { whyOf } from '../../stores/analyses.ts'
import { useLibrary } from '../../stores/library.ts'
import { useResults } from '../../stores/results.ts'
import { textsOfPair } from '../../ui/compared-texts/compared-texts.ts'
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
  const prompts = computed<NamedCorpus | null>(() => {
    const { over } = options
    if (over === null) return null
    const item = library.items.find(({ kind, name }) => kind === over.kind && name === over.name)
    if (item?.kind === 'pair') return textsOfPair(item)
    // Each window is a prompt of its own.
    return item?.kind === 'corpus' ? { ...item, stride: null } : null
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
      const parts = unaskedParts(first)
      const result =
        parts === null ? first : await results.ask(whyOf(run, { at, by, parts }, prompts), signal)
      return { ...asked, parts, result }
    }
  )
  const work = computed(() => {
    const own = wanted.value
    if (own === null) return null
    const first = whyOf(own.run, own, own.prompts)
    const state = results.stateOf(first)
    const parts = state?.kind === 'done' ? unaskedParts(state.value) : null
    return results.workOf(parts === null ? first : whyOf(own.run, { ...own, parts }, own.prompts))
  })
  return { ...tokens, asked, prompts, lost, wanted, latest, work }
}

export type ShownWhy = NonNullable<ReturnType<typeof useWhy>['latest']['value']['value']>
