/**
 * Where the middle of a piece's letters is, between the white space around them, as a share of its width. Drawn at its edges,
 * white space would stand on the sides that a text from left to right has it on.
 */
export function middleOfLetters(piece: string, fromRight: boolean): number {
  const [before, all] = [piece.length - piece.trimStart().length, piece.trim().length]
  const share = piece === '' ? 0.5 : (before + all / 2) / piece.length
  return fromRight ? 1 - share : share
}
