import { idToken, type Token } from '#common/model/token.ts'
import { exactCount } from '#common/text/number-text.ts'
import { countedFromZero } from '#common/text/rank-text.ts'
import { quotedToken } from '#common/text/token-text.ts'
import type { LensCell } from './lens-cell.ts'

/** What one cell says, in a line. */
export function cellText(
  place: { readonly title: string; readonly position: number; readonly token: Token | null },
  { top, kl, target }: LensCell,
  {
    known,
    target: chosen
  }: { readonly known: ReadonlyMap<number, Token>; readonly target: number | null },
  number: (value: number) => string
): string {
  const sought = chosen === null ? 'next' : 'looked for'
  const named = (id: number) => quotedToken(known.get(id) ?? idToken(id))
  const { title, position, token } = place
  const [first] = top
  const at = token === null ? title : `${title} at ${position} ${quotedToken(token)}`
  const said = [
    ...(first ? [`${named(first.id)} ${number(first.probability)}`] : []),
    ...(target
      ? [
          `${sought} ${named(target.id)} ${number(target.probability)}, rank ${exactCount(target.rank)}, ${countedFromZero}`
        ]
      : []),
    `KL ${number(kl)} nats`
  ]
  return `${at}: ${said.join('; ')}`
}
