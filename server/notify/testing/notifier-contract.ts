import { expect, test } from 'vitest'
import { InvalidInputError } from '../../kernel/errors.ts'
import type { Notifier, Surroundings } from '../notifier.ts'
import { sampleNotice } from './notices.ts'

/** One way to the other side of a notifier under test, and what has arrived there. */
export type NotifierBench = {
  notifier: Notifier
  /** Good settings, which reach the other side. */
  config: () => Record<string, unknown>
  /** Words of the settings that must not be shown. */
  secrets: string[]
  /** All that has arrived, as text. */
  arrived: () => string[]
  /** Makes the other side turn the next message down. */
  refuseNext: () => void
}

export const surroundings: Surroundings = {
  baseUrl: 'https://infrasage.example',
  now: new Date('2026-03-02T09:00:01.000Z'),
  privateHosts: ['127.0.0.1'],
}

/** What every notifier promises; run it inside a `describe` of its own. */
export function notifierContract(bench: () => NotifierBench): void {
  const deliver = (reach = surroundings) => {
    const { notifier, config } = bench()
    return notifier.deliver(sampleNotice(), notifier.parseConfig(config()), reach)
  }

  test('delivers the title, the text and a link to the page, once for each call', async () => {
    const before = bench().arrived().length
    await deliver()
    const arrived = bench().arrived()
    expect(arrived.length).toBe(before + 1)
    expect(arrived.at(-1)).toContain('9 replicas')
    expect(arrived.at(-1)).toContain('Proposal #7 waits')
    expect(arrived.at(-1)).toContain('https://infrasage.example/inbox?proposal=6a0e3c0e')
  })

  test('carries nothing that decides: no form, no button, no address of the API', async () => {
    await deliver()
    expect(bench().arrived().at(-1)).not.toMatch(/<form|"actions"|"button"|\/api\/trpc|\/approve/i)
  })

  test('says so when the other side turns a message down', async () => {
    bench().refuseNext()
    await expect(deliver()).rejects.toMatchObject({ name: 'NotTakenError' })
  })

  test('does not connect to a private address that is not listed', async () => {
    const before = bench().arrived().length
    await expect(deliver({ ...surroundings, privateHosts: [] })).rejects.toThrow(/private address/)
    expect(bench().arrived().length).toBe(before)
  })

  test('names a setting that is wrong, and shows no secret', () => {
    const { notifier, config, secrets } = bench()
    expect(() => notifier.parseConfig({ ...config(), surplus: 1 })).toThrow(InvalidInputError)
    expect(() => notifier.parseConfig({})).toThrow(InvalidInputError)
    const shown = notifier.destinationOf(notifier.parseConfig(config()))
    expect(shown).not.toBe('')
    for (const secret of secrets) expect(shown).not.toContain(secret)
  })
}
