import { computed } from 'vue'
import { chatRoles, rolesOfTokens } from '#common/model/chat.ts'
import { useLatest } from '../../reactive/use-latest.ts'
import type { ViewSubject } from '../../reactive/use-subject.ts'
import { useClient } from '../../stores/client.ts'
import type { TokensOptions } from './tokens-options.ts'

/** A dialogue as a subject's model renders it, and of which turn each of its tokens is. */
export function useDialogue(subject: () => ViewSubject, options: TokensOptions) {
  const asked = computed(() => {
    const { model } = subject()
    if (options.form !== 'dialogue' || !model?.tokenizer || options.turns.length === 0) return null
    const { turns, template, generationPrompt } = options
    return { modelId: model.id, request: JSON.stringify({ turns, template, generationPrompt }) }
  })
  const rendered = useLatest(
    () => asked.value,
    async ({ modelId, request }, signal) => {
      const { turns, ...rest } = JSON.parse(request) as Pick<
        TokensOptions,
        'turns' | 'template' | 'generationPrompt'
      >
      const found = await useClient().call(
        'text.chat',
        { modelId, request: { turns, ...rest } },
        { signal }
      )
      const roles = found.spans && rolesOfTokens(found.tokens, found.spans, turns)
      return { ...found, modelId, turns, generationPrompt: rest.generationPrompt, roles }
    }
  )
  /** The chat templates of the model, and the one that writes, also while turns are written anew; null before they are known. */
  const chat = computed(() => {
    const own = rendered.standing.value
    return own?.modelId === subject().model?.id ? own : null
  })
  return { ...rendered, chat }
}
export type Dialogue = NonNullable<ReturnType<typeof useDialogue>['value']['value']>

/** The colour that what a role says is marked with; others than the usual ones share one. */
export function roleColor(role: string): string {
  const at = (chatRoles as readonly string[]).indexOf(role)
  return `var(--run-${at === -1 ? chatRoles.length + 1 : at + 1})`
}

/** A stretch of a rendered text. */
export interface Stretch {
  readonly text: string
  /** Null of what the template put there. */
  readonly role: string | null
}

/** A rendered text cut where contents begin and end. */
export function stretchesOf({ text, spans, turns }: Dialogue): Stretch[] {
  let at = 0
  const stretches = (spans ?? []).flatMap(({ turn, start, end }) => {
    const before = { text: text.slice(at, start), role: null }
    at = end
    return [before, { text: text.slice(start, end), role: turns[turn]!.role }]
  })
  return [...stretches, { text: text.slice(at), role: null }].filter(own => own.text !== '')
}
