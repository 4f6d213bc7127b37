import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { namedFile } from '../../../../src/main/files/folder.ts'
import { withFile } from '../../../../src/main/files/open-file.ts'
import { textPiece } from '../../../../src/main/workbench/analysis/text-pieces.ts'

async function pieces(text: string): Promise<string[]> {
  const path = join(mkdtempSync(join(tmpdir(), 'lamella-pieces-')), 'text.txt')
  writeFileSync(path, text)
  return withFile(await namedFile(path), async file => {
    const found: string[] = []
    for (let start = 0; start < file.size;) {
      const piece = await textPiece(file, start)
      found.push(piece.text)
      start = piece.end
    }
    return found
  })
}

it.each(['a', 'é', '语', '𝄞'])(
  'words of %s without an end are cut between characters',
  async letter => {
    for (const before of ['', 'a', 'aa', 'aaa']) {
      const text = before + letter.repeat(9000)
      const found = await pieces(text)
      expect(found.join('')).toBe(text)
      // As much as goes into a piece, but for a character.
      if (letter !== 'a') expect(Buffer.byteLength(found[0]!)).toBeGreaterThan(2 ** 14 - 4)
    }
  }
)
