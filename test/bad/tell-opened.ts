/** Imported by a process under test: tells what it opens, a line each, in a file that a variable names. */
import { openSync, writeSync } from 'node:fs'
import { watchOpened } from '../fuzz/watch-files.ts'

const log = openSync(process.env.LAMELLA_TEST_OPENED!, 'a')
watchOpened(path => writeSync(log, `${path}\n`))
