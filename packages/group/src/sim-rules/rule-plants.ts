/** A mistake in the rules: text of a file under `src/rules` and what stands there instead. */
export interface RulePlant {
  readonly name: string
  readonly file: string
  readonly find: string
  readonly replace: string
}

/** One mistake for each clause that a world can show to be needed. Clauses that need a certain order of things have tests of their own. */
export const RULE_PLANTS: readonly RulePlant[] = [
  {
    name: 'noStrongRemoval',
    file: 'intents.ts',
    find: 'restsOnValid(node, valid) && !isBound(removals, node)',
    replace: 'restsOnValid(node, valid)',
  },
  {
    name: 'lateCommitsCount',
    file: 'tip.ts',
    find: 'isCommitBound(membership.removals, node, own)',
    replace: 'false && own',
  },
  {
    name: 'voidRemovalsExecuted',
    file: 'tip.ts',
    find: 'epoch.removed.some((leaf) => desired.has(leaf))',
    replace: 'desired.size < 0',
  },
  {
    name: 'deadTips',
    file: 'tip.ts',
    find: 'tree.some(({ device }) => membership.leaves.has(device))',
    replace: 'tree.length > 0',
  },
  {
    name: 'forksForgiven',
    file: 'facts.ts',
    find: 'if (node.breaksChain || members.twinsOf(node).length > 1)',
    replace: 'if (false)',
  },
  {
    name: 'forkedThingsCount',
    file: 'forks.ts',
    find: 'if (from === undefined || node',
    replace: 'if (from !== -1 || node',
  },
  { name: 'forkedDevicesStay', file: 'membership.ts', find: '!forked.has(device) && ', replace: 'forked && ' },
  { name: 'nothingFrozen', file: 'intents.ts', find: 'hasBit(lock.node.past, node.index) || ', replace: '' },
  { name: 'noMarks', file: 'facts.ts', find: 'best = betterPath(best, lock)', replace: 'best = mark' },
  {
    name: 'forkedDevicesLock',
    file: 'facts.ts',
    find: ' && thing.seq < (forks.get(thing.device) ?? Infinity)',
    replace: '',
  },
  { name: 'forkedDevicesAgree', file: 'finality.ts', find: ' || forks.has(device)', replace: '' },
  { name: 'anybodyIsSilent', file: 'silence.ts', find: 'if (!isMajority(at.voters, yes)) return false', replace: '' },
  {
    name: 'devicesVote',
    file: 'voters.ts',
    find: '2 * all.filter(says).length',
    replace: '9 * all.filter(says).length',
  },
  {
    name: 'unmarkedForgiven',
    file: 'silence.ts',
    find: ' || (isFrom(agreed, about) && !hasShown(facts, device, about))',
    replace: ' && agreed.depth >= 0 && hasShown !== undefined',
  },
  {
    name: 'namedByAnything',
    file: 'finality.ts',
    find: 'isFrom(last.tip, epoch) && isFrom(held.tip, epoch)',
    replace: 'isFrom(last.tip, epoch)',
  },
  {
    name: 'juniorsRemove',
    file: 'well-formed.ts',
    find: 'return compareRank(seat.rank, target.rank) < 0',
    replace: 'return true',
  },
  { name: 'membersRule', file: 'well-formed.ts', find: 'if (seat.rank === undefined) return false', replace: '' },
  {
    name: 'removedForGood',
    file: 'removals.ts',
    find: "r.body.kind !== 'demote' && !hasBit(grant.past, r.index)",
    replace: "r.body.kind !== 'demote' && grant !== r",
  },
  { name: 'noComplaints', file: 'tip.ts', find: 'if (stuck.length === 0)', replace: 'if (stuck.length >= 0)' },
  { name: 'anybodyComplains', file: 'tip.ts', find: 'return stuck.some(isSenior) ||', replace: 'return true ||' },
  {
    name: 'anyTree',
    file: 'well-formed.ts',
    find: 'change !== undefined && isChange(change, body)',
    replace: 'change !== undefined',
  },
  { name: 'oldYesCounts', file: 'well-formed.ts', find: '!isUsed && ', replace: '' },
  {
    name: 'voidRanksCount',
    file: 'intents.ts',
    find: 'cap === undefined || isPersonal(body) || hasBit(valid, cap.index)',
    replace: 'true',
  },
  { name: 'voidRanksVoidAll', file: 'intents.ts', find: 'isPersonal(body) || ', replace: '' },
  { name: 'voidAddsVoidLeaves', file: 'intents.ts', find: "if (body.kind === 'leave') return true", replace: '' },
  {
    name: 'voidAddsCount',
    file: 'intents.ts',
    find: 'if (add === undefined || !hasBit(valid, add.index)) return false',
    replace: '',
  },
  { name: 'removalsVoidLeaves', file: 'removals.ts', find: " || node.body.kind === 'leave'", replace: '' },
  { name: 'revokedReturn', file: 'membership.ts', find: '!gone.has(device) && ', replace: '' },
  { name: 'staleStay', file: 'membership.ts', find: ' && !ofLeaf.has(leaf)', replace: '' },
  {
    name: 'youngerRevoke',
    file: 'well-formed.ts',
    find: 'return body.device === thing.device || compareAge(own, other) < 0',
    replace: 'return true',
  },
  {
    name: 'finalWhenAgreed',
    file: 'analysis.ts',
    find: 'final: finalIn(facts, agreed, first)',
    replace: 'final: agreed',
  },
  {
    name: 'ownLeafReplaced',
    file: 'change.ts',
    find: '(leaf.device === device ? own : leaf)',
    replace: 'leaf',
  },
  {
    name: 'staleCommitNever',
    file: 'removals.ts',
    find: 'isUnknownTo(removal, node) && !isBack',
    replace: 'isUnknownTo(removal, node) && (isBack || !isBack)',
  },
  { name: 'demotedRule', file: 'removals.ts', find: "if (removal.body.kind !== 'demote') return", replace: 'return' },
  {
    name: 'digestOrder',
    file: 'tip.ts',
    find: 'Number(a.removed.length === 0) - Number(b.removed.length === 0) ||',
    replace: 'compareText(left.id, right.id) ||',
  },
  {
    name: 'anyPath',
    file: 'tip.ts',
    find: 'compareSiblings(ancestorAt(a, depth), ancestorAt(b, depth)) < 0',
    replace: 'a.depth > b.depth',
  },
  {
    name: 'grantsBeforeAdd',
    file: 'membership.ts',
    find: 'if (add === undefined || (add',
    replace: 'if (add === undefined || (add === undefined && add',
  },
  {
    name: 'outsideChain',
    file: 'judge.ts',
    find: 'prev === undefined ? thing.seq === 1 : prev.thing.device === thing.device && prev.thing.seq + 1 === thing.seq',
    replace: 'thing.seq > 0',
  },
  { name: 'lostCount', file: 'removals.ts', find: 'isByLost(recovers, node) || ', replace: '' },
  { name: 'lostStay', file: 'membership.ts', find: 'gone.add(leaf.device)', replace: 'gone.delete(leaf.device)' },
  {
    name: 'oldStatementsCount',
    file: 'well-formed.ts',
    find: 'known.every((other) => other < number)',
    replace: 'number >= 0',
  },
  { name: 'spokenBefore', file: 'well-formed.ts', find: 'facts.latest.has(thing.device) || ', replace: '' },
  { name: 'recoversBound', file: 'removals.ts', find: "if (node.body.kind === 'recover') return false", replace: '' },
  {
    name: 'recoversJudgedByRank',
    file: 'intents.ts',
    find: 'Number(isRecover(b)) - Number(isRecover(a)) ||',
    replace: '',
  },
  { name: 'recoversNeedAnAdd', file: 'intents.ts', find: "if (body.kind === 'recover') return true", replace: '' },
  {
    name: 'lostKeepOut',
    file: 'recovery.ts',
    find: 'own === undefined || hasBit(past, own.index)',
    replace: 'own === undefined || past.length >= 0',
  },
  {
    name: 'earlierRecoversTake',
    file: 'recovery.ts',
    find: 'latestFirst.slice(0, known)',
    replace: 'latestFirst.filter((one) => !hasBit(past, one.index))',
  },
  { name: 'recoversByIdOnly', file: 'recovery.ts', find: 'numberOf(a) - numberOf(b) || ', replace: '' },
]
