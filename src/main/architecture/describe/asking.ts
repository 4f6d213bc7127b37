import type { Answers, Question, StatedFact } from '#common/model/describe-reading.ts'
import type { StatedAnswers } from './stated.ts'

/** One way to answer. */
export interface Option<T extends string> {
  readonly value: T
  readonly text: string
  readonly note?: string
}

interface Asked {
  readonly id: string
  readonly label: string
  readonly help: string
  readonly basis: Question['basis']
}

/**
 * Asks what the tensors do not say; takes the user's answer where there is one, else the likeliest. What a file says is not
 * asked, unless the user says otherwise.
 */
export interface Asking {
  /** Every question asked so far. */
  readonly questions: Question[]
  /** What was not asked, for a file says it. */
  readonly stated: StatedFact[]
  /** What a file says; it counts as stated once it is `settled`. */
  readonly says: StatedAnswers
  settled(fact: StatedFact): void
  /** @param options the likeliest first */
  choice<T extends string>(asked: Asked, options: readonly Option<T>[]): T
  number(asked: Asked, fallback: number, fits: (value: number) => boolean): number
  yes(asked: Asked, fallback: boolean): boolean
  /** The given answer to a question that need not be asked; undefined when there is none. */
  given(id: string): string | undefined
}

export function askingWith(answers: Answers, says: StatedAnswers): Asking {
  const questions: Question[] = []
  const stated: StatedFact[] = []
  const given = (id: string) => (Object.hasOwn(answers, id) ? answers[id] : undefined)

  function choice<T extends string>(asked: Asked, options: readonly Option<T>[]): T {
    // What holds for all blocks is asked once.
    const before = questions.find(({ id }) => id === asked.id)
    if (before !== undefined) return before.value as T
    const said = says.of(asked.id)
    const saidOption = options.find(({ value }) => value === said?.value)
    if (
      said !== null &&
      saidOption !== undefined &&
      [undefined, said.value].includes(given(asked.id))
    ) {
      settled({ label: asked.label, text: saidOption.text, field: said.field })
      return saidOption.value
    }
    const answer = options.find(({ value }) => value === given(asked.id))?.value
    const value = answer ?? options[0]!.value
    const answered = answer !== undefined
    questions.push({ ...asked, kind: 'choice', options: [...options], value, answered })
    return value
  }

  function settled(fact: StatedFact): void {
    if (!stated.some(({ label }) => label === fact.label)) stated.push(fact)
  }

  const numberOf = (asked: string) => Number(questions.find(({ id }) => id === asked)!.value)

  return {
    questions,
    stated,
    says,
    settled,
    given,
    choice,
    number(asked, fallback, fits) {
      if (questions.some(({ id }) => id === asked.id)) return numberOf(asked.id)
      const said = says.of(asked.id)
      const text = given(asked.id)?.trim()
      if (said !== null && fits(Number(said.value)) && [undefined, said.value].includes(text)) {
        settled({ label: asked.label, text: said.value, field: said.field })
        return Number(said.value)
      }
      const answered = text !== undefined && text !== '' && fits(Number(text))
      const number = answered ? Number(text) : fallback
      questions.push({ ...asked, kind: 'number', options: [], value: numberText(number), answered })
      return number
    },
    yes(asked, fallback) {
      const options: Option<'yes' | 'no'>[] = [
        { value: 'yes', text: 'Yes' },
        { value: 'no', text: 'No' }
      ]
      return choice(asked, fallback ? options : options.toReversed()) === 'yes'
    }
  }
}

/** 0.00001 as 1e-5, as people write it. */
function numberText(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value)
}
