/** A thread that reads a tree that HeadVis shows, or writes one. */
import { headVisFacts, headVisProfile } from '#common/analysis/head-sequences/headvis-profile.ts'
import { headFiles, scatterRows, treeFiles } from '#common/analysis/head-sequences/headvis-tree.ts'
import { answerCalls } from '../threads/answer.ts'
import type { HeadVisCalls } from './headvis-files.ts'
import { readHeadVis } from './read-tree.ts'
import { treeWriter, type TreeWriter } from './write-tree.ts'

/** Of the tree that is written. */
let writer: TreeWriter | null = null

function begun(): TreeWriter {
  if (writer === null) throw new Error('no tree has been begun')
  return writer
}

answerCalls<HeadVisCalls>({
  facts: async ({ path }) => headVisFacts((await readHeadVis(path)).config),
  async profile({ path, layer, head }) {
    const tree = await readHeadVis(path)
    const row = tree.rows.find(own => own.layer === layer && own.head === head)
    return headVisProfile(tree.config, row, await tree.head(layer, head))
  },
  begin({ folder }) {
    writer = treeWriter(folder)
  },
  heads: ({ sequences }) => begun().write(headFiles(sequences)),
  rest: ({ scores, facts, made }) => begun().write(treeFiles(scatterRows(scores), facts, made)),
  undo: () => begun().undo()
})
