import { isOfAnotherMachine } from './other-machine.ts'

/** Why a model that a session speaks of cannot be had. */
export type Absence = 'missing' | 'changed'

/** That in words, after what is said to be so. */
export function absenceText(path: string, absence: Absence): string {
  if (absence === 'changed') return 'is another model now than the one of the session'
  return isOfAnotherMachine(path)
    ? 'lies on another machine, which is not asked before you are'
    : 'is not where it was'
}
