import { z } from 'zod'
import { CorpusInput } from './subject.ts'

const Reads = z.looseObject({ inputs: z.array(CorpusInput) })

/** Params with other texts, token ids and files in those that name such, which are read beside what a figure is of. */
export function withInputs(
  params: Readonly<Record<string, unknown>>,
  others: (inputs: readonly CorpusInput[]) => readonly CorpusInput[]
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => {
      const { data } = Reads.safeParse(value)
      return [name, data === undefined ? value : { ...data, inputs: others(data.inputs) }]
    })
  )
}

/** The texts, token ids and files that params name. */
export function inputsIn(params: Readonly<Record<string, unknown>>): CorpusInput[] {
  return Object.values(params).flatMap(value => Reads.safeParse(value).data?.inputs ?? [])
}
