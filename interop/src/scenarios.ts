import type { Member, Operation, Plan } from './plan.ts'

const ours = (...ids: number[]): Member[] => ids.map((id) => ({ id, kind: 'ours' }))
const theirs = (...ids: number[]): Member[] => ids.map((id) => ({ id, kind: 'theirs' }))

const add = (by: number, ...members: Member[]): Operation => ({ type: 'commit', by, add: members, remove: [] })
const update = (by: number): Operation => ({ type: 'commit', by, add: [], remove: [] })
const remove = (by: number, ...ids: number[]): Operation => ({ type: 'commit', by, add: [], remove: ids })
const talk = (by: number): Operation => ({ type: 'talk', by })

/** Plans written by hand: what everybody does, and what an engine is known to have got wrong. Member 1 founds the group. */
export const scenarios: Readonly<Record<string, Plan>> = {
  'ours in a group of theirs': {
    founder: 'theirs',
    operations: [
      add(1, ...ours(2)),
      talk(1),
      talk(2),
      update(1),
      update(2),
      add(2, ...ours(3)),
      add(3, ...theirs(4)),
      add(1, ...ours(5, 6, 7, 8, 9)),
      update(4),
      remove(2, 3),
      remove(1, 6),
      remove(4, 7, 8),
      talk(9),
    ],
  },
  'theirs in a group of ours': {
    founder: 'ours',
    operations: [
      add(1, ...theirs(2)),
      talk(1),
      talk(2),
      update(2),
      update(1),
      add(2, ...theirs(3)),
      add(2, ...ours(4)),
      add(3, ...theirs(5), ...ours(6)),
      remove(4, 3),
      remove(2, 5),
      remove(6, 2, 4),
      add(1, ...theirs(7)),
      talk(7),
    ],
  },
  // RFC 9420 section 12.4.3.1: ancestors list different unmerged leaves. Published ts-mls 1.6.4 refuses such a tree (V2).
  'adds and updates between each other': {
    founder: 'theirs',
    operations: [
      add(1, ...ours(2, 3, 4, 5, 6, 7)),
      remove(5, 2),
      add(5, ...ours(8)),
      add(5, ...ours(9)),
      add(9, ...theirs(10)),
      update(1),
      add(8, ...ours(11), ...theirs(12)),
      update(9),
      add(12, ...ours(13)),
    ],
  },
  'whoever comes in by an external commit': {
    founder: 'theirs',
    operations: [
      add(1, ...ours(2)),
      { type: 'enter', member: { id: 3, kind: 'theirs' }, info: 2 },
      { type: 'enter', member: { id: 4, kind: 'ours' }, info: 2 },
      { type: 'enter', member: { id: 5, kind: 'ours' }, info: 1 }, // V3
      { type: 'enter', member: { id: 6, kind: 'theirs' }, info: 3 },
      update(5),
      update(6),
      remove(4, 1),
      remove(6, 2),
    ],
  },
  'proposals by reference': {
    founder: 'ours',
    operations: [
      add(1, ...theirs(2), ...ours(3, 4)),
      { type: 'propose', by: 1, add: ours(5), remove: [], committer: 2 },
      { type: 'propose', by: 3, add: theirs(6), remove: [4], committer: 2 },
      { type: 'propose', by: 5, add: [], remove: [2], committer: 5 },
      { type: 'propose', by: 5, add: ours(7), remove: [], committer: 6 },
      { type: 'propose', by: 1, add: ours(8), remove: [6], committer: 3 },
      add(8, ...theirs(9)),
    ],
  },
  'other extensions beside a removal': {
    founder: 'ours',
    operations: [
      add(1, ...theirs(2), ...ours(3, 4)),
      { type: 'commit', by: 1, add: [], remove: [4], withExtensions: true }, // V4
      { type: 'commit', by: 3, add: ours(5), remove: [], withExtensions: true, withPath: true },
      update(2),
    ],
  },
  // Whoever is removed and whose leaf another takes in the same commit (V7).
  'a leaf that is used again': {
    founder: 'theirs',
    operations: [
      add(1, ...ours(2, 3), ...theirs(4)),
      { type: 'commit', by: 2, add: ours(5), remove: [3] },
      { type: 'commit', by: 5, add: theirs(6), remove: [4] },
      { type: 'commit', by: 2, add: [...ours(7), ...theirs(8)], remove: [1, 5] },
      update(8),
      update(7),
    ],
  },
}
