import { computed, type ComputedRef } from 'vue'
import { unknownPieces } from '#common/text/unknown-text.ts'
import { useModels } from '../../stores/models.ts'
import { useRuns } from '../../stores/runs.ts'

/** What is to be said of the text, in one line. */
export interface TextNote {
  /** `problem`: it cannot run. `warning`: it runs, and not as it is written. */
  readonly kind: 'problem' | 'warning' | 'note'
  readonly text: string
}

const named = 3

/** The one thing that most needs to be said of what is typed; null where nothing does. */
export function useTextNote(): ComputedRef<TextNote | null> {
  const models = useModels()
  const runs = useRuns()

  return computed(() => {
    const { active } = models
    if (!active || active.notRunnable !== null) return null
    if (runs.tooLong) return problem(`${runs.notRunnable}. Shorten it to run it.`)
    const { tokenizeError } = runs
    // The view says of what is not there that nothing can be computed.
    if (tokenizeError && active.absent)
      return { kind: 'note', text: 'The session kept no run of this text.' }
    if (tokenizeError) {
      const { message, hint } = tokenizeError
      return problem([message, ...(hint === undefined ? [] : [hint])].map(asSentence).join(' '))
    }
    const problems = runs.typed?.problems ?? []
    if (problems.length > 0) return problem(shortened(problems, '; '))
    if (runs.refused !== null) return problem(asSentence(runs.refused))
    const unknown = unknownPieces(runs.text, runs.liveTokens)
    if (unknown !== null) return { kind: 'warning', text: unknown }
    if (active.tokenizer === null)
      return {
        kind: 'note',
        text: `${active.notTokenizable}. The model runs on token ids typed by hand.`
      }
    return null
  })
}

function problem(text: string): TextNote {
  return { kind: 'problem', text }
}

function shortened(all: readonly string[], between: string): string {
  const shown = all.slice(0, named).join(between)
  return all.length > named ? `${shown}${between}and ${all.length - named} more` : shown
}

function asSentence(words: string): string {
  return words.endsWith('.') ? words : `${words}.`
}
