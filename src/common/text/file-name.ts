import { cutTitle } from './figure-title.ts'
import { upToBytes } from './text-bytes.ts'
import { visibleText } from './visible-text.ts'

/** Windows keeps these names for devices, whatever follows a dot. */
const devices = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i

/** Bytes that a title may take: file systems take 255, and an ending follows. */
const mostBytes = 120

/**
 * The name of a file for what a title says: one that every system takes, that LaTeX takes as it is (`^^5c` is a backslash to
 * it), and that stays in the folder it is saved to. Titles hold names from model folders, which may be anything.
 * @param extension without its dot
 */
export function fileName(title: string, extension: string): string {
  return `${folderName(title)}.${extension}`
}

/**
 * The name of a file of a figure or of its numbers, alike for all of them: letters and digits of any script, small ones, and Latin ones
 * without accents, without spaces and with one dot, as a TeX document shows it.
 */
export function figureFileName(title: string, extension: string): string {
  const letters = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/(?<![\p{L}\p{M}])\p{M}+|(?<=\p{Script=Latin})\p{M}+/gu, '')
    .normalize('NFC')
    .replace(/[^\p{L}\p{M}\p{Nd}_·]+/gu, ' ')
  const plain = cutTitle(letters, mostBytes)
    .replace(/[^\p{L}\p{M}\p{Nd}_]+/gu, '-')
    .replace(/^-|-$/g, '')
  return fileName(plain, extension)
}

/** The same of a folder, which has no ending. */
export function folderName(title: string): string {
  const plain = cutTitle(visibleText(title.normalize('NFC').toWellFormed()), mostBytes)
    .replace(/[\\/:*?"<>|%#^{}]+/g, '-')
    .replace(/\s+/g, ' ')
  const bare = upToBytes(plain.replace(/^[-. ]+/, ''), mostBytes).replace(/[-. ]+$/, '')
  const name = bare === '' ? 'figure' : bare
  return `${devices.test(name) ? '_' : ''}${name}`
}
