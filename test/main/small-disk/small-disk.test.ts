import { describe, expect, it } from 'vitest'
import { hasSmallDisks, onSmallDisk } from './small-disk.ts'

describe.runIf(hasSmallDisks)('where the disk is full (left out where a test has none)', () => {
  it('a session stays as it was, whichever block there is no room for, and is saved once there is', () => {
    const said = onSmallDisk('size=1m', 'save-session.ts') as { blocks: number; needed: number }
    expect(said).toMatchObject({
      ...{ lock: 'held', other: 'taken', window: { tabs: ['other'] } },
      told: ['file-unwritable: a.lamella: the disk is full; .a.lamella.lock a.lamella filler']
    })
    expect(said.blocks).toBe(said.needed)
    expect(said.needed).toBeGreaterThan(40)
  })

  it('a session of an earlier version stays where there is no room for what is kept of it', () => {
    // Without room for the file, then for a second name of the one that it takes the place of.
    expect(onSmallDisk('size=1m,nr_inodes=32', 'save-over-earlier.ts')).toEqual({
      told: [
        'file-unwritable: /a.lamella: the disk is full; a.lamella',
        'file-unwritable: a.lamella: the disk is full; a.lamella'
      ],
      isKept: true,
      window: { tabs: ['other'] }
    })
  })

  it('a window and the list of recent sessions stay as they were, and are saved once there is room', () => {
    const refused = 'file-unwritable: workspace.json: the disk is full; before'
    expect(onSmallDisk('size=8m', 'save-window.ts')).toEqual({
      remembered: [['first'], ['second', 'first']],
      told: [refused, refused, refused, 'after'],
      beside: []
    })
  })

  it('figures, numbers and reports stay as they were, and are written once there is room', () => {
    const as = (ending: string) => [
      `/a.${ending}: the disk is full (Free some space and try again.)`,
      'written'
    ]
    expect(onSmallDisk('size=8m', 'export.ts')).toEqual({
      told: { svg: as('svg'), pdf: as('pdf'), npz: as('npz'), report: as('pdf') },
      beside: []
    })
  })
})

describe.runIf(hasSmallDisks)(
  'where nothing can be written (left out where a test has no disk)',
  () => {
    it('a session says so as it is opened and saved, and a figure as it is written, until that can be', () => {
      expect(onSmallDisk('size=4m', 'write-nothing.ts')).toEqual({
        readOnly: 'The file may not be written',
        told: [
          'file-unwritable: a.lamella: cannot be saved here: the file may not be written',
          'file-unwritable: b.lamella: cannot be saved here: nothing can be written in its folder',
          '/a.svg: the disk is read-only (Choose a folder that can be written.)'
        ],
        isSame: true,
        then: [null, null, null],
        left: ['a.lamella', 'a.svg']
      })
    })
  }
)
