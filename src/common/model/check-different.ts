import { LamellaError } from './errors.ts'

/** @throws LamellaError `invalid-argument` where a token is set against itself */
export function checkDifferent(token: number, other: number): void {
  if (token === other)
    throw new LamellaError(
      'invalid-argument',
      `token ${token} is set against itself, and there is no difference`
    )
}
