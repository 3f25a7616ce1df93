import { left, nodeWidth, parent, right, root, sibling, toNodeIndex } from 'ts-mls/treemath.js'
import { check } from './check.ts'

interface Vector {
  n_leaves: number
  n_nodes: number
  root: number
  left: (number | null)[]
  right: (number | null)[]
  parent: (number | null)[]
  sibling: (number | null)[]
}

export async function treeMath(vector: Vector): Promise<void> {
  const leaves = vector.n_leaves
  check(nodeWidth(leaves) === vector.n_nodes, 'n_nodes')
  check(root(leaves) === vector.root, 'root')
  const relations = {
    left: (node: number) => left(toNodeIndex(node)),
    right: (node: number) => right(toNodeIndex(node)),
    parent: (node: number) => parent(toNodeIndex(node), leaves),
    sibling: (node: number) => sibling(toNodeIndex(node), leaves),
  }
  for (const name of ['left', 'right', 'parent', 'sibling'] as const) {
    check(vector[name].length === vector.n_nodes, `length of ${name}`)
    for (const [node, expected] of vector[name].entries()) {
      check(orNull(() => relations[name](node)) === expected, `${name} of node ${node}`)
    }
  }
}

/** The library throws where a node has no such relation. */
function orNull(find: () => number): number | null {
  try {
    return find()
  } catch {
    return null
  }
}
