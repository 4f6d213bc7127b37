import { join } from 'node:path'
import { lamellaPaths } from '../src/main/shell/paths.ts'

const out = join(import.meta.dirname, '../out/main')

/** Where the parts of Lamella lie as users start them. Tests start these: what is built starts in half the time of its sources. */
export const built = lamellaPaths(out)

/** The module that a command runs, and a server. */
export const builtCommand = join(out, 'cli.js')
