import { expect, it } from 'vitest'
import { clustersOf, leavesOf, wardLinkage } from '#common/analysis/head-distances/ward-linkage.ts'

/** What SciPy 1.17 gives of distances [n, n] that are often equal: linkage, dendrogram, fcluster of at most three. */
const references = [
  {
    distances: Array.from({ length: 36 }, (_, i) => (i % 7 === 0 ? 0 : 1)),
    merges: [...[4, 5, 1, 2], ...[0, 1, 1, 2], ...[2, 7, 1, 3], ...[3, 8, 1, 4], ...[6, 9, 1, 6]],
    leaves: [4, 5, 3, 2, 0, 1],
    clusters: [1, 1, 1, 1, 1, 1]
  },
  {
    distances: [
      ...[0, 3, 1, 2, 2, 3],
      ...[3, 0, 2, 3, 3, 2],
      ...[1, 2, 0, 1, 1, 3],
      ...[2, 3, 1, 0, 1, 3],
      ...[2, 3, 1, 1, 0, 3],
      ...[3, 2, 3, 3, 3, 0]
    ],
    merges: [
      ...[0, 2, 1, 2],
      ...[3, 4, 1, 2],
      ...[1, 5, 2, 2],
      ...[6, 7, 2, 4],
      ...[8, 9, 4.203173404306163, 6]
    ],
    leaves: [1, 5, 0, 2, 3, 4],
    clusters: [2, 1, 2, 2, 2, 1]
  },
  {
    distances: [0, 9, 5, 13, 9, 0, 8, 4, 5, 8, 0, 4, 13, 4, 4, 0].map(Math.sqrt),
    merges: [2, 3, 2, 2, 1, 4, 2.581988897471611, 3, 0, 5, 3.2914029430219163, 4],
    leaves: [0, 1, 2, 3],
    clusters: [3, 2, 1, 1]
  }
]

it.each(references)('joins, orders and cuts as SciPy does %#', reference => {
  const n = Math.sqrt(reference.distances.length)
  const merges = wardLinkage(reference.distances, n)
  const told = merges.flatMap(({ first, second, height, size }) => [first, second, height, size])
  expect(told).toEqual(reference.merges.map(number => expect.closeTo(number, 12) as number))
  expect(leavesOf(merges, n)).toEqual(reference.leaves)
  expect([...clustersOf(merges, n, 3)]).toEqual(reference.clusters)
  expect([...clustersOf(merges, n, n)]).toEqual([...merges.keys(), n - 1].map(i => i + 1))
})
