/** A worker thread: turns one figure into a file. */
import { answerCalls } from '../threads/answer.ts'
import { movable } from '../threads/movable.ts'
import { figureFile } from './figure-file.ts'
import type { FigureCalls } from './figure-files.ts'

answerCalls<FigureCalls>({ file: figureFile }, ({ bytes }) => movable(bytes))
