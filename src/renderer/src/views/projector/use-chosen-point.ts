import { computed, watch } from 'vue'
import { isOfTokens } from '#common/analysis/project/point-sets.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { useTabs } from '../../stores/tabs.ts'
import { isVocabulary, type ProjectorOptions } from './projector-options.ts'
import { readersOf } from './selected-points.ts'
import type { ShownPoints } from '#common/analysis/project/shown-points.ts'

/**
 * The point that is selected, and the one that is pointed at elsewhere: a head, a token of the text or a position as other
 * views have it; of what they do not know, such as a token of the vocabulary, the tab's own.
 */
export function useChosenPoint(
  subject: () => ViewSubject,
  points: () => ShownPoints | null,
  options: ProjectorOptions
) {
  const tabs = useTabs()
  /** Points by their numbers, of heads by layer, too. */
  const byNumber = computed(() => {
    const own = points()
    const known = new Map<string, number>()
    if (own === null) return known
    for (let point = 0; point < own.index.length; point++)
      known.set(`${own.layer?.[point] ?? ''}.${own.index[point]}`, point)
    return known
  })
  const at = (number: number | null | undefined, layer: number | '' = '') =>
    number === null || number === undefined
      ? null
      : (byNumber.value.get(`${layer}.${number}`) ?? null)
  const readers = (set: ShownPoints['set']) => readersOf(set, subject().model?.config)
  const tokenAt = (position: number | null | undefined) =>
    position === null || position === undefined ? undefined : subject().run?.tokens[position]?.id

  const chosen = computed<number | null>(() => {
    const own = points()
    if (own === null) return null
    const { cell, layer, head } = subject()
    switch (own.set) {
      case 'input':
      case 'output':
        return at(options.chosen)
      case 'tokens':
      case 'token-layers':
        return at(cell?.query)
      case 'positions':
        return at(options.chosen ?? cell?.query)
      case 'sentences':
        return at(options.chosen)
      case 'W_in':
      case 'W_out':
        return at(options.chosen, own.layer?.includes(layer) ? layer : '')
      default:
        return at(Math.floor(head / readers(own.set)), layer)
    }
  })
  const pointed = computed<number | null>(() => {
    const own = points()
    const query = subject().hover?.query ?? subject().hover?.key
    if (own === null) return null
    if (isVocabulary(own.set)) return at(tokenAt(query))
    return isOfTokens(own.set) || own.set === 'positions' ? at(query) : null
  })

  // The token that is selected in the text is the one in the vocabulary, until another is chosen here.
  watch(
    () => tokenAt(subject().cell?.query),
    (id, before) => {
      if (id !== undefined && id !== before && isVocabulary(options.set))
        tabs.setUnasked(() => (options.chosen = id))
    }
  )

  function choose(point: number): void {
    const own = points()
    if (own === null) return
    const number = own.index[point]!
    const { run, cell, layer, head } = subject()
    switch (own.set) {
      case 'tokens':
      case 'token-layers':
        if (run !== null)
          subject().selectCell({ query: number, key: Math.min(cell?.key ?? number, number) })
        break
      case 'W_in':
      case 'W_out':
        options.chosen = number
        if (own.layer && own.layer[point] !== layer) subject().selectHead(own.layer[point]!, head)
        break
      case 'input':
      case 'output':
      case 'positions':
      case 'sentences':
        options.chosen = number
        break
      default:
        subject().selectHead(own.layer![point]!, number * readers(own.set))
    }
  }

  /** Tells other views what is pointed at here, where it is something of the text. */
  function point(at: number | null): void {
    const own = points()
    const { run } = subject()
    if (own === null || run === null) return
    const number = at === null ? null : own.index[at]!
    const position =
      number === null
        ? -1
        : isVocabulary(own.set)
          ? run.tokens.findIndex(({ id }) => id === number)
          : isOfTokens(own.set) || own.set === 'positions'
            ? number
            : -1
    const isThere = position >= 0 && position < run.tokens.length
    subject().point(isThere ? { query: position, key: null } : null)
  }

  return { chosen, pointed, choose, point }
}
