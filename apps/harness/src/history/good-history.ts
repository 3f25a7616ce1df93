import type { Entry } from './entry.ts'
import { Script } from './script.ts'

// Histories in which all is well, for tests that plant something into them.

/** Two people, a relay, four messages, three kills. */
export function goodHistory(): Entry[] {
  const on = new Script('pair')
  on.setUp('Alice', 'Bob')
  for (const who of ['Alice', 'Bob']) on.roster(who, 'Alice', 'Bob')
  on.say('a1')
  on.state('a1', 'sent')
  on.hear('Bob', 'a1')
  on.state('a1', 'delivered')
  on.list('Bob', 'a1 received')
  on.say('b1') // has seen a1
  on.hear('Alice', 'b1')
  on.state('b1', 'delivered')
  on.add('Bob', { type: 'gone', signal: 'SIGKILL' })
  on.say('a2') // has seen b1
  on.state('a2', 'sent')
  on.add('Alice', { type: 'gone', signal: 'SIGKILL' })
  on.add('relay', { type: 'gone', signal: 'SIGKILL' })
  on.add('relay', { type: 'start', kind: 'relay' })
  on.add('Bob', { type: 'start', kind: 'terminal' })
  on.do('Bob', 'sync')
  on.hear('Bob', 'a2')
  on.list('Bob', 'a1 received', 'b1 delivered', 'a2 received')
  on.add('Alice', { type: 'start', kind: 'terminal' })
  on.state('a2', 'delivered')
  on.do('Bob', 'read')
  on.state('a2', 'read')
  on.say('a3')
  on.hear('Bob', 'a3')
  on.state('a3', 'delivered')
  on.list('Alice', 'a1 read', 'b1 received', 'a2 read', 'a3 delivered')
  on.list('Bob', 'a1 read', 'b1 delivered', 'a2 read', 'a3 received')
  for (const who of ['Alice', 'Bob']) on.roster(who, 'Alice', 'Bob')
  return on.entries
}

/** A group to which one comes late and which another one has to leave. */
export function goodGroupHistory(): Entry[] {
  const on = new Script('group')
  on.setUp('Alice', 'Bob', 'Carol')
  on.do('Alice', 'group create', { title: 'title', member: ['bob'] })
  on.do('Bob', 'accept')
  for (const who of ['Alice', 'Bob']) on.roster(who, 'Alice owner', 'Bob')
  on.say('a1')
  on.hear('Bob', 'a1')
  on.state('a1', 'delivered')
  on.do('Alice', 'group add', { account: 'carol' })
  on.do('Carol', 'accept')
  on.do('Alice', 'group role', { account: 'carol', role: 'admin' })
  for (const who of ['Alice', 'Bob', 'Carol']) on.roster(who, 'Alice owner', 'Bob', 'Carol admin')
  on.say('c1')
  on.hear('Alice', 'c1')
  on.hear('Bob', 'c1')
  on.state('c1', 'delivered')
  on.say('a2')
  on.hear('Bob', 'a2')
  on.hear('Carol', 'a2')
  on.state('a2', 'delivered')
  on.do('Alice', 'group remove', { account: 'bob' })
  on.say('b1') // nobody listens to it any more
  on.say('a3')
  on.hear('Carol', 'a3')
  on.state('a3', 'delivered')
  on.failToSay('b2')
  on.list('Alice', 'a1 delivered', 'c1 received', 'a2 delivered', 'a3 delivered')
  on.list('Bob', 'a1 received', 'c1 received', 'a2 received', 'b1 queued')
  on.list('Carol', 'c1 delivered', 'a2 received', 'a3 received')
  for (const who of ['Alice', 'Carol']) on.roster(who, 'Alice owner', 'Carol admin')
  on.roster('Bob', 'Alice owner', 'Carol admin')
  return on.entries
}

/** A pair in which one links a phone, reads on it, and revokes it. */
export function goodDevicesHistory(): Entry[] {
  const on = new Script('pair')
  on.setUp('Alice', 'Bob')
  for (const who of ['Alice', 'Bob']) on.roster(who, 'Alice', 'Bob')
  on.say('b1') // before there was a phone
  on.hear('Alice', 'b1')
  on.state('b1', 'delivered')
  on.link('Phone', 'Alice')
  on.say('p1')
  on.state('p1', 'sent')
  for (const who of ['Alice', 'Bob']) on.hear(who, 'p1')
  on.state('p1', 'delivered')
  on.say('b2')
  for (const who of ['Alice', 'Phone']) on.hear(who, 'b2')
  on.state('b2', 'delivered')
  on.list('Alice', 'b1 received', 'p1 sent', 'b2 received')
  on.do('Phone', 'read')
  on.state('b2', 'read')
  on.say('a1')
  for (const who of ['Bob', 'Phone']) on.hear(who, 'a1')
  on.state('a1', 'delivered')
  on.say('b3')
  for (const who of ['Alice', 'Phone']) on.hear(who, 'b3')
  on.state('b3', 'delivered')
  on.do('Alice', 'read')
  on.list('Alice', 'b1 read', 'p1 sent', 'b2 read', 'a1 delivered', 'b3 read')
  on.list('Bob', 'b1 read', 'p1 received', 'b2 read', 'a1 received', 'b3 delivered')
  on.list('Phone', 'p1 delivered', 'b2 read', 'a1 sent', 'b3 read')
  for (const who of ['Alice', 'Bob', 'Phone']) on.roster(who, 'Alice', 'Bob')
  return on.entries
}
