/** A worker thread: turns one figure, or a report, into a file. */
import { answerCalls } from '../threads/answer.ts'
import { movable } from '../threads/movable.ts'
import { figureFile } from './figure-file.ts'
import type { FigureCalls } from './figure-files.ts'
import { reportFile } from './report-file.ts'

answerCalls<FigureCalls>({ file: figureFile, report: reportFile }, ({ bytes }) => movable(bytes))
