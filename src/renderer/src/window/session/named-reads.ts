import { z } from 'zod'
import { corpusNamed, type ItemRef } from '#common/model/library.ts'
import type { Tab } from '../../stores/tabs.ts'
import { ComparedTexts, itemOf } from '../../ui/compared-texts/compared-texts.ts'
import { viewOf } from '../../views/registry.ts'

/** A corpus by its name, or texts by their kind and name. */
const Read = z.union([z.string(), ComparedTexts])

/** What of the library a tab is set to read, by what it is called. */
export function readsOf({ type, context }: Pick<Tab, 'type' | 'context'>): ItemRef[] {
  const { options = {} } = context
  return readingOptions(type).flatMap(option => refOf(Read.safeParse(options[option]).data) ?? [])
}

/** A tab that reads the same under other names. */
export function readAs<T extends Pick<Tab, 'type' | 'context'>>(
  tab: T,
  nameOf: (ref: ItemRef) => string
): T {
  const { options = {} } = tab.context
  const renamed = readingOptions(tab.type).flatMap(option => {
    const read = Read.safeParse(options[option]).data
    const ref = refOf(read)
    if (read === undefined || ref === null) return []
    const name = nameOf(ref)
    return [[option, typeof read === 'string' ? name : { ...read, name }] as const]
  })
  if (renamed.length === 0) return tab
  return {
    ...tab,
    context: { ...tab.context, options: { ...options, ...Object.fromEntries(renamed) } }
  }
}

function refOf(read: z.output<typeof Read> | undefined): ItemRef | null {
  return typeof read === 'string' ? corpusNamed(read) : itemOf(read ?? null)
}

function readingOptions(type: string): readonly string[] {
  return viewOf(type)?.reads ?? []
}
