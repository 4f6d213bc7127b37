import { z } from 'zod'
import { LamellaError } from './errors.ts'
import { isOfAnotherMachine } from './other-machine.ts'

/** Why a model that a session speaks of is stood in for: it cannot be had, or what was kept of it is to be seen in its place. */
export const Absence = z.enum([
  'missing',
  'unreadable',
  'changed',
  'retokenized',
  'doubtful',
  'aside'
])
export type Absence = z.infer<typeof Absence>

/** A model that is stood in for. */
export type Absent<Model> = Model & { readonly absent: Absence }

export function isAbsent<Model extends { readonly absent?: Absence | undefined }>(
  model: Model
): model is Absent<Model> {
  return model.absent !== undefined
}

/** Whether a model that is stood in for is looked for where its path says: it is not set aside, and no other machine would be told. */
export function isSought({
  path,
  absent
}: {
  readonly path: string
  readonly absent?: Absence | undefined
}): boolean {
  return absent !== 'aside' && !isOfAnotherMachine(path)
}

/** @throws LamellaError `not-found` where a path names another machine, which would be told who asks */
export function refuseOtherMachine(path: string): void {
  if (isOfAnotherMachine(path))
    throw new LamellaError('not-found', `${path}: ${absenceText(path, 'missing')}`)
}

/** What numbers of a model are that is stood in for, for whatever is made of them to say. */
export const keptText = 'as a session kept them, not computed anew'

/** That, and of what they are made where it is not of values as they were computed. */
export function keptNumbers(precision: 'float32' | 'float16'): string {
  return precision === 'float16' ? `${keptText}, of values kept as float16` : keptText
}

/** Why a model is stood in for, in a word or two. */
export const absenceWord: Readonly<Record<Absence, string>> = {
  missing: 'missing',
  unreadable: 'cannot be read',
  changed: 'changed',
  retokenized: 'tokenizer changed',
  doubtful: 'tokenizer not known',
  aside: 'set aside'
}

/** What there is to do for what the session did not keep, in words that follow on a condition. */
export function absenceStep(absence: Absence): string {
  return absence === 'aside' ? 'compute with the model again' : 'point to where the model is now'
}

/** Whether something is there in its place that is not what the session keeps, or is not known to be. */
export function isAnother(absence: Absence | undefined): boolean {
  return absence !== undefined && absence !== 'missing' && absence !== 'aside'
}

/** What opens the model itself that is there, in a few words; null where nothing is known to be. */
export function presentText({ absent }: { readonly absent?: Absence | undefined }): string | null {
  if (absent === 'aside') return 'Compute with it again'
  return isAnother(absent) ? 'Open what is there now' : null
}

/** That in words, after what is said to be so. */
export function absenceText(path: string, absence: Absence): string {
  if (absence === 'unreadable') return 'cannot be read'
  if (absence === 'changed') return 'is another model now than the one of the session'
  if (absence === 'retokenized') return 'has another tokenizer now than in the session'
  if (absence === 'doubtful')
    return 'may have another tokenizer now than in the session, which does not keep what the files held'
  if (absence === 'aside') return 'is set aside'
  return isOfAnotherMachine(path)
    ? 'lies on another machine, which is not asked before you are'
    : 'is not where it was'
}
