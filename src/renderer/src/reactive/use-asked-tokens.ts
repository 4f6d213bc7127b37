import { computed } from 'vue'
import { idToken, type Token } from '#common/model/token.ts'
import { predictionsOf } from '../stores/analyses.ts'
import { missingPredictions } from '../stores/model-facts.ts'
import { useResults } from '../stores/results.ts'
import { useChosenToken, type ChosenToken } from './use-chosen-token.ts'
import { useLatest } from './use-latest.ts'
import type { ViewSubject } from './use-subject.ts'

/** Tokens that are listed as expected. */
const count = 8

/** The tokens that a view asks about, as they are kept with its tab; null for the usual ones. */
export interface TokenChoice {
  token: ChosenToken | null
  other: ChosenToken | null
}

/**
 * One token, or two that are set against each other, at a position of a subject's run.
 * @param isPair whether another token stands against the first where none is chosen: the next probable one
 * @param at where it is asked; the token that is selected, or the last, where it is left out
 */
export function useAskedTokens(
  subject: () => ViewSubject,
  options: TokenChoice,
  {
    mayAsk,
    isPair,
    at
  }: {
    readonly mayAsk: () => boolean
    readonly isPair: () => boolean
    readonly at?: () => number | null
  }
) {
  const results = useResults()
  const missing = computed(() => {
    const { model } = subject()
    return model && missingPredictions(model)
  })
  const position = computed(() => {
    const { cell, run, model } = subject()
    const last = (run?.tokens.length ?? 1) - 1
    if (model?.ofText) return 0
    return (at === undefined ? (cell?.query ?? null) : at()) ?? last
  })
  const expected = useLatest(
    () => {
      const { run } = subject()
      if (!run || missing.value !== null || !mayAsk()) return null
      return { run, position: position.value }
    },
    async ({ run, position }, signal) => ({
      ...{ run, position },
      list: await results.ask(predictionsOf(run, position, count), signal)
    })
  )
  const chosen = {
    token: useChosenToken(
      () => subject().model,
      () => options.token
    ),
    other: useChosenToken(
      () => subject().model,
      () => options.other
    )
  }
  /** By their ids; null until they are known. */
  const asked = computed(() => {
    const [token, other] = [chosen.token.value, chosen.other.value]
    const { value } = expected.value
    if (token === undefined || other === undefined || value === null) return null
    if (value.run.id !== subject().run?.id || value.position !== position.value) return null
    const ids = value.list.map(({ token }) => token.id)
    const a = token ?? ids.find(id => id !== other)
    const b = other ?? (isPair() ? ids.find(id => id !== a) : null)
    return a === undefined || b === undefined ? null : { a, b }
  })
  /** What stands for that until it is known, of the vocabulary of the subject's model: another's ids are other tokens. */
  const listed = computed(() => {
    const own = expected.standing.value
    return own?.run.modelId === subject().run?.modelId ? (own?.list ?? []) : []
  })
  const tokenOf = (id: number): Token =>
    listed.value.find(({ token }) => token.id === id)?.token ?? idToken(id)
  /** What is expected there, with what each stands for. */
  const candidates = computed(() => {
    const { a, b = null } = asked.value ?? {}
    // One alone is marked as chosen: it needs no letter.
    const note = (id: number) => (b === null ? '' : id === a ? 'A' : id === b ? 'B' : '')
    return listed.value.map(({ token, probability }) => ({
      ...{ id: token.id, token, weight: probability, note: note(token.id) }
    }))
  })
  function choose(which: 'token' | 'other', token: Pick<Token, 'id' | 'piece'> | null): void {
    const { fingerprint: of = '' } = subject().model ?? {}
    options[which] = token && { id: token.id, piece: token.piece, of }
  }
  /** The token where the position is; null of a text as a whole. */
  const place = computed(() => {
    const { run, model } = subject()
    const token = run?.tokens[position.value]
    return model?.ofText || !token ? null : { position: position.value, token }
  })
  return { missing, position, place, expected, asked, tokenOf, candidates, choose }
}
