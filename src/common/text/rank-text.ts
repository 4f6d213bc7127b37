/** The rank of a token, or of what is named, as it is said wherever one is seen: the most probable has 0. */
export function rankName(of = ''): string {
  return `${of === '' ? 'rank' : `rank of ${of}`}, ${countedFromZero}`
}

export const countedFromZero = 'counted from 0'
